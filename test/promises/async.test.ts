/** predictAsync gives what predict gives; calls are done in order, on the frames as they were when called. */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse} from '../../src';
import {useBackend} from '../backends';
import {expectClose, plain, poke, scene, sidesInTurn, smallModel, tensorOf, valuesOf} from './helpers';

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test('equals predict', async () => {
    const model = smallModel();
    const [one, other] = [1, 2].map(() => withReuse(model, {engine, policy: 'incremental'}));
    const frame = scene();
    for (let t = 0; t < 10; t++) {
      const actual = valuesOf(await one.predictAsync(poke(frame, t)));
      expect(actual).toEqual(valuesOf(other.predict(frame)));
    }
    [one, other].forEach((reuse) => reuse.dispose());
  });

  test('calls that are not awaited are done in order, though the buffer is refilled and tensors are disposed', async () => {
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const before = tf.memory().numTensors;
    const frame = scene();
    const expected: Float32Array[] = [];
    const calls = Array.from({length: 6}, (_, t) => {
      poke(frame, t);
      expected.push(plain(model, frame));
      if (t % 2 === 0) return reuse.predictAsync(frame);
      const x = tensorOf(frame);
      const call = reuse.predictAsync(x);
      x.dispose();
      return call;
    });
    (await Promise.all(calls)).forEach((output, t) => expectClose(valuesOf(output), expected[t]));
    reuse.dispose();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 16);
  });

  test('a call that fails leaves the next ones alone', async () => {
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const calls = [reuse.predictAsync(scene(1, 3)), reuse.predictAsync(scene())];
    await expect(calls[0]).rejects.toThrow(/144 values/);
    expectClose(valuesOf(await calls[1]), plain(model, scene()));
    reuse.dispose();
    await expect(reuse.predictAsync(scene())).rejects.toThrow(/disposed/);
  });
});
