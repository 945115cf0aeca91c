/** What a graph is compiled to: the steps of a frame, and where everything lies. Plain data. */
import type {ExternalOp, Node, ValueId} from '../../../graph';
import type {ValueLayout} from '../memory/layout';
import type {SharedData} from '../memory/workspace';
import type {Call} from '../wgsl/call';

/** A node computed here. */
export interface ComputedStep {
  readonly kind: 'computed';
  readonly node: Node;
  readonly calls: readonly Call[];
  /** The node's control record. */
  readonly record: number;
  /** As its plan has them. */
  readonly unit: number;
  readonly overhead: number;
  /** Workgroups at most, of any call and in any direction. */
  readonly mostGroups: number;
}

/** A node that computes itself. */
export interface ExternalStep {
  readonly kind: 'external';
  readonly node: Node<ExternalOp>;
  /** Work out tolerances relative to a whole frame. */
  readonly relative: readonly Call[];
}

export type Step = ComputedStep | ExternalStep;

/** Tolerances of an output: where they lie in a stream's activations, and their values where they are known. */
export interface Tolerances {
  readonly at: number;
  readonly known: Float32Array | null;
}

export interface Compiled extends SharedData {
  readonly layouts: readonly (ValueLayout | null)[];
  readonly steps: readonly Step[];
  readonly tolerances: ReadonlyMap<ValueId, Tolerances>;
  readonly sizes: Sizes;
}

/** Vectors of a stream's activations, and words of its masks and of its control records, beside what all streams share. */
type Sizes = SharedData['sizes'] & {
  readonly values: number;
  readonly masks: number;
  readonly control: number;
};
