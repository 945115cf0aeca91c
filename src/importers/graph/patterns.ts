/**
 * Activations that a graph spells out in arithmetic: hard-swish as x·relu6(x + 3)/6 in any order of its factors, swish as
 * x·sigmoid(x), a leaky ReLU as the larger of x and a part of it. Recognised by what a node reads; nothing is computed.
 */
import type {Activation} from '../../graph';
import type {Constant} from './constants';
import {isOpaqueOperand, isView, type Operand} from './use';
import type {TfNode} from './topology';
import type {View} from './view';

/** How the importer lets a node see what is above it. */
export interface Above {
  /** The node behind an operand; null for a constant. */
  nodeOf(operand: Operand): TfNode | null;
  /** What such a node read. */
  operandsOf(node: TfNode): readonly Operand[];
}

export interface PatternMatch {
  readonly view: View;
  readonly activation: Activation;
}

export interface PatternUse {
  readonly node: TfNode;
  readonly operands: readonly Operand[];
  readonly above: Above;
}

/** The activation that a product or a maximum is; null where it is none that is known. */
export function matchActivation({node, operands, above}: PatternUse): PatternMatch | null {
  if (node.op === 'Maximum') return leakyRelu(operands, above);
  if (node.op !== 'Mul') return null;
  return swish(operands, above) ?? hardSwish(node, above);
}

/** The same tensor, or the same view of it: of other shapes, two views would be spread over each other. */
function isSame(a: Operand, b: Operand): boolean {
  if (a === b) return true;
  if (!isView(a) || !isView(b) || a.value !== b.value) return false;
  return `${a.order}` === `${b.order}` && `${a.shape}` === `${b.shape}`;
}

/** A single number. */
function numberOf(operand: Operand): number | null {
  if (isView(operand) || isOpaqueOperand(operand)) return null;
  const size = operand.shape.reduce((product, side) => product * side, 1);
  return size === 1 ? operand.values()[0] : null;
}

/** The operands of a node of one of these ops, split into its number and the other one; null where it has none. */
function withNumber(operand: Operand, ops: readonly string[], above: Above): {view: View; by: number} | null {
  const node = above.nodeOf(operand);
  if (!node || !ops.includes(node.op)) return null;
  const [a, b] = above.operandsOf(node);
  if (!a || !b) return null;
  const by = numberOf(b) ?? numberOf(a);
  const view = numberOf(b) === null ? b : a;
  return by !== null && isView(view) ? {view, by} : null;
}

function swish(operands: readonly Operand[], above: Above): PatternMatch | null {
  for (const [x, gate] of inBothOrders(operands)) {
    const node = above.nodeOf(gate);
    if (node?.op !== 'Sigmoid' || !isView(x)) continue;
    if (isSame(above.operandsOf(node)[0], x)) return {view: x, activation: {name: 'swish'}};
  }
  return null;
}

function leakyRelu(operands: readonly Operand[], above: Above): PatternMatch | null {
  for (const [x, part] of inBothOrders(operands)) {
    const scaled = withNumber(part, ['Mul'], above);
    if (!scaled || !isView(x) || !isSame(scaled.view, x) || !(scaled.by >= 0 && scaled.by <= 1)) continue;
    return {view: x, activation: {name: 'leakyRelu', parameter: scaled.by}};
  }
  return null;
}

function inBothOrders([a, b]: readonly Operand[]): [Operand, Operand][] {
  return a && b
    ? [
        [a, b],
        [b, a],
      ]
    : [];
}

/** Weights that were stored as float16 hold a sixth that is off in its fourth digit. */
const A_SIXTH = {least: (1 - 1e-3) / 6, most: (1 + 1e-3) / 6};

/** The factors of a product of products: x, relu6(x + 3) and 1/6, in any order. */
function hardSwish(node: TfNode, above: Above): PatternMatch | null {
  const factors = factorsOf(node, above, 2);
  if (factors.length !== 3) return null;
  const numbers = factors.filter((factor) => numberOf(factor) !== null);
  if (numbers.length !== 1) return null;
  const factor = numberOf(numbers[0])!;
  if (!(factor >= A_SIXTH.least && factor <= A_SIXTH.most)) return null;
  const others = factors.filter((factor) => factor !== numbers[0]);
  for (const [x, gate] of inBothOrders(others)) {
    // A number of more axes would give its own to the product.
    if (isView(x) && numbers[0].shape.length <= x.shape.length && isShiftedRelu6(gate, x, above))
      return {view: x, activation: {name: 'hardSwish', parameter: factor}};
  }
  return null;
}

function isShiftedRelu6(gate: Operand, x: View, above: Above): boolean {
  const relu = above.nodeOf(gate);
  if (relu?.op !== 'Relu6') return false;
  const shifted = withNumber(above.operandsOf(relu)[0], ['Add', 'AddV2'], above);
  return shifted !== null && shifted.by === 3 && isSame(shifted.view, x);
}

/** @param depth products within products that are taken apart */
function factorsOf(node: TfNode, above: Above, depth: number): (Operand | Constant)[] {
  return above.operandsOf(node).flatMap((operand) => {
    const inner = depth > 1 ? above.nodeOf(operand) : null;
    return inner?.op === 'Mul' ? factorsOf(inner, above, depth - 1) : [operand];
  });
}
