/** What the tests have a page do, in the browser: tfjs on its webgl backend, and this package from its sources. */
import * as tf from '@tensorflow/tfjs';
import {buildNetwork as buildPaperNetwork, type NetworkSize} from '../../examples/atari/network';
import {withReuse} from '../../src';
import {RollbackLog} from '../../src/engines/tfjs/memory/memory';
import {webglBackend} from '../../src/engines/tfjs/memory/webgl/backend';
import {webglMemory} from '../../src/engines/tfjs/memory/webgl/memory';
import {Region} from '../../src/region';
import {applyEdit, buildNetwork, type Edit, type NetworkSpec} from '../properties/networks';

/** How far results are from those of others, in shares of the largest value. */
export interface Distances {
  /** The wrapped model's own, frame by frame. */
  readonly model: number;
  /** A fresh engine's for the same frame. */
  readonly fresh: number;
}

const values = (tensor: unknown) => (tensor as tf.Tensor).dataSync<'float32'>().slice();

/** NaN where there is one, so that it fails every comparison. */
function distance(a: Float32Array, b: Float32Array): number {
  const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / largest;
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** Frames of one byte a value. */
function framesOf(base64: string, size: number): Float32Array[] {
  const bytes = bytesOf(base64);
  return Array.from({length: bytes.length / size}, (_, t) =>
    Float32Array.from(bytes.subarray(t * size, (t + 1) * size)),
  );
}

const engine = {engine: 'tfjs', policy: 'incremental'} as const;

function follow(model: tf.LayersModel, frames: Float32Array[], shape: number[]): Distances {
  const reuse = withReuse(model, engine);
  const fresh = withReuse(model, engine);
  let [worstModel, worstFresh] = [0, 0];
  for (const frame of frames) {
    tf.tidy(() => {
      const x = tf.tensor(frame, [1, ...shape]);
      const actual = values(reuse.predict(x));
      fresh.reset();
      worstModel = Math.max(worstModel, distance(actual, values(model.predict(x))));
      worstFresh = Math.max(worstFresh, distance(actual, values(fresh.predict(x))));
    });
  }
  reuse.dispose();
  fresh.dispose();
  return {model: worstModel, fresh: worstFresh};
}

/** Values whose bits are easily lost: both zeros, the smallest and the largest numbers, infinities. */
const HARD = [0, -0, 1e-45, -1.1e-38, 3.4e38, Infinity, -Infinity, 1 / 3];

const bitsOf = (floats: Float32Array) => [
  ...new Uint32Array(floats.buffer, floats.byteOffset, floats.length),
];

const memory = () => webglMemory(webglBackend()!);

/** A small network with a dense head, and frames of noise in which a few pixels change. */
function smallPlay() {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({inputShape: [24, 32, 3], filters: 6, kernelSize: 3, activation: 'relu'}),
      tf.layers.maxPooling2d({poolSize: 2}),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({units: 4}),
    ],
  });
  const pixels = Float32Array.from({length: 24 * 32 * 3}, (_, i) => Math.sin(i));
  const frame = (t: number) => {
    pixels[(37 * t) % pixels.length] = Math.cos(t);
    return tf.tensor4d(pixels.slice(), [1, 24, 32, 3]);
  };
  return {model, frame};
}

const medianOf = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1];

