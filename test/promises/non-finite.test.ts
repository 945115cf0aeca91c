/**
 * NaN and infinities in frames: whoever computes a frame, the result is the model's own. Which ops make a difference is
 * test/engines/shared/non-finite.test.ts's business.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {Region, withReuse, type ReuseModel} from '../../src';
import {backends, useBackend} from '../backends';
import {randomize} from '../importers/helpers';
import {distance} from '../importers/graph/playing';
import {TfGraph, windowed} from '../importers/graph/tf-graph';
import {poke, scene, SHAPE, sidesInTurn, SIZE, valuesOf} from './helpers';

const tensorOf = (frame: Float32Array) =>
  tf.tensor(frame.slice(), [frame.length / SIZE, ...SHAPE]) as tf.Tensor4D;

const plain = (model: LayersModel | GraphModel, frame: Float32Array): Float32Array =>
  tf.tidy(() => valuesOf(model.predict(tensorOf(frame)) as tf.Tensor));

function expectSame(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  const {error, largest} = distance(actual, expected);
  expect(error).toBeLessThanOrEqual(1e-5 * largest);
}

const withOdd = (frame: Float32Array, value = NaN, at = 31) =>
  frame.map((other, i) => (i === at ? value : other));

/** Its pool passes over NaN on every backend, and the engines' maximum of a whole plane does not. */
function pooling(): Promise<GraphModel> {
  const graph = new TfGraph();
  const x = graph.input('x', [1, ...SHAPE]);
  const conv = graph.named('conv', 'Conv2D', [x, graph.floats([3, 3, 2, 4])], windowed());
  const pool = {...windowed(), ksize: [1, 8, 9, 1], padding: 'VALID'};
  graph.named('tail', 'Tanh', [graph.named('pool', 'MaxPool', [conv], pool)]);
  return graph.load();
}

