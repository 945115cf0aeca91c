/** Weights as the kernels read them: axes of channels filled up to whole vectors. */
import * as tf from '@tensorflow/tfjs-core';
import {vectorsFor} from '../../memory/layout';

/** @param axes how many of the last axes are filled up, with zeros */
export function inVectors(x: tf.Tensor, axes = 1): tf.Tensor {
  const missing = x.shape.map((size, axis) => (axis < x.rank - axes ? 0 : 4 * vectorsFor(size) - size));
  if (missing.every((count) => count === 0)) return x;
  return tf.pad(
    x,
    missing.map((count) => [0, count]),
  );
}

/** Values that are there for each one needed, where an axis of so many is filled up. */
export const filledUp = (channels: number): number => (4 * vectorsFor(channels)) / channels;

/** A value a channel; zeros where there is none. */
export const channelVectors = (x: tf.Tensor | undefined, channels: number): tf.Tensor =>
  x ? inVectors(tf.reshape(x, [channels])) : tf.zeros([4 * vectorsFor(channels)]);
