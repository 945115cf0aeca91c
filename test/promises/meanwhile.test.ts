/**
 * Frames that come while an asynchronous prediction of the same stream is under way: the model computes them, and the cache
 * is caught up with the next one.
 */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse, type PredictOptions, type ReuseModel} from '../../src';
import {backends, useBackend} from '../backends';
import {small, withWhere} from './small-graph';
import {
  expectClose,
  leftBy,
  plain,
  poke,
  scene,
  sidesInTurn,
  SIZE,
  smallModel,
  tensorOf,
  valuesOf,
} from './helpers';

const UNDER_WAY = /An asynchronous frame of this stream is still under way; await it/;
const MEANWHILE = 'an asynchronous prediction of this stream was still under way';

const rect = (index: number) => ({y: Math.floor(index / 18), x: (index % 18) >> 1, height: 1, width: 1});

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  const reusing = (options = {}) => {
    const model = smallModel();
    return {model, reuse: withReuse(model, {engine, policy: 'incremental', ...options})};
  };

  test.each(['predict', 'run', 'execute'] as const)('%s() gives the model’s result', async (method) => {
    const {model, reuse} = reusing();
    const frame = scene();
    const call = reuse.predictAsync(frame);
    const other = scene(9);
    const actual = method === 'run' ? reuse.run(other) : valuesOf(reuse[method](other));
    expectClose(actual, plain(model, other));
    expectClose(valuesOf(await call), plain(model, frame));
    expect(reuse.lastFrame).toMatchObject({path: 'dense', reason: MEANWHILE, changed: null});
    expectClose(valuesOf(reuse.predict(poke(frame, 3))), plain(model, frame));
    expect(reuse.lastFrame!.path).toBe('incremental');
    reuse.dispose();
  });

  test('what a caller says has changed is united over the frames that the cache missed', async () => {
    const {model, reuse} = reusing({verify: true});
    const frame = scene();
    expectClose(valuesOf(reuse.predict(frame)), plain(model, frame));
    /** Changes another pixel, and says so. */
    const next = (index: number): [Float32Array, PredictOptions] => {
      frame[index] += 1;
      return [frame, {changed: [rect(index)]}];
    };
    for (let t = 0; t < 5; t++) {
      const call = reuse.predictAsync(...next(20 * t));
      const expected = plain(model, frame);
      expectClose(valuesOf(reuse.predict(...next(20 * t + 3))), plain(model, frame));
      expectClose(reuse.run(next(20 * t + 7)[0]), plain(model, frame));
      // This one is asked for after the two before, and computed after them.
      const last = reuse.predictAsync(...next(20 * t + 11));
      const expectedLast = plain(model, frame);
      expectClose(valuesOf(await call), expected);
      expectClose(valuesOf(await last), expectedLast);
      expect(reuse.lastFrame!.path).toBe('incremental');
      expectClose(valuesOf(reuse.predict(...next(20 * t + 15))), plain(model, frame));
    }
    const call = reuse.predictAsync(frame);
    valuesOf(reuse.predict(...next(100)));
    valuesOf(await call);
    expectClose(valuesOf(reuse.predict(...next(110))), plain(model, frame));
    expect(reuse.lastFrame).toMatchObject({path: 'incremental', changed: 2 / 72});
    reuse.dispose();
  });

  test('a batch, with a stream for each row', async () => {
    const {model, reuse} = reusing({batch: 'streams'});
    const both = new Float32Array([...scene(1), ...scene(2)]);
    const call = reuse.predictAsync(both);
    const three = new Float32Array([...scene(3), ...scene(4), ...scene(5)]);
    expectClose(valuesOf(reuse.predict(three)), plain(model, three, 3));
    expectClose(valuesOf(await call), plain(model, both, 2));
    expectClose(valuesOf(reuse.predict(poke(three, 1), {changed: [[], [], []]})), plain(model, three, 3));
    reuse.dispose();
  });

  test('what cannot be told yet is refused: variants, and the place of a recorded frame', async () => {
    const {model, reuse} = reusing();
    valuesOf(reuse.predict(scene()));
    const call = reuse.predictAsync(scene(2));
    expect(() => reuse.predict(scene(3), {commit: false})).toThrow(UNDER_WAY);
    expect(() => reuse.record()).toThrow(UNDER_WAY);
    expect(() => reuse.predict(scene(1, 5))).toThrow(/144 values/);
    expectClose(valuesOf(await call), plain(model, scene(2)));
    expectClose(valuesOf(reuse.predict(scene(3), {commit: false})), plain(model, scene(3)));
    // On the wasm backend tfjs has no gradients for the portable engine.
    if (backend === 'wasm' && engine === 'tfjs') return;
    const episode = reuse.record();
    const recorded = reuse.predictAsync(scene(4));
    expect(() => reuse.predict(scene(5))).toThrow(UNDER_WAY);
    valuesOf(await recorded);
    expect(episode.frames).toBe(1);
    [episode, reuse].forEach((one) => one.dispose());
  });

  test('after a call that fails, and in a tidy', async () => {
    const {model, reuse} = reusing();
    const frame = scene();
    valuesOf(reuse.predict(frame));
    const fails = reuse.predictAsync(frame, {changed: [{y: 0, x: 99, height: 1, width: 1}]});
    frame[30] += 1;
    expect(leftBy(() => tf.tidy(() => void reuse.predict(tensorOf(frame), {changed: [rect(30)]})))).toBe(0);
    await expect(fails).rejects.toThrow();
    frame[50] += 1;
    expectClose(valuesOf(reuse.predict(frame, {changed: [rect(50)]})), plain(model, frame));
    reuse.dispose();
  });

  test('reset() and dispose() are done in their turn', async () => {
    const {model, reuse} = reusing();
    const call = reuse.predictAsync(scene());
    reuse.reset();
    expectClose(valuesOf(reuse.predict(scene(2))), plain(model, scene(2)));
    expectClose(valuesOf(await call), plain(model, scene()));
    expectClose(valuesOf(reuse.predict(scene(2), {changed: []})), plain(model, scene(2)));
    expect(reuse.lastFrame!.path).toBe('prime');
    const last = reuse.predictAsync(scene(3));
    reuse.dispose();
    expect(() => reuse.predict(scene(2))).toThrow(/disposed/);
    expectClose(valuesOf(await last), plain(model, scene(3)));
  });

  test('a backend that is switched meanwhile', async () => {
    const {model, reuse} = reusing();
    const frame = scene();
    for (const other of [...backends, backend]) await useBackend(other);
    for (const other of [...backends, backend]) {
      const call = reuse.predictAsync(poke(frame, 1));
      const expected = plain(model, frame);
      await tf.setBackend(other);
      expectClose(valuesOf(reuse.predict(poke(frame, 2))), plain(model, frame));
      expectClose(valuesOf(await call), expected);
      expectClose(valuesOf(reuse.predict(poke(frame, 3))), plain(model, frame));
    }
    reuse.dispose();
  });
});

