/**
 * Windows of frames: in each, what earlier windows computed of the same frames is used again, and any other frame is
 * computed from the one computed before it. Results are those of a fresh model, bit for bit, and the model's own.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel, type ReuseOptions} from '../../../src';
import {ActivationCache} from '../../../src/cache';
import {Heap} from '../../../src/engines/wasm/heap';
import {binaryOf, HEAP_START, instantiate} from '../../../src/engines/wasm/kernels';
import {WasmProgram} from '../../../src/engines/wasm/program';
import {importLayersModel} from '../../../src/importers';
import {backends, useBackend, wantedBuild} from '../../backends';
import {numbers, randomize} from '../../importers/helpers';
import {expectClose} from '../../promises/helpers';
import {applyEdit, buildNetwork, film as edits, network} from '../../properties/networks';
import {expectSame} from './kernels/harness';

type Layer = layers.Layer;

const [STEPS, HEIGHT, WIDTH, CHANNELS] = [4, 10, 12, 2];
const SHAPE = [STEPS, HEIGHT, WIDTH, CHANNELS];
const SIZE = HEIGHT * WIDTH * CHANNELS;

/** A convolutional trunk, a model of its own. */
function trunk(): LayersModel {
  const x = input({shape: [HEIGHT, WIDTH, CHANNELS]});
  const conv = {filters: 4, kernelSize: 3, padding: 'same', activation: 'relu'} as const;
  const first = layers.conv2d({...conv, name: 'first'}).apply(x);
  const second = layers.conv2d({...conv, name: 'second'}).apply(first) as SymbolicTensor;
  const sum = layers.add({}).apply([first as SymbolicTensor, second]);
  const pooled = layers.maxPooling2d({poolSize: 2}).apply(sum);
  const vector = layers.flatten().apply(pooled) as SymbolicTensor;
  return modelOf({inputs: x, outputs: layers.dense({units: 5}).apply(vector) as SymbolicTensor});
}

/** The trunk over each frame of a window, and a head over all of them. */
function windowed(inner: Layer | LayersModel = trunk(), shape = SHAPE): LayersModel {
  const x = input({shape});
  const each = layers.timeDistributed({layer: inner as Layer, name: 'each'}).apply(x);
  const flat = layers.flatten().apply(each);
  const model = modelOf({
    inputs: x,
    outputs: [each, layers.dense({units: 3}).apply(flat)] as SymbolicTensor[],
  });
  randomize(model);
  return model;
}

/** A block that moves over a still ground, a pixel a frame. */
function film(frames: number): Float32Array[] {
  const ground = numbers(SIZE, 3);
  return Array.from({length: frames}, (_, t) => {
    const frame = ground.slice();
    for (const y of [3, 4]) for (const x of [t, t + 1]) frame[(y * WIDTH + (x % WIDTH)) * CHANNELS] = 3;
    return frame;
  });
}

function windowOf(frames: readonly Float32Array[]): Float32Array {
  const window = new Float32Array(frames.length * SIZE);
  frames.forEach((frame, i) => window.set(frame, i * SIZE));
  return window;
}

const valuesOf = (outputs: unknown): Float32Array[] =>
  (outputs as tf.Tensor[]).map((tensor) => tensor.dataSync().slice() as Float32Array);

const show = (model: ReuseModel | LayersModel, window: Float32Array, shape = SHAPE): Float32Array[] =>
  tf.tidy(() => valuesOf(model.predict(tf.tensor(window.slice(), [1, ...shape]))));

/** A model with reuse, which is compared with a fresh one and with the model itself at every window. */
class Player {
  readonly reuse: ReuseModel;
  private readonly fresh: ReuseModel;

  constructor(
    readonly model = windowed(),
    private readonly shape = SHAPE,
    options: ReuseOptions = {},
  ) {
    this.reuse = withReuse(model, {policy: 'incremental', engine: 'wasm', ...options});
    this.fresh = withReuse(model, {policy: 'incremental', engine: 'wasm'});
  }

  /** Shows a window, and compares it with a fresh model alone. */
  replay(window: Float32Array): void {
    const actual = show(this.reuse, window, this.shape);
    this.fresh.reset();
    show(this.fresh, window, this.shape).forEach((expected, i) => expectSame(actual[i], expected));
  }

