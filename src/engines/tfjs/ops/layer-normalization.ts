/** Layer normalization, by the moments that tfjs's own layer takes. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayerNormalizationOp} from '../../../graph';
import type {WeightTensors} from '../../shared/weights';
import type {PortableOp} from './op';
import {perPixel} from './per-pixel';

export const layerNormalization: PortableOp<LayerNormalizationOp> = {
  prepare: (_op, weights, [plane]) =>
    Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, perPixel(weight, plane)])),
  update(step) {
    step.patchwise(step.pixelCost, (patch) =>
      normalized(step.readPixels(step.inputs[0], patch), step.prepared, step.op),
    );
  },
  whole: ({op, inputs: [input], weights}) => normalized(input, weights, op),
};

/** Over the last axis. */
function normalized(x: tf.Tensor, weights: WeightTensors, {epsilon}: LayerNormalizationOp): tf.Tensor {
  const {gamma, beta} = weights as Partial<WeightTensors>;
  const {mean, variance} = tf.moments(x, -1, true);
  const normed = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
  const scaled = gamma ? tf.mul(normed, gamma) : normed;
  return beta ? tf.add(scaled, beta) : scaled;
}
