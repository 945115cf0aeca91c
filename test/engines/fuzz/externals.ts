/** Ops of random graphs that compute themselves. */
import * as tf from '@tensorflow/tfjs-core';
import type {ExternalOp, Plane, Shape} from '../../../src/graph';

/** What the externals compute, exactly, from the values of their input. */
export const EXTERNALS = {
  reversed: (values: Float32Array) => [values.slice().reverse()],
  split: (values: Float32Array) => [values.map((x) => -x), Float32Array.from([...values, ...values])],
};

export type ExternalName = keyof typeof EXTERNALS;

/** The same of tensors, on any backend. */
const TENSOR_EXTERNALS: Readonly<Record<ExternalName, (x: tf.Tensor) => tf.Tensor[]>> = {
  reversed: (x) => [tf.reverse(x)],
  split: (x) => [tf.neg(x), tf.concat([x, x])],
};

/** @param shape and plane of the input */
export function externalOp(
  fn: ExternalName,
  pure: boolean,
  shape: Shape,
  {height, width, channels}: Plane,
): ExternalOp {
  const plane = {height, width, channels};
  const double = {height, width, channels: 2 * channels};
  const first = {shape, plane};
  const second = {shape: [height, width, 2 * channels], plane: double};
  const forms = fn === 'reversed' ? [first] : [first, second];
  return {
    kind: 'external',
    label: fn,
    pure,
    rowwise: true,
    batched: true,
    forms,
    apply: ([tensor]) =>
      TENSOR_EXTERNALS[fn](tf.reshape(tensor, [-1])).map((flat, i) =>
        tf.reshape(flat, [1, ...forms[i].shape]),
      ),
  };
}