  /** Shows a window; returns how many of its steps were computed, of one all of whose pixels were as one. */
  play(window: Float32Array, reuse = this.reuse): number {
    const actual = show(reuse, window, this.shape);
    this.fresh.reset();
    show(this.fresh, window, this.shape).forEach((expected, i) => expectSame(actual[i], expected));
    show(this.model, window, this.shape).forEach((expected, i) => expectClose(actual[i], expected));
    return this.computed(reuse);
  }

  computed(reuse = this.reuse): number {
    const {computed, pixels} = reuse.lastFrame!.layers.find(({name}) => name === 'each')!;
    return (this.shape[0] * computed) / pixels;
  }

  dispose(): void {
    this.reuse.dispose();
    this.fresh.dispose();
    this.model.dispose();
  }
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  let player: Player;
  afterEach(() => player.dispose());

  it.each([1, 2, 3])(
    'a window that slides by %i computes the new frames alone, and of these the change',
    (by) => {
      player = new Player();
      const frames = film(30);
      player.play(windowOf(frames.slice(0, STEPS)));
      for (let t = by; t + STEPS <= frames.length; t += by) {
        const computed = player.play(windowOf(frames.slice(t, t + STEPS)));
        expect(computed).toBeGreaterThan(0);
        expect(computed).toBeLessThan(by * 0.75);
      }
    },
  );

  it('the engine computes the node, and counts the multiply-adds of all steps', () => {
    player = new Player();
    const frames = film(STEPS + 1);
    player.play(windowOf(frames.slice(0, STEPS)));
    const dense = player.reuse.lastFrame!.layers.find(({name}) => name === 'each')!.denseMacs;
    const pixels = HEIGHT * WIDTH;
    expect(dense).toBe(STEPS * (pixels * 9 * (CHANNELS * 4 + 4 * 4) + (pixels / 4) * 4 * 5));
    player.play(windowOf(frames.slice(1)));
    const {engine, macs} = player.reuse.lastFrame!.layers.find(({name}) => name === 'each')!;
    expect(engine).toBe('wasm');
    expect(macs).toBeLessThan(dense / STEPS);
  });

  it('a window that stays, in which one frame changes', () => {
    player = new Player();
    const frames = film(8);
    player.play(windowOf(frames.slice(0, STEPS)));
    const computed = player.play(windowOf([frames[0], frames[5], frames[2], frames[3]]));
    expect(computed).toBeLessThan(0.75);
    expect(player.play(windowOf([frames[0], frames[5], frames[2], frames[3]]))).toBe(0);
  });

  it('a window that is played backwards, turned round or shuffled computes nothing that it has shown', () => {
    player = new Player();
    const frames = film(STEPS);
    player.play(windowOf(frames));
    expect(player.play(windowOf([...frames].reverse()))).toBe(0);
    expect(player.play(windowOf([frames[2], frames[0], frames[2], frames[1]]))).toBe(0);
  });

  it('a frame that is there several times is computed once', () => {
    player = new Player();
    const [a, b, c] = film(3);
    expect(player.play(windowOf([a, a, a, a]))).toBe(1);
    expect(player.play(windowOf([a, b, b, a]))).toBeLessThan(0.75);
    expect(player.play(windowOf([c, c, c, c]))).toBeLessThan(0.75);
    expect(player.play(windowOf([c, a, c, c]))).toBeLessThan(0.75);
    const [one, other] = [numbers(SIZE, 70), numbers(SIZE, 71)];
    const computed = player.play(windowOf([one, other, one, other]));
    expect(computed).toBeGreaterThan(1);
    expect(computed).toBeLessThanOrEqual(2);
  });

  it('a window that jumps is computed anew, and a scene after it as before', () => {
    player = new Player();
    const frames = film(20);
    const other = Array.from({length: STEPS}, (_, i) => numbers(SIZE, 90 + i));
    player.play(windowOf(frames.slice(0, STEPS)));
    expect(player.play(windowOf(other))).toBeGreaterThan(2);
    player.play(windowOf(frames.slice(10, 10 + STEPS)));
    expect(player.play(windowOf(frames.slice(11, 11 + STEPS)))).toBeLessThan(0.75);
  });

