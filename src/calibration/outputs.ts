/** What a model's outputs are, and what they are taken for. */
import * as tf from '@tensorflow/tfjs-core';

/** What `model.predict` returns. */
export type Outputs = tf.Tensor | tf.Tensor[] | tf.NamedTensorMap;

/** From 0 to 1. It disposes none of the outputs. */
export type Agreement = (reuse: Outputs, dense: Outputs) => number | Promise<number>;

/** An object that a detector found. `box` is [top, left, bottom, right], in any unit. */
export interface Detection {
  readonly box: readonly [y1: number, x1: number, y2: number, x2: number];
  readonly score: number;
  readonly class: number | string;
}

/** A key point; `y` and `x` in the unit of `within`. */
export interface Keypoint {
  readonly y: number;
  readonly x: number;
  readonly score: number;
  /** What it is a point of, where that and not its place in the list tells: a part of any of several bodies. */
  readonly part?: number;
}

/** The outputs as a list; those of a map in the order of their names. */
export function tensorsOf(outputs: Outputs): tf.Tensor[] {
  if (outputs instanceof tf.Tensor) return [outputs];
  if (Array.isArray(outputs)) return outputs;
  return Object.keys(outputs)
    .sort()
    .map((name) => outputs[name]);
}
