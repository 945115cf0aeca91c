/** A variant after new weights: the frame that lies on the device is computed with them first. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../src';
import {numbers, randomize} from '../../importers/helpers';
import {valuesOf} from '../fuzz/values';
import {onWebGpu} from './backend';

const SHAPE = [1, 7, 9, 2] as const;

onWebGpu('a variant after new weights', () => {
  it('is of the last committed frame, which stays', async () => {
    const model = sequential({
      layers: [
        layers.conv2d({inputShape: SHAPE.slice(1), filters: 3, kernelSize: 3, activation: 'relu'}),
        layers.conv2d({filters: 2, kernelSize: 3}),
      ],
    });
    const reuse = withReuse(model, {policy: 'incremental'});
    const frame = numbers(7 * 9 * 2, 1);
    const show = async (values: Float32Array, options = {}) => {
      const x = tf.tensor4d(values.slice(), [...SHAPE]);
      const sides = [reuse.predict(x, options), model.predict(x)] as tf.Tensor[];
      const [actual, expected] = await valuesOf(sides);
      actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
      x.dispose();
      return (await reuse.report())!.path;
    };
    await show(frame);
    const before = tf.memory().numTensors;
    for (let t = 0; t < 3; t++) {
      randomize(model, t + 2);
      const variant = frame.slice();
      variant[20 + t] += 1;
      expect(await show(variant, {commit: false})).toBe('incremental');
      expect(await show(variant, {commit: false, changed: [{y: 1, x: 0, height: 1, width: 9}]})).toBe(
        'incremental',
      );
      frame[40 + t] += 1;
      expect(await show(frame)).toBe('incremental');
    }
    expect(tf.memory().numTensors).toBe(before);
    [reuse, model].forEach((each) => each.dispose());
  });

  it('leaves nothing behind where that frame cannot be computed', async () => {
    const permute = layers.permute({dims: [2, 1, 3]});
    const model = sequential({
      layers: [layers.conv2d({inputShape: SHAPE.slice(1), filters: 3, kernelSize: 3}), permute],
    });
    const reuse = withReuse(model, {policy: 'incremental'});
    const frame = tf.tensor4d(numbers(7 * 9 * 2, 1), [...SHAPE]);
    tf.dispose(await reuse.predictAsync(frame));
    randomize(model, 2);
    const before = tf.memory().numTensors;
    const breaks = jest.spyOn(permute, 'call').mockImplementation(() => {
      throw new Error('the layer broke');
    });
    await expect(reuse.predictAsync(frame, {commit: false})).rejects.toThrow('the layer broke');
    expect(tf.memory().numTensors).toBe(before);
    breaks.mockRestore();
    tf.dispose(frame);
    [reuse, model].forEach((each) => each.dispose());
  });
});