const page = {
  async start(flags: Record<string, boolean> = {}): Promise<string> {
    // The tests' browser draws on the CPU, which tfjs refuses by default.
    tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
    for (const [name, value] of Object.entries(flags)) tf.env().set(name, value);
    await tf.setBackend('webgl');
    await tf.ready();
    return tf.getBackend();
  },

  playRandom(spec: NetworkSpec, edits: Edit[]): Distances {
    const model = buildNetwork(spec, 'wasm');
    const frame = new Float32Array(spec.input[0] * spec.input[1] * spec.input[2]);
    const frames = edits.map((edit) => (applyEdit(frame, spec.input, edit), frame.slice()));
    const distances = follow(model, frames, spec.input);
    model.dispose();
    return distances;
  },

  playPaper(size: NetworkSize, clip: string): Distances {
    const model = buildPaperNetwork(size);
    const frames = framesOf(clip, size.height * size.width);
    const distances = follow(model, frames, [size.height, size.width, 1]);
    model.dispose();
    return distances;
  },

  /** The bits of hard values, and those after they went through a write, a gather and a copy. */
  moveBits(): {put: number[]; got: number[]; copied: number[]} {
    return tf.tidy(() => {
      const {allocate, write, gather, copy} = memory();
      const put = Float32Array.from([...HARD, ...HARD.map((value) => value / 2)]);
      const plane = {height: 5, width: 7, channels: 4};
      const slot = allocate(plane, 'float32');
      const pixels = Int32Array.of(2, 8, 9, 33);
      const changed = Region.empty(5, 7);
      write({slot, pixels, values: tf.tensor2d(put, [4, 4]), tolerance: null, changed, rollbackLog: null});
      const got = bitsOf(values(gather(slot.tensor, plane, pixels, 0)));
      const copied = bitsOf(values(gather(copy(slot.tensor), plane, pixels, 0)));
      slot.tensor.dispose();
      return {put: bitsOf(put), got, copied};
    });
  },

  /** A 3×4 plane of two channels, 1 where it was written, after a write and after it was taken back; and what it reads outside. */
  writeAndTakeBack(): {written: number[]; pixels: number[]; back: number[]; read: number[]} {
    return tf.tidy(() => {
      const {allocate, write, gather} = memory();
      const plane = {height: 3, width: 4, channels: 2};
      const slot = allocate(plane, 'float32');
      const rollbackLog = new RollbackLog();
      const changed = Region.empty(3, 4);
      const pixels = Int32Array.of(1, 6, 10, 10);
      write({slot, pixels, values: tf.ones([4, 2]), tolerance: null, changed, rollbackLog});
      // Downloaded in between: what tfjs keeps of that is out of date after the next write.
      const written = [...values(slot.tensor)];
      const read = [...values(gather(slot.tensor, plane, Int32Array.of(-1, 10, 0), -Infinity))];
      rollbackLog.rollback();
      const back = [...values(slot.tensor)];
      slot.tensor.dispose();
      return {written, pixels: [...changed.pixels()], back, read};
    });
  },

  /** The second channel of two pixels after a write within a tolerance of 1, and one that is not. */
  writeWithin(): number[] {
    return tf.tidy(() => {
      const {allocate, write, gather} = memory();
      const plane = {height: 2, width: 2, channels: 2};
      const slot = allocate(plane, 'float32');
      const pixels = Int32Array.of(0, 3);
      const changed = Region.empty(2, 2);
      const next = tf.tensor2d([0.5, 1, 0.5, NaN], [2, 2]);
      write({slot, pixels, values: next, tolerance: 1, changed, rollbackLog: null});
      const got = [...values(gather(slot.tensor, plane, pixels, 0))];
      slot.tensor.dispose();
      return got;
    });
  },

  /** The pixels of a 3×41 plane of two channels in which two frames differ, by their bits and by more than 0.5. */
  async compare(): Promise<{bits: number[]; over: number[]; soon: number[]}> {
    const previous = new Float32Array(3 * 41 * 2);
    const next = previous.slice();
    next[2 * 3] = 0.5;
    next[2 * 40 + 1] = 0.75;
    next[2 * 41] = -0;
    next[2 * 100 + 1] = NaN;
    previous[2 * 122] = next[2 * 122] = NaN;
    const plane = {height: 3, width: 41, channels: 2};
    const [a, b] = [previous, next].map((data) => tf.tensor(data, [1, 3, 41, 2]));
    const {now, soon} = memory().comparison!;
    const result = {
      bits: [...now(a, b, plane, 0).pixels()],
      over: [...now(a, b, plane, 0.5).pixels()],
      soon: [...(await soon(a, b, plane, 0)).pixels()],
    };
    tf.dispose([a, b]);
    return result;
  },

  /** What tfjs holds before, after some frames, after 200 more, and after all is disposed. */
  async leaks(): Promise<{tensors: number; bytes: number}[]> {
    const held = () => {
      const {numTensors, numBytesInGPU} = tf.memory() as tf.MemoryInfo & {numBytesInGPU: number};
      return {tensors: numTensors, bytes: numBytesInGPU};
    };
    const before = held();
    const {model, frame} = smallPlay();
    const reuse = withReuse(model, engine);
    const play = async (from: number, to: number) => {
      for (let t = from; t < to; t++) {
        const x = frame(t);
        const y = (t % 2 === 0 ? reuse.predict(x) : await reuse.predictAsync(x)) as tf.Tensor;
        y.dataSync();
        tf.dispose([x, y]);
      }
    };
    await play(0, 10);
    const some = held();
    await play(10, 210);
    const many = held();
    reuse.dispose();
    model.dispose();
    return [before, some, many, held()];
  },

  /** How far an episode's gradients are from those of the plain model on the same frames, at most of any weight. */
  train(): number {
    const {model, frame} = smallPlay();
    const reuse = withReuse(model, engine);
    const frames = [0, 1, 2, 3].map(frame);
    const loss = (outputs: tf.Tensor) => tf.mean(tf.square(tf.sub(outputs, 1))) as tf.Scalar;
    const episode = reuse.record();
    for (const x of frames) tf.dispose(reuse.predict(x));
    const {grads} = episode.valueAndGrads((outputs) => loss(outputs as tf.Tensor));
    const plain = tf.variableGrads(() => loss(model.predict(tf.concat(frames)) as tf.Tensor)).grads;
    const names = Object.keys(plain);
    const worst = names.map((name) => distance(values(grads[name]), values(plain[name])));
    tf.dispose([frames, grads, plain]);
    reuse.dispose();
    model.dispose();
    return names.length === 4 ? Math.max(...worst) : NaN;
  },

  /** How far asynchronous predictions are from synchronous ones. */
  async async(): Promise<number> {
    const {model, frame} = smallPlay();
    const [sync, soon] = [withReuse(model, engine), withReuse(model, engine)];
    let worst = 0;
    for (let t = 0; t < 5; t++) {
      const x = frame(t);
      const y = (await soon.predictAsync(x)) as tf.Tensor;
      const z = sync.predict(x) as tf.Tensor;
      worst = Math.max(worst, distance(values(y), values(z)));
      tf.dispose([x, y, z]);
    }
    [sync, soon, model].forEach((held) => held.dispose());
    return worst;
  },

  /** The error of a frame after the context is lost, and the distance of one after starting over. */
  async loseContext(): Promise<{error: string; after: number}> {
    const {model, frame} = smallPlay();
    const reuse = withReuse(model, engine);
    values(reuse.predict(frame(0)));
    const {gl} = webglBackend()!.gpgpu;
    const lost = new Promise((resolve) => gl.canvas.addEventListener('webglcontextlost', resolve));
    gl.getExtension('WEBGL_lose_context')!.loseContext();
    await lost;
    let error = 'none';
    try {
      reuse.predict(frame(1));
    } catch (thrown) {
      error = (thrown as Error).message;
    }
    reuse.dispose();
    const factory = tf.findBackendFactory('webgl');
    tf.removeBackend('webgl');
    tf.registerBackend('webgl', factory, 2);
    await tf.setBackend('webgl');
    const {model: second, frame: next} = smallPlay();
    const again = withReuse(second, engine);
    values(again.predict(next(0)));
    const x = next(1);
    return {error, after: distance(values(again.predict(x)), values(second.predict(x)))};
  },

  /** Milliseconds a frame, medians, each waited for. */
  timePaper(size: NetworkSize, clip: string): {dense: number; reuse: number} {
    const model = buildPaperNetwork(size);
    const reuse = withReuse(model, engine);
    const frames = framesOf(clip, size.height * size.width);
    const time = (predict: (x: tf.Tensor) => unknown) =>
      frames.map((frame) =>
        tf.tidy(() => {
          const start = performance.now();
          values(predict(tf.tensor(frame, [1, size.height, size.width, 1])));
          return performance.now() - start;
        }),
      );
    for (const predict of [model, reuse]) time((x) => predict.predict(x));
    const result = {
      dense: medianOf(time((x) => model.predict(x))),
      reuse: medianOf(time((x) => reuse.predict(x))),
    };
    reuse.dispose();
    model.dispose();
    return result;
  },
};

export type Page = typeof page;
(globalThis as unknown as {page: Page}).page = page;