test('a graph model that has to be awaited, asked for what has not', async () => {
  await useBackend('cpu');
  const model = await small(withWhere).load();
  const reuse: ReuseModel = withReuse(model, {policy: 'incremental'});
  const tensor = (seed: number) => tf.tensor(scene(seed, SIZE), [1, 8, 9, 2]);
  const [first, second] = [tensor(1), tensor(2)];
  const call = reuse.executeAsync(first, ['where', 'tail']);
  const actual = reuse.execute(second, 'tail') as tf.Tensor;
  expectClose(actual.dataSync(), (model.execute(second, 'tail') as tf.Tensor).dataSync());
  expect(() => reuse.execute(second, 'where')).toThrow(/executeAsync/);
  const [where] = (await call) as tf.Tensor[];
  expect([...where.dataSync()]).toEqual([
    ...((await model.executeAsync(first, 'where')) as tf.Tensor).dataSync(),
  ]);
  reuse.dispose();
});

test.each(['predict', 'execute', 'run'] as const)(
  '%s() of a graph model whose executeAsync() is pending',
  async (method) => {
    await useBackend('cpu');
    const model = await small().load();
    const reuse: ReuseModel = withReuse(model, {policy: 'incremental'});
    const tensor = (seed: number) => tf.tensor(scene(seed, SIZE), [1, 8, 9, 2]);
    const [first, second] = [tensor(1), tensor(2)];
    const values = (tensors: unknown) => valuesOf(tensors as tf.Tensor);
    const call = reuse.executeAsync(first, 'tail');
    const actual = method === 'run' ? reuse.run(scene(2)) : values(reuse[method](second));
    expectClose(actual, values(model.execute(second, 'tail')));
    expectClose(values(await call), values(model.execute(first, 'tail')));
    tf.dispose([first, second]);
    reuse.dispose();
  },
);