  it('zeros, signs of zeros and numbers that are none are told apart by their bits', () => {
    player = new Player();
    const none = new Float32Array(SIZE);
    const minus = none.slice().fill(-0);
    const strange = none.slice();
    strange[7] = NaN;
    // The first window may not be taken for what was there before it.
    expect(player.play(windowOf([none, none, none, none]))).toBe(1);
    const [a] = film(1);
    show(player.reuse, windowOf([none, minus, a, strange]));
    expect(player.computed()).toBeGreaterThan(0);
    show(player.reuse, windowOf([minus, a, strange, strange]));
    expect(player.computed()).toBe(0);
  });

  it('weights that are assigned inside of the layer are noticed', () => {
    player = new Player();
    const frames = film(STEPS + 4);
    const slide = (t: number) => player.play(windowOf(frames.slice(t, t + STEPS)));
    slide(0);
    slide(1);
    player.model.weights[0].write(tf.tidy(() => tf.mul(player.model.weights[0].read(), -0.5)));
    // All frames of the window are new ones with these weights.
    expect(slide(1)).toBeGreaterThan(1);
    expect(slide(2)).toBeLessThan(0.75);
    randomize(player.model, 8);
    slide(2);
    slide(3);
  });

  it('streams keep windows of their own', () => {
    player = new Player();
    const frames = film(20);
    const others = film(20).map((frame) => frame.map((value) => -value));
    const second = player.reuse.stream();
    for (let t = 0; t < 6; t++) {
      const first = player.play(windowOf(frames.slice(t, t + STEPS)));
      const other = player.play(windowOf(others.slice(2 * t, 2 * t + STEPS)), second);
      if (t > 0) expect(first).toBeLessThan(0.75);
      if (t > 0) expect(other).toBeLessThan(1.5);
    }
    second.reset();
    expect(player.play(windowOf(frames.slice(6, 6 + STEPS)))).toBeLessThan(0.75);
    second.dispose();
    expect(player.play(windowOf(frames.slice(7, 7 + STEPS)))).toBeLessThan(0.75);
  });

  it('a variant of a window, which is not committed, leaves everything as it was', () => {
    player = new Player();
    const frames = film(10);
    const variant = frames[6].slice();
    variant.fill(2, 0, 60);
    player.play(windowOf(frames.slice(0, STEPS)));
    const window = tf.tensor(windowOf([variant, frames[1], variant, frames[9]]), [1, ...SHAPE]);
    const first = valuesOf(player.reuse.predict(window, {commit: false}));
    const alone = new Player(windowed());
    show(alone.reuse, window.dataSync() as Float32Array).forEach((expected, i) =>
      expectSame(first[i], expected),
    );
    alone.dispose();
    valuesOf(player.reuse.predict(window, {commit: false})).forEach((again, i) =>
      expectSame(again, first[i]),
    );
    expect(player.computed()).toBeLessThan(2);
    // None of the variant's frames was kept, and all of the window's were.
    expect(player.play(windowOf([frames[3], frames[0], frames[2], frames[1]]))).toBe(0);
    expect(player.play(windowOf([frames[3], frames[0], frames[2], frames[9]]))).toBeGreaterThan(0);
  });

  it('an error in mid-frame leaves the cache empty, and that of a variant leaves it as it was', () => {
    const inner = layers.layerNormalization({}) as Layer;
    const conv = layers.conv2d({filters: 2, kernelSize: 3, inputShape: [HEIGHT, WIDTH, CHANNELS]}) as Layer;
    player = new Player(windowed(sequential({layers: [conv, inner]})));
    const frames = film(12);
    const slide = (t: number) => player.play(windowOf(frames.slice(t, t + STEPS)));
    slide(0);
    slide(1);
    const failing = jest.spyOn(inner, 'apply').mockImplementation(() => {
      throw new Error('no luck');
    });
    const next = tf.tensor(windowOf(frames.slice(2, 2 + STEPS)), [1, ...SHAPE]);
    expect(() => player.reuse.predict(next, {commit: false})).toThrow('no luck');
    // Nothing that needs the layer has changed.
    expect(show(player.reuse, windowOf([...frames.slice(1, 4), frames[1]]))).toHaveLength(2);
    expect(() => player.reuse.predict(next)).toThrow('no luck');
    expect(player.reuse.cache.bytes).toBe(0);
    failing.mockRestore();
    expect(slide(3)).toBeGreaterThan(0);
    expect(slide(4)).toBeLessThan(1);
  });

