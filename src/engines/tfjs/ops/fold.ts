/** What follows a convolution channel by channel, folded into its filter and bias. */
import * as tf from '@tensorflow/tfjs-core';
import type {Prepared} from '../step';

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
function normalized({bias, gamma, beta, mean, variance}: Prepared, epsilon: number | null): Affine {
  if (epsilon === null) return {scale: null, shift: bias ?? null};
  const inverse = tf.div(1, tf.sqrt(tf.add(variance, epsilon)));
  const scale = gamma ? tf.mul(gamma, inverse) : inverse;
  const shift = tf.mul(tf.sub(bias ?? 0, mean), scale);
  return {scale, shift: beta ? tf.add(shift, beta) : shift};
}

/** The same, and after it · scale + shift. */
function affine(weights: Prepared, epsilon: number | null): Affine {
  const normed = normalized(weights, epsilon);
  const {scale = null, shift = null} = weights as Partial<Prepared>;
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
  weights: Prepared,
  epsilon: number | null,
  times: (scale: tf.Tensor) => tf.Tensor,
): Folded {
  const {scale, shift} = affine(weights, epsilon);
  const filter = scale ? times(scale) : weights.filter;
  return shift ? {filter, bias: tf.reshape(shift, [-1])} : {filter};
}
