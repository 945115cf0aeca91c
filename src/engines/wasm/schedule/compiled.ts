/** A graph made ready: where everything lies in a stream's block, and the steps of a frame in order. */
import type {Activation, Node} from '../../../graph';
import type {ValueLayout} from '../memory/layout';
import type {Workplace} from '../memory/place';
import type {PackedWeights} from '../memory/weights';
import type {PixelOp, Reduction, Setting} from '../ops/shared/op';
import type {Step} from './step';

export interface Compiled {
  readonly place: Workplace;
  readonly weights: PackedWeights;
  /** The value whose memory and mask each value uses. */
  readonly sources: readonly number[];
  readonly layouts: readonly ValueLayout[];
  readonly steps: readonly Step[];
  /** By node, for the backward pass: what its op is, and what it was made from; null where it computes nothing here. */
  readonly parts: readonly (Part | null)[];
  /** Offsets of the tolerances of each channel, by value. */
  readonly tolerances: ReadonlyMap<number, number>;
  /** Bytes of a stream's block. */
  readonly bytes: number;
  /** Graphs within nodes, that the steps of these compute. */
  readonly nested: readonly Compiled[];
}

export interface Part {
  readonly setting: Setting;
  readonly op: PixelOp | null;
  readonly reduction: Reduction | null;
  /** The activation of another node that its op applies; see absorbed.ts. */
  readonly absorbed: Activation | null;
}

/** Gives back what streams share. */
export function disposeCompiled({place, weights, nested}: Pick<Compiled, 'place' | 'weights' | 'nested'>) {
  nested.forEach(disposeCompiled);
  weights.dispose();
  place.scratch.dispose();
}

/** Notices weights that were assigned; says whether any were. Those of nested graphs are the outer one's too, and count with it. */
export function refreshWeights({weights, nested}: Compiled): boolean {
  for (const graph of nested) refreshWeights(graph);
  return weights.refresh();
}

/** Nodes of whose weights some are not finite, those of nested graphs among them, and the names of these. */
export function oddWeights({weights, nested}: Compiled): (readonly [Node, readonly string[]])[] {
  return [...weights.odd, ...nested.flatMap(oddWeights)];
}
