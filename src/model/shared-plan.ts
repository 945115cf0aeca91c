/**
 * One program for several sets of a model's outputs: where they hang on the same trunk (a classifier's classes and its embedding), and
 * all of them cost hardly more than each alone, who asks for one after another computes the trunk once.
 */
import {graphMacs, type Graph} from '../graph';

/** What all outputs together may cost, of each set's own. */
const MOST = 1.1;

/** Multiply-adds; infinite where the model computes a part, which costs nobody knows what, and may fail. */
export const costOf = (graph: Graph): number =>
  graph.nodes.some(({op}) => op.kind === 'external') ? Infinity : graphMacs(graph);

/** Whether each set may be computed with all others. */
export const isCheapTogether = (together: number, alone: readonly number[]): boolean =>
  together < Infinity && alone.every((cost) => together <= MOST * cost);

/** Where outputs stand among those that are computed; null where they are all of them, in order. */
export function placesOf(outputs: readonly string[], computed: readonly string[]): readonly number[] | null {
  // Of a layers model, outputs of a layer that is used twice have one name.
  const isAll = outputs.length === computed.length && outputs.every((name, i) => name === computed[i]);
  return isAll ? null : outputs.map((name) => computed.indexOf(name));
}
