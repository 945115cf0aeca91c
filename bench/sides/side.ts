/**
 * A side of the comparison: something that predicts the network's output for a frame, and times itself. Who takes turns,
 * in which order, and what the times add up to is not its business.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type {Backend} from '../../examples/atari/backend';

/** What the sides are called in options and in JSON, in the order of the tables. */
export const SIDE_IDS = [
  'dense-wasm',
  'dense-tensorflow',
  'dense-cpu',
  'onnx-1',
  'onnx-2',
  'full',
  'reuse',
  'run',
  'auto-wasm',
  'auto-tensorflow',
  'auto-cpu',
] as const;
export type SideId = (typeof SIDE_IDS)[number];

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

/**
 * How a side's times become one: `sampled` costs the same whatever a frame shows, so that a sample will do; `steady`
 * depends on the frame alone, `adaptive` on its own history too.
 */
export type Kind = 'sampled' | 'steady' | 'adaptive';

export interface Side {
  readonly id: SideId;
  readonly kind: Kind;
  /** The tfjs backend that has to be current while it runs. */
  readonly backend: Backend;
  /** Whether a result must be as near to the model's own as the library promises, or to 1e-4 only. */
  readonly promises: 'exact' | 'close';
  /** Told before a frame that does not follow the one before it. */
  cut(): void;
  predict(input: FrameInput): Timed | Promise<Timed>;
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
