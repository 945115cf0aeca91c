/**
 * What a program and its streams hold of the heap, and that it stays consistent whatever happens: no memory left, an error in
 * mid-frame, weights assigned in between, streams that take turns.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../src/cache';
import type {FrameArray, RunOptions} from '../../../src/engines/engine';
import {Heap, OutOfMemory} from '../../../src/engines/wasm/memory/heap';
import {binaryOf, HEAP_START, type Instance, type Kernels} from '../../../src/engines/wasm/kernels';
import {WasmProgram} from '../../../src/engines/wasm/program';
import {training} from '../../../src/engines/wasm/training';
import {planeOf} from '../../../src/graph';
import {Region} from '../../../src/region';
import {useBackend, wantedBuild} from '../../backends';
import {expectSame} from './kernels/harness';
import {graphSpec, type GraphSpec, type NodeSpec} from '../fuzz/graph-spec';
import {RandomGraph} from '../fuzz/random-graph';
import {random} from '../../properties/networks';
import {sample} from '../../scale';

const PAGE = 65536;
const BUILD = wantedBuild ?? 'simd';

/** Kernels in a memory of so many pages at most. */
function instanceOf(pages: number): Instance {
  const memory = new WebAssembly.Memory({initial: 2, maximum: pages});
  const module = new WebAssembly.Module(binaryOf(BUILD)!);
  const {exports} = new WebAssembly.Instance(module, {env: {memory}});
  return {build: BUILD, kernels: exports as unknown as Kernels, memory, msPerMac: 1e-6};
}

const [HEIGHT, WIDTH, CHANNELS] = [20, 30, 3];

const conv: NodeSpec = {
  kind: 'conv',
  filters: 4,
  window: {kernel: [3, 3], strides: [1, 1], dilations: [1, 1], padding: 'same'},
  activation: {name: 'tanh'},
  norm: false,
};
const dense: NodeSpec = {kind: 'dense', units: 3, activation: {name: 'softmax'}, keepsPlane: true};
const external: NodeSpec = {kind: 'external', fn: 'split', pure: true};

const network = (...nodes: NodeSpec[]): GraphSpec => ({
  height: HEIGHT,
  width: WIDTH,
  channels: CHANNELS,
  nodes,
  seed: 1,
});

/** A program in a heap of its own, and the streams that it computes. */
class Workbench {
  readonly heap: Heap;
  readonly random: RandomGraph;
  readonly program: WasmProgram;
  private readonly instance: Instance;

  constructor(spec = network(conv, conv, dense), pages = 1000) {
    this.instance = instanceOf(pages);
    this.heap = new Heap(this.instance.memory, HEAP_START);
    this.random = new RandomGraph(spec);
    this.program = this.compile();
  }

  compile(): WasmProgram {
    return new WasmProgram(
      this.random.graph,
      {thresholds: new Map(), inputThreshold: 0},
      this.instance,
      this.heap,
      training,
    );
  }

  /** All activations of a stream's next frame. */
  show(cache: ActivationCache, frame: FrameArray, options?: RunOptions): Float32Array[] {
    return this.showAll(cache, [frame], options);
  }

  /** The same of a graph with several inputs. */
  showAll(cache: ActivationCache, frame: readonly FrameArray[], options?: RunOptions): Float32Array[] {
    this.program.refresh();
    const delta = this.program.difference(cache, frame, null);
    return values(this.program.run(cache, frame, delta, options).outputs);
  }

  async showAsync(cache: ActivationCache, frame: FrameArray): Promise<Float32Array[]> {
    this.program.refresh();
    const delta = await this.program.differenceAsync(cache, [frame], null);
    return values((await this.program.runAsync(cache, [frame], delta)).outputs);
  }

  /** What a frame gives from scratch. */
  alone(...frame: FrameArray[]): Float32Array[] {
    const cache = new ActivationCache();
    try {
      return this.showAll(cache, frame);
    } finally {
      cache.dispose();
    }
  }

  dispose(): void {
    this.program.dispose();
    this.random.dispose();
  }
}

