/** Parameters of ops that read one pixel for one: laid out for a plane, and read at the pixels of a patch. */
import * as tf from '@tensorflow/tfjs-core';
import type {Op, Plane} from '../../../graph';
import type {Patch} from '../step/patch';
import type {Step} from '../step/step';

/**
 * A parameter laid out for the pixels of a plane: one value a channel as [channels], or, where pixels have their own,
 * as [pixels, channels].
 */
export function perPixel(parameter: tf.Tensor, {height, width, channels}: Plane): tf.Tensor {
  const isPerChannel = parameter.shape[parameter.rank - 1] === channels && parameter.size === channels;
  if (isPerChannel) return tf.reshape(parameter, [channels]);
  if (parameter.size === height * width * channels) return tf.reshape(parameter, [height * width, channels]);
  const [columns, depth] = [1, 1, ...parameter.shape].slice(-2);
  const rows = tf.reshape(parameter, [-1, columns, depth]);
  return tf.reshape(tf.broadcastTo(rows, [height, width, channels]), [height * width, channels]);
}

/** A parameter at the pixels of a patch, to be broadcast with [1, height, width, channels]. */
export function parameterAt<O extends Op>(step: Step<O>, parameter: tf.Tensor, patch: Patch): tf.Tensor {
  if (parameter.rank === 1) return parameter;
  return step.readPixels({tensor: parameter, plane: step.output.plane}, patch);
}
