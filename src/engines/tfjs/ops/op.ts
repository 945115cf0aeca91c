/** What an op is to the portable engine, forwards and backwards. Its gradients are found by tfjs. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Op, Plane, Shape} from '../../../graph';
import type {WeightTensors} from '../../shared/weights';
import type {Step} from '../step/step';
import type {CutPointOp} from './cut-point';

export interface PartialForm {
  /** How many blocks the input is cut into, and how many values each block's partial sum has. */
  readonly blocks: number;
  readonly values: number;
}

/** Recomputes `step.affected` and writes it; called in a tidy. */
export type Update<O extends Op = Op> = (step: Step<O>) => void;

/** An op's inputs for many frames, [frames, …] each, and its weights as they are. */
export interface Batch<O extends Op> {
  readonly op: O;
  readonly inputs: readonly Tensor[];
  readonly weights: WeightTensors;
  /** A frame's output. */
  readonly shape: Shape;
}

export interface PortableOp<O extends Op> {
  /** Derives tensors from the weights; called in a tidy, once for every change of a weight. */
  prepare?(op: O, weights: WeightTensors, inputs: readonly Plane[]): Record<string, Tensor>;
  /** The partial sums this op keeps from frame to frame. */
  partials?(op: O, input: Plane, output: Plane): PartialForm;
  /** How it is computed; or that it is not: its output is the memory of its input (view), or its node computes itself. */
  readonly update: Update<O> | 'view' | 'itself';
  /** tfjs's gradient kernels of `update`, of those that not every backend has. */
  gradientKernels?(op: O): readonly string[];
  /** Where it ends what goes back region by region. */
  readonly cutPoint?: CutPointOp<O>;
  /** Its output for many frames at once, by ops that tfjs can differentiate; null where it cannot stand above a cut point. */
  readonly whole: ((batch: Batch<O>) => Tensor) | null;
}
