/**
 * A side of a comparison: something that predicts the network's output for a frame, and times itself. Who takes turns,
 * in which order, and what the times add up to is not its business.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type {Backend} from '../backend';

/** One frame as its values and as a tensor [1, height, width, 1] of the side's backend. */
export interface FrameInput {
  readonly pixels: Float32Array;
  readonly tensor: tf.Tensor4D;
}

export interface Timed {
  /** From the input to the output's values. */
  readonly ms: number;
  readonly values: Float32Array;
}

export interface Side<Output extends Timed | Promise<Timed> = Timed | Promise<Timed>> {
  /** The tfjs backend that has to be current while it runs. */
  readonly backend: Backend;
  /** Told before a frame that does not follow the one before it. */
  cut(): void;
  predict(input: FrameInput): Output;
  dispose(): void | Promise<void>;
}

/** Times a prediction and the reading of its result. */
export function timed(predict: () => tf.Tensor): Timed {
  const start = performance.now();
  const result = predict();
  const values = result.dataSync() as Float32Array;
  const ms = performance.now() - start;
  const copy = values.slice();
  result.dispose();
  return {ms, values: copy};
}
