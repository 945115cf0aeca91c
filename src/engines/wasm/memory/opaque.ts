/**
 * Values that are no activations: results of the model's own nodes of any shape and dtype, which only others of these
 * nodes and callers read. They are kept as they came, beside a stream's block.
 */
import * as tf from '@tensorflow/tfjs-core';

export interface OpaqueValue {
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  readonly values: tf.TypedArray;
}

/** A copy of a tensor's values: on some backends a tensor shares those it hands out. */
export function opaqueOf(tensor: tf.Tensor): OpaqueValue {
  return {shape: [...tensor.shape], dtype: tensor.dtype, values: tensor.dataSync().slice()};
}

export async function opaqueOfAsync(tensor: tf.Tensor): Promise<OpaqueValue> {
  return {shape: [...tensor.shape], dtype: tensor.dtype, values: (await tensor.data()).slice()};
}

/** A fresh tensor that shares nothing with what is kept. */
export function tensorOfOpaque({shape, dtype, values}: OpaqueValue): tf.Tensor {
  return tf.tensor(values.slice(), [...shape], dtype);
}

/** Whether two are the same, bit for bit. */
export function isSameOpaque(a: OpaqueValue, b: OpaqueValue | undefined): boolean {
  if (!b || a.dtype !== b.dtype || !tf.util.arraysEqual([...a.shape], [...b.shape])) return false;
  const [bits, others] = [bitsOf(a.values), bitsOf(b.values)];
  return bits.every((bit, i) => bit === others[i]);
}

/** NaN is not itself as a number, and -0 is 0; as bits they are what they are. */
function bitsOf(values: tf.TypedArray): ArrayLike<unknown> & {every: Int32Array['every']} {
  if (!(values instanceof Float32Array)) return values as Int32Array;
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}
