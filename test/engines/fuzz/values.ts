/** Values of tensors, compared as the bits they are: NaN is NaN, and 0 is not -0. */
import * as tf from '@tensorflow/tfjs-core';

/** Disposes the tensors. */
export async function valuesOf(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  tf.dispose([...tensors]);
  return values;
}

export const bitsOf = (values: Float32Array) =>
  new Uint32Array(values.buffer, values.byteOffset, values.length);

/** The first index where two differ in their bits; -1 where there is none. */
export function firstDifference(a: Float32Array, b: Float32Array): number {
  const [x, y] = [bitsOf(a), bitsOf(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return i;
  return -1;
}