/** No op of it treats NaN otherwise than any backend does. */
function indifferent(): LayersModel {
  const model = sequential();
  model.add(
    layers.conv2d({filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh', inputShape: [...SHAPE]}),
  );
  model.add(layers.globalAveragePooling2d({}));
  model.add(layers.dense({units: 3, activation: 'sigmoid'}));
  randomize(model, 2);
  return model;
}

/** Pools of single pixels keep a NaN on cpu, and make the least float of it on tensorflow. */
function classifier(): LayersModel {
  const model = sequential();
  model.add(
    layers.conv2d({filters: 4, kernelSize: 3, padding: 'same', inputShape: [...SHAPE], name: 'first'}),
  );
  model.add(layers.maxPooling2d({poolSize: 1, name: 'single'}));
  model.add(layers.flatten());
  model.add(layers.dense({units: 4, activation: 'tanh'}));
  randomize(model, 6);
  return model;
}

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  let model: GraphModel;
  let reuse: ReuseModel;
  beforeAll(async () => {
    await useBackend(backend);
    model = await pooling();
  });
  beforeEach(() => {
    reuse = withReuse(model, {policy: 'incremental', engine});
  });
  afterEach(() => reuse.dispose());

  const expectFrame = (frame: Float32Array, options?: Parameters<ReuseModel['predict']>[1]) =>
    expectSame(valuesOf(reuse.predict(frame, options) as tf.Tensor), plain(model, frame));

  test('the frame goes to the model, the report names the node, and the next one is compared with the one before', () => {
    expectFrame(scene());
    const edited = poke(scene(), 3);
    expectFrame(withOdd(edited));
    expect(reuse.lastFrame).toMatchObject({path: 'dense', layers: []});
    expect(reuse.lastFrame!.reason).toMatch(/NaN or an infinity, of which '.*pool.*' \(globalPool\)/);
    expectFrame(edited);
    expect(reuse.lastFrame!.path).toBe('incremental');
    expect(reuse.lastFrame!.changed).toBeCloseTo(1 / 72 + 1 / 72, 2);
  });

  test.each(['auto', 'incremental', 'dense'] as const)(
    "right from the first frame on, with policy '%s'",
    (policy) => {
      const own = withReuse(model, {policy, engine});
      const frame = scene();
      for (let t = 0; t < 40; t++) {
        poke(frame, t);
        const shown = t % 5 === 0 ? withOdd(frame, [NaN, Infinity, -Infinity][t % 3], t) : frame;
        expectSame(valuesOf(own.predict(shown) as tf.Tensor), plain(model, shown));
        expectSame(own.run(shown), plain(model, shown));
      }
      own.dispose();
    },
  );

  test('awaited frames likewise', async () => {
    const frames = [scene(), withOdd(scene()), poke(scene(), 1), withOdd(poke(scene(), 2), -Infinity)];
    const results = await Promise.all(frames.map((frame) => reuse.predictAsync(frame)));
    frames.forEach((frame, i) => expectSame(valuesOf(results[i] as tf.Tensor), plain(model, frame)));
    expect(reuse.lastFrame!.path).toBe('dense');
  });

  test("of a caller's regions, only what lies inside is looked at", () => {
    const around = (pixel: number) =>
      Region.fromRects(8, 9, [{y: Math.floor(pixel / 9), x: pixel % 9, height: 1, width: 1}]);
    expectFrame(scene());
    const frame = scene();
    frame[20] = 5;
    const unlooked = withOdd(frame, NaN, 100);
    expectSame(valuesOf(reuse.predict(unlooked, {changed: around(10)}) as tf.Tensor), plain(model, frame));
    expect(reuse.lastFrame!.path).toBe('incremental');
    frame[21] = NaN;
    expectFrame(frame, {changed: around(10)});
    expect(reuse.lastFrame!.path).toBe('dense');
    frame[21] = frame[40] = 2;
    expectFrame(frame, {changed: around(20)});
    expect(reuse.lastFrame!.path).toBe('incremental');
  });

  test('no gate is too high for it', () => {
    const gated = withReuse(model, {
      policy: 'incremental',
      engine,
      inputThreshold: {value: 100, neighbours: 0, grow: 1},
    });
    expectSame(gated.run(scene()), plain(model, scene()));
    const frame = withOdd(scene(), -Infinity);
    expectSame(gated.run(frame), plain(model, frame));
    expectSame(gated.run(scene()), plain(model, scene()));
    expect(gated.lastFrame).toMatchObject({path: 'incremental', changed: 0});
    gated.dispose();
  });

  test('a variant with such a value is refused by name, and the cache stays', () => {
    expectFrame(scene());
    expect(() => reuse.predict(withOdd(scene()), {commit: false})).toThrow(
      /commit: false .* the frame holds a NaN or an infinity, of which '.*pool.*' .*Replace such values/s,
    );
    expectFrame(poke(scene(), 4), {commit: false});
    expectFrame(scene());
    expect(reuse.lastFrame).toMatchObject({path: 'incremental', changed: 0});
  });

  test('frames with holes reuse where no op makes a difference', () => {
    const open = indifferent();
    const own = withReuse(open, {policy: 'incremental', engine});
    const frame = scene();
    for (let t = 0; t < 6; t++) {
      const holed = withOdd(poke(frame, t), t === 4 ? Infinity : NaN, 60 + t);
      expectSame(own.run(holed), plain(open, holed));
      expect(own.lastFrame!.path).toBe(t === 0 ? 'prime' : 'incremental');
    }
    own.dispose();
  });

  test('an episode refuses them all the same: gradients go back in another way than in the model', () => {
    const open = indifferent();
    const own = withReuse(open, {policy: 'incremental', engine: engine === 'auto' ? 'wasm' : engine});
    if (engine === 'tfjs' && backend === 'wasm') {
      expect(() => own.record()).toThrow(/which tfjs's backend 'wasm' does not have/);
      return own.dispose();
    }
    expectSame(own.run(withOdd(scene())), plain(open, withOdd(scene())));
    const episode = own.record();
    const refusal = /An episode records .* the frame holds a NaN or an infinity, through which gradients/;
    expect(() => own.run(withOdd(scene()))).toThrow(refusal);
    own.run(scene());
    expect(() => own.run(withOdd(scene(), Infinity))).toThrow(refusal);
    const [told, at] = [withOdd(scene(), NaN, 5), [{y: 0, x: 2, height: 1, width: 1}]];
    expect(() => own.predict(told, {changed: at})).toThrow(refusal);
    expectSame(own.run(poke(scene(), 1)), plain(open, poke(scene(), 1)));
    expect(episode.frames).toBe(2);
    episode.dispose();
    const [kernel] = open.getWeights();
    open.setWeights([tf.mul(kernel, NaN), ...open.getWeights().slice(1)]);
    expect(() => own.record()).toThrow(/record\(\): the weights of '.*' hold a NaN or an infinity/);
    own.dispose();
  });

  test('a PReLU whose alpha is none is as the backend computes it', () => {
    const leaky = sequential();
    leaky.add(layers.prelu({inputShape: [...SHAPE]}));
    leaky.setWeights([tf.fill([...SHAPE], NaN)]);
    const own = withReuse(leaky, {policy: 'incremental', engine});
    for (let t = 0; t < 3; t++) expectSame(own.run(poke(scene(), t)), plain(leaky, poke(scene(), t)));
    own.dispose();
  });

  test('a threshold relative to a channel that was infinite keeps nothing', () => {
    const conv = sequential();
    conv.add(layers.conv2d({filters: 4, kernelSize: 3, inputShape: [...SHAPE]}));
    const options = {policy: 'incremental', engine, threshold: {relative: 0.1}} as const;
    const own = withReuse(conv, options);
    own.run(withOdd(scene(), Infinity));
    expectSame(own.run(scene()), plain(conv, scene()));
    own.dispose();
  });

  test('values that become infinite, or no numbers, inside of a finite frame', async () => {
    const graph = new TfGraph();
    const x = graph.input('x', [1, ...SHAPE]);
    const quotient = graph.node('RealDiv', [graph.node('Tanh', [x]), x]);
    graph.node('Conv2D', [quotient, graph.floats([3, 3, 2, 4])], windowed());
    const dividing = await graph.load();
    const own = withReuse(dividing, {policy: 'incremental', engine});
    const frame = scene();
    for (let t = 0; t < 5; t++) {
      frame[31] = t % 2;
      poke(frame, t);
      expectSame(own.run(frame), plain(dividing, frame));
      expect(own.lastFrame!.path).not.toBe('dense');
    }
    own.dispose();
  });
});

describe.each(backends)('on %s', (backend) => {
  let model: LayersModel;
  beforeAll(() => useBackend(backend));
  beforeEach(() => {
    model = classifier();
  });

  test('relu6 before a pool and a softmax: the answer does not jump from one who computes to the other', () => {
    const small = sequential();
    small.add(layers.conv2d({filters: 4, kernelSize: 3, activation: 'relu6', inputShape: [...SHAPE]}));
    small.add(layers.globalAveragePooling2d({}));
    small.add(layers.dense({units: 3, activation: 'softmax'}));
    randomize(small, 4);
    const reuse = withReuse(small);
    const frame = withOdd(scene());
    for (let t = 0; t < 30; t++) {
      frame[t] += 0.5;
      frame[31] = NaN;
      expectSame(reuse.run(frame), plain(small, frame));
    }
    reuse.dispose();
  });

  test.each(['time', 'streams'] as const)('rows of a batch, the batch axis being %s', (batch) => {
    const reuse = withReuse(model, {policy: 'incremental', batch});
    const rows = [scene(1), withOdd(scene(1)), poke(scene(1), 2), withOdd(scene(2), Infinity)];
    const clip = Float32Array.from(rows.flatMap((row) => [...row]));
    for (let i = 0; i < 2; i++) {
      expectSame(valuesOf(reuse.predict(tensorOf(clip)) as tf.Tensor), plain(model, clip));
      expectSame(reuse.run(clip), plain(model, clip));
    }
    expect(reuse.lastFrame!.path).toBe('dense');
    reuse.dispose();
  });

  test('an episode refuses the frame by name, and goes on without it', () => {
    const reuse = withReuse(model, {policy: 'incremental'});
    const episode = reuse.record();
    const frames = [scene(1), poke(scene(1), 2), poke(scene(1), 5)];
    tf.dispose(reuse.predict(frames[0]));
    const refusal = /An episode records .* of which 'single' .*Replace such values/s;
    expect(() => reuse.predict(withOdd(frames[1]))).toThrow(refusal);
    // A batch of which one row is refused is refused before any of it is recorded.
    const batch = tensorOf(Float32Array.from([...frames[1], ...withOdd(frames[2])]));
    expect(() => reuse.predict(batch)).toThrow(refusal);
    frames.slice(1).forEach((frame) => tf.dispose(reuse.predict(frame)));
    const outputs = episode.outputs as tf.Tensor;
    const expected = Float32Array.from(frames.flatMap((frame) => [...plain(model, frame)]));
    expectSame(outputs.dataSync() as Float32Array, expected);
    episode.dispose();
    reuse.dispose();
    batch.dispose();
  });

  const engines = ['wasm', 'tfjs'] as const;
  test.each(engines)(
    'weights that are not finite: no frame is for the %s engine, until they are',
    (engine) => {
      const reuse = withReuse(model, {policy: 'incremental', engine});
      expectSame(reuse.run(scene()), plain(model, scene()));
      // Copies: what a layer hands out is its own.
      const [kernel, ...others] = model.getWeights().map((weight) => tf.clone(tf.mul(weight, 1)));
      const infinite = tf.where(tf.less(kernel, 0.9), kernel, Infinity);
      model.setWeights([infinite, ...others]);
      expectSame(reuse.run(scene()), plain(model, scene()));
      expect(reuse.lastFrame).toMatchObject({path: 'dense'});
      expect(reuse.lastFrame!.reason).toMatch(/the weights of 'first' hold a NaN or an infinity/);
      model.setWeights([kernel, ...others]);
      expectSame(reuse.run(scene()), plain(model, scene()));
      expect(reuse.lastFrame!.path).toBe('prime');
      reuse.dispose();
    },
  );
});
