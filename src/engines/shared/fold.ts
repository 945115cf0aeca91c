/** What follows a convolution channel by channel, folded into its filter and bias; and slopes laid out: by tfjs's ops, as tensors. */
import * as tf from '@tensorflow/tfjs-core';
import type {Plane} from '../../graph';
import type {WeightTensors} from './weights';

export interface Folded {
  readonly [name: string]: tf.Tensor;
  readonly filter: tf.Tensor;
}

/** Factor and summand of each output channel of a convolution with a bias; null where it has none. */
interface Affine {
  readonly scale: tf.Tensor | null;
  readonly shift: tf.Tensor | null;
}

/** (x + bias − mean) · scale + beta, with scale = gamma / √(variance + epsilon); x + bias where epsilon is null. */
function normalized({bias, gamma, beta, mean, variance}: WeightTensors, epsilon: number | null): Affine {
  if (epsilon === null) return {scale: null, shift: bias ?? null};
  const inverse = tf.div(1, tf.sqrt(tf.add(variance, epsilon)));
  const scale = gamma ? tf.mul(gamma, inverse) : inverse;
  const shift = tf.mul(tf.sub(bias ?? 0, mean), scale);
  return {scale, shift: beta ? tf.add(shift, beta) : shift};
}

/** The same, and after it · scale + shift. */
function affine(weights: WeightTensors, epsilon: number | null): Affine {
  const normed = normalized(weights, epsilon);
  const {scale = null, shift = null} = weights as Partial<WeightTensors>;
  const scaled = scale && normed.shift ? tf.mul(normed.shift, scale) : normed.shift;
  return {
    scale: scale && normed.scale ? tf.mul(normed.scale, scale) : (scale ?? normed.scale),
    shift: shift && scaled ? tf.add(scaled, shift) : (shift ?? scaled),
  };
}

/**
 * A filter and a bias that do the work of all of these weights.
 * @param epsilon of the batch norm; null where there is none
 * @param times the filter with each of its outputs times a factor
 */
export function foldAffine(
  weights: WeightTensors,
  epsilon: number | null,
  times: (scale: tf.Tensor) => tf.Tensor,
): Folded {
  const {scale, shift} = affine(weights, epsilon);
  const filter = scale ? times(scale) : weights.filter;
  return shift ? {filter, bias: tf.reshape(shift, [-1])} : {filter};
}

/** A filter as [kernel height, kernel width, in, out]; 1-D and dense ones lack the leading axes. */
function asFilter4d(filter: tf.Tensor): tf.Tensor4D {
  const shape = [...filter.shape];
  while (shape.length < 4) shape.unshift(1);
  return tf.reshape(filter, shape as [number, number, number, number]);
}

/** The filter as [kernel height, kernel width, in, out], with all that follows it but the activation folded in. */
export function foldFilter(weights: WeightTensors, epsilon: number | null): Folded {
  const filter = asFilter4d(weights.filter);
  const [, , inputs, outputs] = filter.shape;
  return foldAffine({...weights, filter}, epsilon, (scale) =>
    // Depthwise filters are [kh, kw, in, multiplier], with output channel in · multiplier + m.
    tf.mul(filter, scale.size === outputs ? scale : tf.reshape(scale, [inputs, outputs])),
  );
}

/** Slopes taken round and round over a plane: one a channel, or one for each value. */
export function repeatedSlopes(slopes: tf.Tensor, {height, width, channels}: Plane): tf.Tensor {
  if (slopes.size === channels) return tf.reshape(slopes, [channels]);
  const size = height * width * channels;
  const rounds = tf.tile(tf.reshape(slopes, [slopes.size]), [Math.ceil(size / slopes.size)]);
  return tf.slice(rounds, [0], [size]);
}
