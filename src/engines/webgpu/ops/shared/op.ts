/** What an op is to this engine, and what it is compiled from. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Activation, Node, Op} from '../../../../graph';
import type {WeightTensors} from '../../../shared/weights';
import type {ValueLayout} from '../../memory/layout';
import type {Call} from '../../wgsl/call';

/** What a node's op is compiled from. */
export interface Setting<O extends Op = Op> {
  readonly node: Node<O>;
  readonly op: O;
  readonly inputs: readonly ValueLayout[];
  readonly output: ValueLayout;
  /** Offset of the node's control record, in words. */
  readonly record: number;
  /** Whether pixels can only be judged as a whole, for a threshold. */
  readonly hasThreshold: boolean;
  readonly weightShapes: Readonly<Record<string, readonly number[]>>;
  /**
   * Reserves vectors for packed weights; `pack` gives tensors of as many values in all, one after the other,
   * now and whenever a weight changes. Returns their offset.
   */
  weights(vectors: number, pack: (weights: WeightTensors) => Tensor[]): number;
  /** Writes constants; returns their offset, in words. */
  table(values: readonly number[]): number;
  /** Reserves vectors in each stream's activations; returns their offset. */
  reserve(vectors: number): number;
}

/** One op: what it reaches, and how that is computed. */
export interface OpPlan {
  /** Marks and lists what a change reaches. */
  readonly region: Call;
  /** Computes what is listed. */
  readonly compute: readonly Call[];
  /** Workgroups in y of the indirect dispatches. */
  readonly groups: number;
  /** What of the activation is left to whoever commits whole pixels. */
  readonly softmax: Activation;
  /** Whether the output is one pixel that stands in no list: a reduction's. */
  readonly single: boolean;
  /** Pixels of a workgroup. */
  readonly tile: number;
  /** Pixels computed together, of which a last few cost as much as all: an output's, or a reduction's input's. */
  readonly unit: number;
  /** Products computed for each that is needed: channels are taken in whole vectors. */
  readonly overhead: number;
}
