/**
 * What the library does not know: a layer or a whole model that computes itself, densely. Its output is compared with
 * the last one to carry the region on.
 */
import type {Tensor} from '@tensorflow/tfjs-core';
import {Region} from '../../region';
import {noHalo, TAKES_NOTHING, type OpDefinition} from '../definition';
import type {OutputForm} from '../forms';
import type {Shape} from '../plane';
import {readsAll} from '../reads';
import type {Graph, Node} from '../types';

/** The k largest values of the whole input in falling order, of equal ones the first first; and their places in it. */
export interface TopK {
  readonly kind: 'topK';
  readonly k: number;
  /** The shape of both outputs as tensors. */
  readonly shape: Shape;
}

/** A graph computed for each step along the first axis by itself, with the same weights: a window of frames, say. */
export interface TimeDistributed {
  readonly kind: 'timeDistributed';
  readonly steps: number;
  /** For one step. Of one input and one output; pure, and every value float32 of a known shape. */
  readonly graph: Graph;
  /** Multiply-adds of one step. */
  readonly macs: number;
}

export interface ExternalOp {
  readonly kind: 'external';
  /** The class or model, for reports and errors. */
  readonly label: string;
  /** Known to give the same result for the same inputs: skipped when they did not change. */
  readonly pure: boolean;
  /** Known to compute each row of a batch by itself: only then may rows be computed one after another. */
  readonly rowwise: boolean;
  /** Whether inputs and outputs have a batch axis of 1 that the graph's shapes leave out. */
  readonly batched: boolean;
  /** Output forms; a null shape where it is known only once computed. */
  readonly forms: readonly OutputForm[];
  /** What it computes, for an engine that has a kernel of its own for it. */
  readonly known?: TopK | TimeDistributed;
  /** Computes outputs. Must neither keep nor dispose its inputs. */
  apply(inputs: Tensor[]): Tensor[];
  /** Where computing needs promises (control flow, dynamic shapes); `apply` then throws. */
  readonly applyAsync?: (inputs: Tensor[]) => Promise<Tensor[]>;
}

/** One that has to be awaited. */
export type AwaitedOp = ExternalOp & Required<Pick<ExternalOp, 'applyAsync'>>;

/** Whether a node may give another result for the same input. */
export const isImpure = ({op}: Node): boolean => op.kind === 'external' && !op.pure;

/** Whether a node may mix the rows of a batch. */
export const mixesRows = ({op}: Node): boolean => op.kind === 'external' && !op.rowwise;

/** Whether a node gives its results only after a wait. */
export const isAwaited = (node: Node): node is Node<AwaitedOp> =>
  node.op.kind === 'external' && node.op.applyAsync !== undefined;

export const external: OpDefinition<ExternalOp> = {
  outputs: (op) => [...op.forms],
  affected(_op, _inputs, {plane}, changed) {
    const {height, width} = plane;
    return changed.some((region) => !region.isEmpty)
      ? Region.full(height, width)
      : Region.empty(height, width);
  },
  macs({known}, _inputs, {plane}, _changed, {area}) {
    if (known?.kind !== 'timeDistributed') return 0;
    return Math.round((known.steps * known.macs * area) / (plane.height * plane.width));
  },
  reads: readsAll,
  halo: noHalo,
  effect: () => 'unknown',
  takes: TAKES_NOTHING,
  gradient: () => 'none',
  handsOn: () => false,
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