/** The same bits in all of them. */
function expectSameAll(actual: Float32Array[], expected: Float32Array[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((activation, i) => expectSame(activation, expected[i]));
}

function values(outputs: tf.Tensor[]): Float32Array[] {
  const arrays = outputs.map((tensor) => tensor.dataSync() as Float32Array);
  tf.dispose(outputs);
  return arrays;
}

/** A scene that changes a little from frame to frame. */
function* clip(seed: number): Generator<FrameArray, never> {
  const next = random(seed);
  const data = Float32Array.from({length: HEIGHT * WIDTH * CHANNELS}, () => next() * 2 - 1);
  for (;;) {
    yield {data: data.slice(), stride: CHANNELS};
    data[Math.floor(next() * data.length)] = next();
  }
}

beforeAll(() => useBackend('cpu'));

test('a cache holds what the heap gave out for it, and gives all of it back', () => {
  const bench = new Workbench();
  const shared = bench.heap.bytes;
  const cache = new ActivationCache();
  const frames = clip(1);
  bench.show(cache, frames.next().value);
  expect(cache.bytes).toBe(bench.heap.bytes - shared);
  expect(cache.bytes).toBe(bench.program.cacheBytes);
  for (let t = 0; t < 5; t++) bench.show(cache, frames.next().value, {commit: t % 2 === 0});
  expect(bench.heap.bytes).toBe(shared + cache.bytes);
  cache.clear();
  expect(bench.heap.bytes).toBe(shared);
  bench.show(cache, frames.next().value);
  cache.dispose();
  bench.dispose();
  expect(bench.heap.bytes).toBe(0);
});

it('computes the same in memory that held anything before', () => {
  fc.assert(
    fc.property(graphSpec, (spec) => {
      const bench = new Workbench(spec);
      const next = random(spec.seed);
      const frame = bench.random.graph.inputs.map((id) => {
        const {height, width, channels} = planeOf(bench.random.graph.values[id]);
        const data = Float32Array.from({length: height * width * channels}, () => next() * 2 - 1);
        return {data, stride: channels};
      });
      const clean = bench.alone(...frame);
      const at = bench.heap.allocate(bench.program.cacheBytes);
      bench.heap.octets.fill(255, at, at + bench.program.cacheBytes);
      bench.heap.release(at);
      expectSameAll(bench.alone(...frame), clean);
      bench.dispose();
    }),
    sample({short: 60, ci: 300, long: 2000}),
  );
});

test('streams share the weights, and all else within a frame', () => {
  const bench = new Workbench();
  const shared = bench.heap.bytes;
  const caches = [1, 2, 3].map(() => new ActivationCache());
  caches.forEach((cache, i) => {
    bench.show(cache, clip(i).next().value);
    expect(bench.heap.bytes).toBe(shared + (i + 1) * bench.program.cacheBytes);
  });
  caches.forEach((cache) => cache.dispose());
  expect(bench.heap.bytes).toBe(shared);
  bench.dispose();
});

test('streams go on while others grow the memory, come and go', () => {
  const bench = new Workbench();
  const cache = new ActivationCache();
  const frames = clip(1);
  const others: ActivationCache[] = [];
  for (let t = 0; t < 40; t++) {
    const frame = frames.next().value;
    expectSameAll(bench.show(cache, frame), bench.alone(frame));
    const other = new ActivationCache();
    bench.show(other, clip(t).next().value);
    others.push(other);
    if (t % 3 === 2) others.splice(t % others.length, 1)[0].dispose();
  }
  others.forEach((other) => other.dispose());
  cache.dispose();
  bench.dispose();
  expect(bench.heap.bytes).toBe(0);
});

describe('where there is no memory left', () => {
  /** As many streams as fit, and the error that the next one meets. */
  function fill(bench: Workbench) {
    const full: {cache: ActivationCache; frames: ReturnType<typeof clip>}[] = [];
    for (;;) {
      const stream = {cache: new ActivationCache(), frames: clip(full.length)};
      try {
        bench.show(stream.cache, stream.frames.next().value);
        full.push(stream);
      } catch (error) {
        return {full, left: stream, error: error as Error};
      }
    }
  }

  test('a stream that cannot begin says so; the others go on, and it can once one of them left', () => {
    const bench = new Workbench(undefined, 12);
    const reference = new Workbench();
    const {full, left, error} = fill(bench);
    expect(full.length).toBeGreaterThan(1);
    expect(error).toBeInstanceOf(OutOfMemory);
    expect(error.message).toMatch(/no memory for \d+ more bytes .* Dispose models and streams/);
    expect(left.cache.bytes).toBe(0);
    for (let t = 0; t < 3; t++) {
      for (const {cache, frames} of full) {
        const frame = frames.next().value;
        expectSameAll(bench.show(cache, frame), reference.alone(frame));
      }
    }
    full[0].cache.dispose();
    const frame = left.frames.next().value;
    expectSameAll(bench.show(left.cache, frame), reference.alone(frame));
  });

  test('a variant that cannot be taken back is not begun, and leaves the cache as it was', () => {
    const bench = new Workbench(undefined, 12);
    const reference = new Workbench();
    const {full} = fill(bench);
    const {cache, frames} = full[0];
    const other = clip(99).next().value;
    const {heap} = bench;
    // Room is left for a part of what a variant overwrites.
    const fillers: number[] = [];
    for (let bytes = 2 ** 20; bytes >= 4096;) {
      try {
        fillers.push(heap.allocate(bytes));
      } catch {
        bytes /= 2;
      }
    }
    const before = heap.bytes;
    expect(() => bench.show(cache, other, {commit: false})).toThrow(OutOfMemory);
    expect(heap.bytes).toBe(before);
    expect(cache.bytes).toBe(bench.program.cacheBytes);
    const frame = frames.next().value;
    const now = bench.show(cache, frame);
    expectSameAll(now, reference.alone(frame));
    fillers.forEach((at) => heap.release(at));
    full.slice(1).forEach((stream) => stream.cache.dispose());
    expectSameAll(bench.show(cache, other, {commit: false}), reference.alone(other));
    expectSameAll(bench.show(cache, frame), now);
  });

  test('a program that does not fit takes nothing', () => {
    const bench = new Workbench(undefined, 8);
    const held: number[] = [];
    for (let bytes = 4 * PAGE; bytes >= 256; bytes /= 2) {
      try {
        for (;;) held.push(bench.heap.allocate(bytes));
      } catch {
        // The next smaller ones may fit.
      }
    }
    // Every block that is freed lets the program come a step further.
    while (held.length > 0) {
      const before = bench.heap.bytes;
      try {
        bench.compile().dispose();
        break;
      } catch (error) {
        expect(error).toBeInstanceOf(OutOfMemory);
      }
      expect(bench.heap.bytes).toBe(before);
      bench.heap.release(held.pop()!);
    }
    expect(held.length).toBeGreaterThan(0);
  });
});

describe('an error in mid-frame', () => {
  /** A network whose middle throws on demand. */
  function fragile() {
    const bench = new Workbench(network(conv, external, conv));
    const node = bench.random.graph.nodes.find(({op}) => op.kind === 'external')!;
    const op = node.op as {apply: (inputs: tf.Tensor[]) => tf.Tensor[]};
    const {apply} = op;
    const fail = () => {
      op.apply = () => {
        throw new Error('out of order');
      };
    };
    return {bench, fail, repair: () => (op.apply = apply)};
  }

  test('empties the cache, and the next frame is right', () => {
    const {bench, fail, repair} = fragile();
    const shared = bench.heap.bytes;
    const cache = new ActivationCache();
    const frames = clip(1);
    for (let t = 0; t < 4; t++) {
      bench.show(cache, frames.next().value);
      fail();
      expect(() => bench.show(cache, frames.next().value)).toThrow('out of order');
      expect(cache.bytes).toBe(0);
      expect(bench.heap.bytes).toBe(shared);
      repair();
      const frame = frames.next().value;
      expectSameAll(bench.show(cache, frame), bench.alone(frame));
    }
  });

  test('of a variant leaves the cache as it was', () => {
    const {bench, fail, repair} = fragile();
    const cache = new ActivationCache();
    const frames = clip(1);
    const frame = frames.next().value;
    const first = bench.show(cache, frame);
    const held = bench.heap.bytes;
    fail();
    expect(() => bench.show(cache, frames.next().value, {commit: false})).toThrow('out of order');
    repair();
    expect(bench.heap.bytes).toBe(held);
    expectSameAll(bench.show(cache, frame), first);
    const next = frames.next().value;
    expectSameAll(bench.show(cache, next), bench.alone(next));
  });
});

test('streams that take turns, each waiting for itself, are right, though weights are assigned meanwhile', async () => {
  const bench = new Workbench();
  const caches = [1, 2, 3].map(() => new ActivationCache());
  const clips = caches.map((_, i) => clip(i));
  for (let t = 0; t < 20; t++) {
    if (t % 7 === 6) bench.random.assign(t);
    const frames = clips.map((frames) => frames.next().value);
    const outputs = await Promise.all(caches.map((cache, i) => bench.showAsync(cache, frames[i])));
    outputs.forEach((output, i) => expectSameAll(output, bench.alone(frames[i])));
  }
  caches.forEach((cache) => cache.dispose());
  bench.dispose();
  expect(bench.heap.bytes).toBe(0);
});

test.each([null, [Region.empty(HEIGHT, WIDTH)]])(
  'weights that another stream notices between comparing a frame and computing it: all is computed, regions given: %p',
  (changed) => {
    const bench = new Workbench();
    const cache = new ActivationCache();
    const frames = clip(1);
    bench.show(cache, frames.next().value);
    const frame = frames.next().value;
    const delta = bench.program.difference(cache, [frame], changed);
    bench.random.assign(5);
    bench.program.refresh();
    const outputs = values(bench.program.run(cache, [frame], delta).outputs);
    expectSameAll(outputs, bench.alone(frame));
    expectSameAll(bench.show(cache, frame), outputs);
    bench.random.assign(6);
    bench.program.refresh();
    expect(() => bench.program.run(cache, [frame], delta, {commit: false})).toThrow(
      /needs a committed frame/,
    );
  },
);
