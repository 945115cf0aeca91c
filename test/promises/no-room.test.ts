/**
 * A plan that there is no memory for leaves its frames to the model, and says so; once something was given back, it tries
 * again. Nothing here takes much: the memory is kept from growing.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {IncrementalConv2D, withReuse, type ReuseModel, type ReuseOptions} from '../../src';
import {useBackend} from '../backends';
import {numbers, randomize} from '../importers/helpers';
import {expectClose, poke, valuesOf} from './helpers';

const SIDE = 12;
const SHAPE = [SIDE, SIDE, 2];
const NO_MEMORY = /no memory for \d+ more bytes beside the \d+ held/;

/** @param filters the more, the more memory its activations take */
function model(filters: number, middle: layers.Layer[] = []): LayersModel {
  const first = {filters, kernelSize: 1, activation: 'relu'} as const;
  const made = sequential({
    layers: [layers.conv2d({...first, inputShape: SHAPE}), ...middle, layers.globalAveragePooling2d({})],
  });
  randomize(made, 1);
  return made;
}

const scene = (seed = 1) => numbers(SIDE * SIDE * 2, seed);
const plain = (own: LayersModel, frame: Float32Array) =>
  tf.tidy(() => valuesOf(own.predict(tf.tensor4d(frame.slice(), [1, ...SHAPE] as never)) as tf.Tensor));

const made: {dispose(): void}[] = [];
function reusing(own: LayersModel, options: ReuseOptions = {}): ReuseModel<LayersModel> {
  const reuse = withReuse(own, {engine: 'wasm', policy: 'incremental', ...options});
  made.push(reuse);
  return reuse;
}

/**
 * From here on the memory of the kernels does not grow, and what is free in it is taken.
 * @returns how often it is asked to grow, and what gives everything back
 */
function full() {
  const grow = jest.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
    throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory');
  });
  const others: ReuseModel[] = [];
  for (let filters = 256; filters >= 2; filters /= 2) {
    const own = model(filters);
    do {
      others.push(reusing(own));
      tf.dispose(others[others.length - 1].predict(scene()));
    } while (others[others.length - 1].cache.bytes > 0);
  }
  grow.mockClear();
  return {grow, free: () => others.forEach((other) => other.dispose())};
}

function step(reuse: ReuseModel<LayersModel>, frame: Float32Array, options = {}) {
  expectClose(valuesOf(reuse.predict(frame, options)), plain(reuse.model, frame));
  return reuse.lastFrame!;
}

beforeAll(() => useBackend('cpu'));
afterEach(() => {
  jest.restoreAllMocks();
  made.splice(0).forEach((one) => one.dispose());
});

/** Little to keep of a frame, and many weights. */
function heavy(): LayersModel {
  const made = sequential({
    layers: [layers.flatten({inputShape: SHAPE}), layers.dense({units: 256})],
  });
  randomize(made, 1);
  return made;
}

describe('a plan that does not fit', () => {
  test('because of its weights: it is not packed again for every frame', () => {
    const {grow} = full();
    const reuse = reusing(heavy());
    for (let t = 0; t < 4; t++) expect(step(reuse, scene(t)).reason).toMatch(NO_MEMORY);
    expect(grow.mock.calls.length).toBeLessThanOrEqual(2);
    expect(() => reuse.record()).toThrow(NO_MEMORY);
  });

  test.each(['auto', 'incremental', 'dense'] as const)(
    "leaves frames to the model, with policy '%s'",
    (policy) => {
      const {grow} = full();
      const own = model(64);
      const reuse = reusing(own, {policy});
      const frame = scene();
      for (let t = 0; t < 4; t++) {
        const {path, reason} = step(reuse, poke(frame, t), t === 3 ? {changed: []} : {});
        expect(path).toBe('dense');
        expect(reason).toMatch(policy === 'dense' ? /policy is 'dense'/ : NO_MEMORY);
      }
      expectClose(reuse.run(frame), plain(own, frame));
      // What is hopeless is not tried again: growing was, with something to spare, and without.
      expect(grow.mock.calls.length).toBeLessThanOrEqual(2);
    },
  );

  test('leaves a batch, variants, and what is awaited to the model, and says what record() lacks', async () => {
    full();
    const own = model(64);
    const reuse = reusing(own);
    const frames = [scene(1), scene(2)];
    const batch = Float32Array.from(frames.flatMap((frame) => [...frame]));
    const both = frames.flatMap((frame) => [...plain(own, frame)]);
    expectClose(valuesOf(reuse.predict(batch)), both);
    expectClose(valuesOf(reuse.predict(batch, {commit: false})), both);
    expectClose(valuesOf(await reuse.predictAsync(batch)), both);
    expect(reuse.lastFrame!.reason).toMatch(NO_MEMORY);
    expect(() => reuse.record()).toThrow(NO_MEMORY);
    expect(reuse.cache.bytes).toBe(0);
    step(reuse, frames[0]);
  });

  test('is compiled once something was given back', () => {
    const {grow, free} = full();
    const reuse = reusing(model(16));
    const frame = scene();
    expect(step(reuse, frame)).toMatchObject({path: 'dense', reason: expect.stringMatching(NO_MEMORY)});
    free();
    expect(step(reuse, poke(frame, 1)).path).toBe('prime');
    expect(step(reuse, poke(frame, 2)).path).toBe('incremental');
    expect(grow.mock.calls.length).toBeLessThanOrEqual(4);
  });
});