  it('a threshold by the name of the layer is one on its output, in each pixel', () => {
    player = new Player(windowed(), SHAPE, {threshold: {nodes: {each: 0.2}}});
    const frames = film(20);
    for (let t = 0; t + STEPS <= frames.length; t++) {
      const window = windowOf(frames.slice(t, t + STEPS));
      const [actual] = show(player.reuse, window);
      const [expected] = show(player.model, window);
      actual.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(0.2 + 1e-4));
    }
    expect(() =>
      withReuse(player.model, {threshold: {nodes: {second: 1}}}).predict(tf.zeros([1, ...SHAPE])),
    ).toThrow("'second'");
  });

  it('is left to the layer itself by other engines, with the same result', () => {
    player = new Player();
    const portable = withReuse(player.model, {policy: 'incremental', engine: 'tfjs'});
    const frames = film(8);
    for (let t = 0; t < 4; t++) {
      const window = windowOf(frames.slice(t, t + STEPS));
      const expected = show(player.model, window);
      show(portable, window).forEach((actual, i) => expectClose(actual, expected[i]));
    }
    portable.dispose();
  });

  it('is not recorded: the error names the layer', () => {
    player = new Player();
    expect(() => player.reuse.record()).toThrow(/'each' \(TimeDistributed\)/);
  });

  it('leaves no tensors', () => {
    player = new Player();
    const frames = film(8);
    player.play(windowOf(frames.slice(0, STEPS)));
    const before = tf.memory().numTensors;
    for (let t = 1; t < 4; t++) player.play(windowOf(frames.slice(t, t + STEPS)));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, () => Layer | LayersModel, number[]]>([
    ['a layer', () => layers.conv2d({filters: 3, kernelSize: 3, strides: 2}) as Layer, [3, 9, 7, 2]],
    ['a dense layer over a row of vectors', () => layers.dense({units: 3}) as Layer, [5, 6]],
    ['a convolution over series', () => layers.conv1d({filters: 3, kernelSize: 3}) as Layer, [4, 9, 2]],
    ['a layer that hands on what it gets', () => layers.dropout({rate: 0.5}) as Layer, [4, 3, 3, 1]],
    ['a layer that no engine knows', () => layers.layerNormalization({}) as Layer, [4, 3, 3, 2]],
    [
      'one of these in another',
      () => layers.timeDistributed({layer: layers.conv2d({filters: 2, kernelSize: 2})}) as Layer,
      [3, 2, 5, 4, 2],
    ],
  ])('%s', (_name, make, shape) => {
    player = new Player(windowed(make(), shape), shape);
    const size = tf.util.sizeFromShape(shape.slice(1));
    const frames = Array.from({length: 12}, (_, t) => {
      const values = numbers(size, 4);
      values[t % size] = t;
      return values;
    });
    for (let t = 0; t + shape[0] <= frames.length; t++) {
      const window = new Float32Array(shape[0] * size);
      frames.slice(t, t + shape[0]).forEach((frame, i) => window.set(frame, i * size));
      const computed = player.play(window);
      if (t > 0) expect(computed).toBeLessThanOrEqual(1);
    }
  });

  it('equals a fresh model and the model itself in random windows of random films', () => {
    player = new Player();
    const cut = fc.array(fc.nat(5), {minLength: STEPS, maxLength: STEPS});
    const edit = fc.record({frame: fc.nat(5), at: fc.nat(SIZE - 1), value: fc.constantFrom(0, -0, 1, -3.5)});
    const turn = fc.record({cut, edits: fc.array(edit, {maxLength: 2}), commit: fc.boolean()});
    fc.assert(
      fc.property(fc.integer(), fc.array(turn, {minLength: 2, maxLength: 10}), (seed, turns) => {
        const frames = Array.from({length: 6}, (_, i) => numbers(SIZE, seed + (i >> 1)));
        player.reuse.reset();
        player.play(windowOf(frames.slice(0, STEPS)));
        for (const {edits, commit, ...shown} of turns) {
          for (const {frame, at, value} of edits) frames[frame][at] = value;
          const window = windowOf(shown.cut.map((i) => frames[i]));
          if (!commit) {
            const tensor = tf.tensor(window, [1, ...SHAPE]);
            tf.dispose(player.reuse.predict(tensor, {commit: false}));
            tensor.dispose();
          }
          player.play(window);
        }
      }),
      {numRuns: 40, seed: 1},
    );
  });

  it('equals a fresh model, whatever the trunk', () => {
    const window = fc.array(fc.integer({min: 0, max: 5}), {minLength: 3, maxLength: 3});
    const turns = fc.array(window, {minLength: 3, maxLength: 8});
    fc.assert(
      fc.property(network, edits, turns, (spec, edited, backs) => {
        const frame = new Float32Array(tf.util.sizeFromShape(spec.input));
        const frames = edited.map((edit) => {
          applyEdit(frame, spec.input, edit);
          return frame.slice();
        });
        player = new Player(windowed(buildNetwork(spec, backend), [3, ...spec.input]), [3, ...spec.input]);
        backs.forEach((back, t) => {
          const shown = back.map((by, i) => frames[Math.max(0, 2 * t + i - by)]);
          player.replay(Float32Array.from(shown.flatMap((values) => Array.from(values))));
        });
        player.dispose();
      }),
      {numRuns: 30, seed: 1},
    );
    player = new Player();
  });
});

