/** What an op is to the portable engine: weights made ready once, and one update a frame. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Op, Plane} from '../../../graph';
import type {Prepared, Step} from '../step';

export interface PartialForm {
  /** How many blocks the input is cut into, and how many values each block's partial sum has. */
  readonly blocks: number;
  readonly values: number;
}

export interface OpKernel<O extends Op> {
  /** Derives tensors from the weights; called in a tidy, once for every change of a weight. */
  prepare?(op: O, weights: Prepared, inputs: readonly Plane[]): Record<string, Tensor>;
  /** The partial sums this op keeps from frame to frame. */
  partials?(op: O, input: Plane, output: Plane): PartialForm;
  /** Recomputes `step.affected` and writes it; called in a tidy. */
  update(step: Step<O>): void;
}
