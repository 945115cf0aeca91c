/** Gradients by the names of their variables: adding them up, and how far two are apart. */
import * as tf from '@tensorflow/tfjs-core';

export interface Gradients {
  readonly loss: number;
  readonly grads: tf.NamedTensorMap;
}

/** What `valueAndGrads` and `tf.variableGrads` return, with the loss as a number. */
export function read({value, grads}: {value: tf.Scalar; grads: tf.NamedTensorMap}): Gradients {
  const [loss] = value.dataSync();
  value.dispose();
  return {loss, grads};
}

/** Of several parts of one loss. Each part is made when the one before it is added, and given back. */
export function sumOf(parts: Iterable<Gradients>): Gradients {
  let sum: Gradients | null = null;
  for (const part of parts) sum = sum ? add(sum, part) : part;
  if (!sum) throw new Error('There are no gradients of no frame.');
  return sum;
}

function add(one: Gradients, two: Gradients): Gradients {
  const grads: tf.NamedTensorMap = {};
  for (const [name, tensor] of Object.entries(one.grads)) grads[name] = tf.add(tensor, two.grads[name]);
  tf.dispose([one.grads, two.grads]);
  return {loss: one.loss + two.loss, grads};
}

/** How far the whole gradient is from the other, relative to that one's length. */
export function distance(one: Gradients, other: Gradients): number {
  let apart = 0;
  let length = 0;
  for (const [name, tensor] of Object.entries(one.grads)) {
    const [a, b] = [tensor.dataSync(), other.grads[name].dataSync()];
    for (let i = 0; i < a.length; i++) {
      apart += (a[i] - b[i]) ** 2;
      length += b[i] ** 2;
    }
  }
  return Math.sqrt(apart / length);
}