describe('memory', () => {
  beforeAll(() => useBackend('cpu'));

  it('counts what is kept of windows, and gives all of it back', () => {
    const build = wantedBuild ?? 'simd';
    const instance = instantiate(build, new WebAssembly.Module(binaryOf(build)!));
    const heap = new Heap(instance.memory, HEAP_START);
    const model = windowed();
    const graph = importLayersModel(model, [SHAPE]);
    const program = new WasmProgram(graph, {thresholds: new Map(), inputThreshold: 0}, instance, heap);
    const shared = heap.bytes;
    const frames = film(9);
    const caches = [new ActivationCache(), new ActivationCache()];
    for (const cache of caches) {
      for (let t = 0; t < 5; t++) {
        const frame = [{data: windowOf(frames.slice(t, t + STEPS)), stride: CHANNELS}];
        tf.dispose(program.run(cache, frame, program.difference(cache, frame, null)).outputs);
        expect(cache.bytes).toBe(program.cacheBytes);
      }
    }
    expect(heap.bytes).toBe(shared + 2 * Math.ceil(program.cacheBytes / 64) * 64);
    // The window, its frames as they are kept, and the activations of one frame.
    expect(program.cacheBytes).toBeGreaterThan(4 * SIZE * (STEPS + STEPS + 1 + 4));
    caches.forEach((cache) => cache.dispose());
    expect(heap.bytes).toBe(shared);
    program.dispose();
    expect(heap.bytes).toBe(0);
    model.dispose();
  });
});

it('a nested model over each frame and a head, in a sequential model', async () => {
  await useBackend('cpu');
  const model = sequential();
  model.add(layers.timeDistributed({layer: trunk() as unknown as Layer, inputShape: SHAPE, name: 'each'}));
  model.add(layers.conv1d({filters: 2, kernelSize: 3, padding: 'same'}));
  const reuse = withReuse(model, {policy: 'incremental', engine: 'wasm'});
  const frames = film(9);
  for (let t = 0; t < 5; t++) {
    const window = windowOf(frames.slice(t, t + STEPS));
    tf.tidy(() => {
      const x = tf.tensor(window, [1, ...SHAPE]);
      expectClose((reuse.predict(x) as tf.Tensor).dataSync(), (model.predict(x) as tf.Tensor).dataSync());
    });
  }
  reuse.dispose();
  model.dispose();
});