describe('a stream that does not fit beside another one of the same plan', () => {
  /** One that fits, and another one that does not. */
  function twins(options: ReuseOptions = {}) {
    const first = reusing(model(64), options);
    step(first, scene());
    const {grow} = full();
    const second = first.stream();
    made.push(second);
    return {first, second, grow};
  }

  test('leaves its frames to the model while the other one goes on, and begins once that one left', () => {
    const {first, second, grow} = twins();
    const frame = scene();
    for (let t = 0; t < 4; t++) {
      expect(step(second, poke(frame, t)).reason).toMatch(NO_MEMORY);
      expect(step(first, frame).path).toBe('incremental');
    }
    expect(grow.mock.calls.length).toBeLessThanOrEqual(2);
    expect(() => second.record()).toThrow(NO_MEMORY);
    first.reset();
    expect(step(second, poke(frame, 5)).path).toBe('prime');
    expect(step(first, frame).reason).toMatch(NO_MEMORY);
  });

  test('goes on after its weights have changed, which takes no more', () => {
    const {first} = twins();
    const frame = scene();
    randomize(first.model, 7);
    expect(step(first, frame).path).toBe('prime');
    expect(step(first, poke(frame, 1)).path).toBe('incremental');
  });

  test("with policy 'auto' too: nobody monitors where there is no room", () => {
    const {first, second} = twins({policy: 'auto'});
    step(first, scene(3));
    for (let t = 0; t < 4; t++) expect(step(second, scene(t)).reason).toMatch(NO_MEMORY);
  });
});

test('a variant that cannot be taken back is left to the model, and the cache stays as it was', async () => {
  const reuse = reusing(model(64));
  const frame = scene();
  step(reuse, frame);
  full();
  const other = reuse.stream();
  made.push(other);
  for (let t = 0; t < 2; t++) {
    expect(step(reuse, scene(5 + t), {commit: false})).toMatchObject({
      path: 'dense',
      reason: expect.stringMatching(NO_MEMORY),
    });
    expectClose(valuesOf(await reuse.predictAsync(scene(9), {commit: false})), plain(reuse.model, scene(9)));
    expect(step(reuse, poke(frame, t)).path).toBe('incremental');
  }
});

test('a layer with reuse that does not fit is computed by its own class, on a tape too, until it fits', () => {
  const {free} = full();
  const config = {filters: 16, kernelSize: 1, inputShape: SHAPE};
  const [own, ours] = [layers.conv2d(config), new IncrementalConv2D(config)];
  [own, ours].forEach((layer) => sequential({layers: [layer]}));
  ours.setWeights(own.getWeights());
  const x = tf.tensor(scene(), [1, ...SHAPE]);
  const results = (layer: layers.Layer) => {
    const {value, grads} = tf.variableGrads(
      () => tf.sum(tf.square(layer.apply(x) as tf.Tensor)) as tf.Scalar,
      layer.trainableWeights.map((weight) => weight.read() as tf.Variable),
    );
    return [layer.apply(x) as tf.Tensor, value, ...Object.values(grads)].flatMap((tensor) => [
      ...tensor.dataSync(),
    ]);
  };
  expectClose(results(ours), results(own));
  expect(ours.cacheBytes).toBe(0);
  free();
  for (let t = 0; t < 4; t++) expectClose(results(ours), results(own));
  expect(ours.cacheBytes).toBeGreaterThan(0);
  ours.dispose();
});
