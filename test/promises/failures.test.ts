/** An error in mid-frame leaves the cache as it was or empty, never half-written; and no tensors. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {AutoPolicy} from '../../src/stream/auto/auto-policy';
import {useBackend} from '../backends';
import {expectClose, plain, poke, scene, SHAPE, sidesInTurn, smallModel, tensorOf, valuesOf} from './helpers';

/** A layer of the user's own that throws on demand. */
class Fragile extends layers.Layer {
  static className = 'PromisesFragile';
  throws = false;
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const doubled = tf.mul([inputs].flat()[0], 2);
    if (this.throws) throw new Error('out of order');
    return doubled;
  }
  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
  override getClassName(): string {
    return Fragile.className;
  }
}

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test.each([false, true])(
    'a layer throws in the middle of a frame; asynchronously: %s',
    async (asynchronous) => {
      const middle = new Fragile({});
      const model = smallModel({middle});
      const reuse = withReuse(model, {engine, policy: 'incremental'});
      const frame = scene();
      expectClose(valuesOf(reuse.predict(frame)), plain(model, frame));
      const full = tf.memory().numTensors;
      for (let t = 0; t < 6; t++) {
        middle.throws = true;
        poke(frame, t);
        const before = tf.memory().numTensors;
        if (asynchronous) await expect(reuse.predictAsync(frame)).rejects.toThrow('out of order');
        else expect(() => reuse.predict(frame)).toThrow('out of order');
        expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
        expect(reuse.cache.bytes).toBe(0);
        middle.throws = false;
        expectClose(valuesOf(reuse.predict(frame)), plain(model, frame));
        expect(tf.memory().numTensors).toBe(full);
      }
      reuse.dispose();
    },
  );

  test('the model itself throws: what changed meanwhile is not forgotten', () => {
    const middle = new Fragile({});
    const model = smallModel({middle});
    const reuse = withReuse(model, {engine, policy: 'auto'});
    const frame = scene();
    for (let t = 0; t < 60; t++) {
      const before = frame.slice();
      poke(frame, t);
      const changed = [...frame.keys()]
        .filter((i) => frame[i] !== before[i])
        .map((i) => ({y: Math.floor(i / 18), x: Math.floor(i / 2) % 9, height: 1, width: 1}));
      middle.throws = t % 5 === 4;
      if (middle.throws) expect(() => reuse.predict(frame, {changed})).toThrow('out of order');
      else expectClose(valuesOf(reuse.predict(frame, {changed})), plain(model, frame));
    }
    reuse.dispose();
  });
});

test.each([false, true])(
  'a frame that the model itself fails on has gone by: its change is not forgotten; asynchronously: %s',
  async (asynchronous) => {
    await useBackend('cpu');
    const model = smallModel();
    const reuse = withReuse(model);
    const paths = ['prime', 'dense', 'incremental'] as const;
    const decide = jest.spyOn(AutoPolicy.prototype, 'decide');
    for (const path of paths) decide.mockReturnValueOnce({path, reason: 'as the test says'});
    const frame = scene();
    const play = async (y: number) => {
      frame[18 * y] += 1;
      const changed = [{y, x: 0, height: 1, width: 1}];
      return asynchronous ? reuse.predictAsync(frame, {changed}) : reuse.predict(frame, {changed});
    };
    valuesOf(await play(0));
    const fails = jest.spyOn(model, 'predict').mockImplementationOnce(() => {
      throw new Error('out of memory');
    });
    await expect(play(2)).rejects.toThrow('out of memory');
    fails.mockRestore();
    const actual = valuesOf(await play(6));
    expect(reuse.lastFrame!.path).toBe('incremental');
    expectClose(actual, plain(model, frame));
    decide.mockRestore();
    reuse.dispose();
  },
);

describe('frames that go to the model without a look at them', () => {
  beforeAll(() => useBackend('cpu'));

  test('a batch whose rows a layer may mix has gone by where the model failed on it', () => {
    const middle = new Fragile({});
    const model = smallModel({middle});
    const reuse = withReuse(model, {policy: 'incremental'});
    const frames = [scene(), scene()];
    valuesOf(reuse.predict(frames[0]));
    // The rows differ from the cached frame at the top, and the frame after them from the last row at the bottom alone.
    frames[1][0] += 1;
    const batch = tf.stack(frames.map((frame) => tf.tensor3d(frame, [...SHAPE])));
    const changed = frames.map(() => [{y: 0, x: 0, height: 1, width: 1}]);
    middle.throws = true;
    expect(() => reuse.predict(batch, {changed})).toThrow('out of order');
    middle.throws = false;
    expect(reuse.lastFrame).toBeNull();
    const next = frames[1].slice();
    next[next.length - 1] += 1;
    const actual = valuesOf(reuse.predict(next, {changed: [{y: 7, x: 8, height: 1, width: 1}]}));
    expect(reuse.lastFrame!.path).toBe('incremental');
    expectClose(actual, plain(model, next));
    batch.dispose();
    reuse.dispose();
  });

  test('of a frame that failed while the policy rests, there is no report', () => {
    const middle = new Fragile({});
    const model = smallModel({middle});
    const reuse = withReuse(model, {policy: 'dense'});
    const frame = tensorOf(scene());
    for (let t = 0; t < 3; t++) valuesOf(reuse.predict(frame));
    expect(reuse.lastFrame).not.toBeNull();
    middle.throws = true;
    expect(() => reuse.predict(frame)).toThrow('out of order');
    expect(reuse.lastFrame).toBeNull();
    frame.dispose();
    reuse.dispose();
  });
});
