/**
 * Patterns: several nodes that together are one op, recognised by what the last of them reads. Here is what a pattern is given
 * and a few steps that many share; the patterns stand with their kinds of ops. Nothing is computed.
 *
 * A pattern is tried before the node's own importer, and whether or not the plan has what the node reads: the nodes in
 * between may be unknown by themselves, as long as the pattern finds what it begins with. A pattern that matches adds the op
 * under the last node's name; what is in between and read by nobody else is never computed.
 */
import {sizeOf} from '../../graph';
import type {Constant} from './constants';
import type {TfNode} from './topology';
import {isOpaqueOperand, isView, type NodeTarget, type Operand} from './use';
import type {View} from './view';

/** One input of a node. */
export interface Read {
  /** What the plan has of it, or its constant; null where the model computes it. */
  readonly operand: Operand | null;
  /** The node behind it; null behind constants and inputs, and where it is of no use to a pattern. */
  readonly node: TfNode | null;
}

export interface PatternUse extends NodeTarget {
  /** What a node reads, in order. */
  readsOf(node: TfNode): readonly Read[];
}

/** Adds the op that the nodes are and returns its outputs; null where they are another pattern. */
export type NodePattern = (use: PatternUse) => View[] | null;

/** The two reads of a node, and the other way around; none where it reads another number of things. */
export function inBothOrders([a, b, ...others]: readonly Read[]): [Read, Read][] {
  if (!a || !b || others.length > 0) return [];
  return [
    [a, b],
    [b, a],
  ];
}

/** The same tensor, or the same view of it: of other shapes, two views would be spread over each other. */
export function isSame(a: Operand | null | undefined, b: Operand): boolean {
  if (a === b) return true;
  if (!a || !isView(a) || !isView(b) || a.value !== b.value) return false;
  return `${a.order}` === `${b.order}` && `${a.shape}` === `${b.shape}`;
}

/** The view that is read; null where it is none. */
export const viewIn = ({operand}: Read): View | null => (operand && isView(operand) ? operand : null);

/** The constant that is read; null where it is none. */
export const constantIn = ({operand}: Read): Constant | null =>
  operand === null || isView(operand) || isOpaqueOperand(operand) ? null : operand;

/** Whether a single number is read. Its value may have to be computed: look at all else before. */
export const isNumber = (read: Read): boolean => {
  const constant = constantIn(read);
  return constant !== null && sizeOf(constant.shape) === 1;
};

export const numberIn = (read: Read): number | null =>
  isNumber(read) ? constantIn(read)!.values()[0] : null;

/** What a node of one of these ops reads, split into its number and the view beside; null where it has none. */
export function withNumber(
  {node}: Read,
  ops: readonly string[],
  {readsOf}: PatternUse,
): {view: View; by: number} | null {
  if (!node || !ops.includes(node.op)) return null;
  const [a, b] = readsOf(node);
  if (!a || !b || !(isNumber(a) || isNumber(b))) return null;
  const [beside, number] = isNumber(b) ? [a, b] : [b, a];
  const view = viewIn(beside);
  return view && {view, by: numberIn(number)!};
}
