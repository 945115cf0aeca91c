/** REINFORCE: what an action brought in the end, and the loss whose gradient makes good actions likelier. */
import * as tf from '@tensorflow/tfjs-core';

/** Keeps the logarithm finite where a probability is 0 in float32. */
const LEAST = 1e-8;

/** The discounted sum of the rewards from each frame on; a frame that ends a game hears nothing of the next one. */
export function returnsToGo(
  rewards: readonly number[],
  discount: number,
  ends: readonly number[] = [],
): Float32Array {
  const returns = new Float32Array(rewards.length);
  let later = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    later = rewards[t] + (ends[t] ? 0 : discount * later);
    returns[t] = later;
  }
  return returns;
}

/** With mean 0 and standard deviation 1; zeros where all values are the same, as there is nothing to prefer then. */
export function normalised(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  return values.map((value) => (deviation < 1e-6 ? 0 : (value - mean) / deviation));
}

/** The actions taken, a frame each, and how much better than the others each was. */
export interface Lesson {
  readonly actions: readonly number[];
  readonly advantages: Float32Array;
  /** What the sum over frames is divided by. Not their number where they are a part of more. */
  readonly over: number;
}

/** @param probabilities [frames, actions] */
export function policyLoss(probabilities: tf.Tensor, {actions, advantages, over}: Lesson): tf.Scalar {
  return tf.tidy(() => {
    const chosen = tf.oneHot(tf.tensor1d([...actions], 'int32'), probabilities.shape[1]!);
    const logs = tf.log(tf.add(tf.sum(tf.mul(probabilities, chosen), 1), LEAST));
    const sum = tf.sum(tf.mul(logs, tf.tensor1d(advantages)));
    return tf.mul(sum, -1 / over) as tf.Scalar;
  });
}

/** The frames from one to another, of the same loss. */
export function partOf({actions, advantages, over}: Lesson, from: number, to: number): Lesson {
  return {actions: actions.slice(from, to), advantages: advantages.slice(from, to), over};
}
