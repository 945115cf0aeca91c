/** A step: one node's part of a frame. */
import type {Node} from '../../../graph';
import type {ValueLayout} from '../memory/layout';
import type {StreamState} from '../memory/state';
import type {Pass} from './pass';

export interface Step {
  /** The node that it computes. */
  readonly node: Node;
  run(pass: Pass): void;
  /**
   * Marks what the inputs' changes reach as changed, computing nothing.
   * @returns what computing it would take, in multiply-adds of a convolution that take as long
   */
  forecast(state: StreamState): number;
  /** The same for everything. */
  readonly fullCost: number;
}

/** Where a node writes. */
export interface Target {
  readonly node: Node;
  readonly output: ValueLayout;
  /** Offset of the tolerance of each channel in the stream's block; null where the node is exact. */
  readonly tolerance: number | null;
}

/** Whether any input of a node changed. */
export function isReached({inputs}: Node, {changed}: StreamState, sources: readonly number[]): boolean {
  for (let i = 0; i < inputs.length; i++) if (changed[sources[i]] > 0) return true;
  return false;
}
