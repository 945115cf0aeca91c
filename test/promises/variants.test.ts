/**
 * Variants (`commit: false`) in every state that a stream can be in: right, whoever computes them, or refused in words that
 * say what to do.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse, type PredictOptions, type ReuseModel, type ReuseOptions} from '../../src';
import {backends, useBackend} from '../backends';
import {numbers, randomize} from '../importers/helpers';
import {small, withWhere} from './small-graph';
import {expectClose, plain, poke, scene, sidesInTurn, SIZE, smallModel, valuesOf} from './helpers';

const VARIANT = {commit: false};
const NONE = /last committed frame, and there is none: predict one first/;
const ELSEWHERE = /the cache does not hold the last committed frame/;

function reusing(options: ReuseOptions, middle?: layers.Layer) {
  const model = smallModel({middle});
  const reuse = withReuse(model, {policy: 'incremental', ...options});
  const show = (frame: Float32Array, given: PredictOptions = {}) => {
    const rows = frame.length / SIZE;
    expectClose(valuesOf(reuse.predict(frame, given)), plain(model, frame, rows));
    return reuse.lastFrame!;
  };
  return {model, reuse, show};
}

const rect = (index: number) => ({y: Math.floor(index / 18), x: (index % 18) >> 1, height: 1, width: 1});

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test.each(['incremental', 'auto'] as const)(
    "new weights: the last committed frame is computed with them first, with policy '%s'",
    (policy) => {
      const {model, reuse, show} = reusing({engine, policy});
      const frame = scene();
      for (let t = 0; t < 4; t++) {
        show(poke(frame, t));
        randomize(model, 10 + t);
        const variant = poke(frame.slice(), 20 + t);
        expect(show(variant, VARIANT).path).toBe('incremental');
        show(poke(frame.slice(), 40 + t), VARIANT);
        // A caller's regions are still those since the last committed frame.
        const other = frame.slice();
        other[30 + t] += 1;
        show(other, {...VARIANT, changed: [rect(30 + t)]});
        frame[50 + t] += 1;
        show(frame, {changed: [rect(50 + t)]});
      }
      reuse.dispose();
    },
  );

  test('right after setWeights()', () => {
    const {model, reuse, show} = reusing({engine});
    show(scene());
    tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 0.5))));
    expect(show(poke(scene(), 3), VARIANT).path).toBe('incremental');
    reuse.dispose();
  });

  test('new weights leave nothing behind, and a cache as large as it was', () => {
    const {model, reuse, show} = reusing({engine});
    show(scene());
    const {numTensors} = tf.memory();
    const {bytes} = reuse.cache;
    for (let t = 0; t < 3; t++) {
      randomize(model, t);
      show(scene(t), VARIANT);
      expect(tf.memory().numTensors).toBe(numTensors);
      expect(reuse.cache.bytes).toBe(bytes);
    }
    reuse.dispose();
  });

  test('new weights, of a stream for each row, and of one that shares the plan', () => {
    const {model, reuse} = reusing({engine, batch: 'streams'});
    const other = reuse.stream();
    const both = new Float32Array([...scene(1), ...scene(2)]);
    const expected = (frames: Float32Array) => plain(model, frames, 2);
    for (const one of [reuse, other]) expectClose(valuesOf(one.predict(both)), expected(both));
    randomize(model, 5);
    const variants = new Float32Array([...poke(scene(1), 3), ...poke(scene(2), 4)]);
    for (const one of [reuse, other, reuse])
      expectClose(valuesOf(one.predict(variants, VARIANT)), expected(variants));
    expect(() => reuse.predict(new Float32Array([...both, ...scene(3)]), VARIANT)).toThrow(NONE);
    [reuse, other].forEach((one) => one.dispose());
  });

  test('new weights, asynchronously', async () => {
    const {model, reuse, show} = reusing({engine});
    show(scene());
    randomize(model, 5);
    const variant = poke(scene(), 4);
    expectClose(valuesOf(await reuse.predictAsync(variant, VARIANT)), plain(model, variant));
    expect(reuse.lastFrame!.path).toBe('incremental');
    reuse.dispose();
  });

  test('before the first frame, and after reset(), there is nothing to vary', () => {
    const {reuse, show} = reusing({engine});
    expect(() => reuse.predict(scene(), VARIANT)).toThrow(NONE);
    show(scene());
    reuse.reset();
    expect(() => reuse.predict(scene(), VARIANT)).toThrow(NONE);
    reuse.dispose();
  });

  test('a cache that was cleared: the model computes them', () => {
    const {reuse, show} = reusing({engine});
    show(scene());
    reuse.cache.clear();
    expect(show(scene(2), VARIANT).reason).toMatch(ELSEWHERE);
    expect(reuse.cache.bytes).toBe(0);
    expect(show(scene(3)).path).toBe('prime');
    reuse.dispose();
  });

  test('a cache that an error in mid-frame emptied: the model computes them', () => {
    const middle = layers.rescaling({scale: 2});
    const {reuse, show} = reusing({engine}, middle);
    show(scene());
    const call = jest.spyOn(middle, 'call').mockImplementation(() => {
      throw new Error('out of order');
    });
    expect(() => reuse.predict(scene(2))).toThrow('out of order');
    expect(() => reuse.predict(scene(2), VARIANT)).toThrow('out of order');
    call.mockRestore();
    expect(show(scene(3), VARIANT).reason).toMatch(ELSEWHERE);
    reuse.dispose();
  });

  test('a cache that may not be as large as it would be: the model computes them', () => {
    const {reuse, show} = reusing({engine, maxBytes: 1000});
    show(scene());
    expect(show(scene(2), VARIANT).reason).toMatch(/more than maxBytes/);
    expect(reuse.cache.bytes).toBe(0);
    reuse.dispose();
  });

  test('another size than that of the last committed frame is refused, and changes nothing', () => {
    const model = smallModel({open: true});
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const show = (side: number, given: PredictOptions = {}) =>
      tf.tidy(() => {
        const x = tf.tensor4d(numbers(side * 8 * 2, side), [1, side, 8, 2]);
        const [actual, expected] = [reuse.predict(x, given), model.predict(x)] as tf.Tensor[];
        expectClose(actual.dataSync(), expected.dataSync());
      });
    show(6);
    expect(() => show(9, VARIANT)).toThrow(
      /had 6 × 8 pixels of 2; this one has 9 × 8 pixels of 2. Predict a frame/,
    );
    show(6, VARIANT);
    expect(reuse.lastFrame!.path).toBe('incremental');
    reuse.dispose();
  });
});

test.each(['auto', 'tfjs'] as const)(
  "another backend than that of the last committed frame: the model computes them, with engine '%s'",
  async (engine) => {
    await useBackend('cpu');
    const {reuse, show} = reusing({engine});
    for (const backend of [...backends, ...backends]) {
      show(scene());
      await useBackend(backend);
      show(scene(2), VARIANT);
      show(scene(3), {...VARIANT, changed: [{y: 0, x: 0, height: 8, width: 9}]});
      expect(show(poke(scene(), 1)).path).not.toBe('dense');
      expect(show(scene(4), VARIANT).path).toBe('incremental');
    }
    reuse.dispose();
  },
);

describe.each(backends)('a graph model on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('a variant of other outputs than the last committed frame had', async () => {
    const model = await small().load();
    const reuse = withReuse(model, {policy: 'incremental'});
    tf.tidy(() => {
      const [first, second] = [1, 2].map((seed) => tf.tensor(scene(seed), [1, 8, 9, 2]));
      reuse.execute(first, 'tail');
      const actual = reuse.execute(second, 'relu', VARIANT) as tf.Tensor;
      expectClose(actual.dataSync(), (model.execute(second, 'relu') as tf.Tensor).dataSync());
      expect(reuse.lastFrame!.reason).toMatch(ELSEWHERE);
    });
    reuse.dispose();
  });

  test('a frame that was only monitored is caught up with where a tail has to be awaited', async () => {
    const model = await small(withWhere).load();
    const reuse: ReuseModel = withReuse(model, {engine: 'wasm'});
    const [first, second] = [1, 2].map((seed) => tf.tensor(scene(seed), [1, 8, 9, 2]));
    // The first frame goes to the model, to be measured.
    tf.dispose(await reuse.executeAsync(first, ['where', 'tail']));
    expect(reuse.lastFrame!.path).toBe('dense');
    const names = ['where', 'tail'];
    const actual = [await reuse.executeAsync(second, names, VARIANT)].flat();
    const expected = [await model.executeAsync(second, names)].flat();
    expected.forEach((tensor, i) => expectClose(actual[i].dataSync(), tensor.dataSync()));
    expect(reuse.lastFrame!.path).toBe('incremental');
    tf.dispose([first, second, actual, expected]);
    reuse.dispose();
  });
});

test('steps of a window that were kept are of the old weights too', async () => {
  await useBackend('cpu');
  const model = sequential({
    layers: [
      layers.timeDistributed({
        layer: layers.conv2d({filters: 2, kernelSize: 3}),
        inputShape: [3, 5, 6, 2],
      }),
      layers.flatten(),
    ],
  });
  randomize(model, 1);
  const reuse = withReuse(model, {policy: 'incremental'});
  const show = (seed: number, given: PredictOptions = {}) =>
    tf.tidy(() => {
      const x = tf.tensor(numbers(3 * 5 * 6 * 2, seed), [1, 3, 5, 6, 2]);
      const [actual, expected] = [reuse.predict(x, given), model.predict(x)] as tf.Tensor[];
      expectClose(actual.dataSync(), expected.dataSync());
    });
  show(1);
  randomize(model, 2);
  show(1, VARIANT);
  show(2, VARIANT);
  show(1);
  expect(reuse.lastFrame).toMatchObject({path: 'incremental', changed: 0});
  reuse.dispose();
});
