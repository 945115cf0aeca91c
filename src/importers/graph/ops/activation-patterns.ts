/**
 * Activations in arithmetic: hard-swish as x·relu6(x + 3)/6 in any order of its factors, swish as x·sigmoid(x), a leaky
 * ReLU as the larger of x and a part of it.
 */
import {
  inBothOrders,
  isNumber,
  isSame,
  numberIn,
  viewIn,
  withNumber,
  type NodePattern,
  type PatternUse,
  type Read,
} from '../patterns';
import type {TfNode} from '../topology';
import type {View} from '../view';
import {activate} from './activation';

/** Ends in a product. */
export const swish: NodePattern = (use) => {
  for (const [read, gate] of inBothOrders(use.readsOf(use.node))) {
    const x = viewIn(read);
    if (!x || gate.node?.op !== 'Sigmoid') continue;
    if (isSame(use.readsOf(gate.node)[0]?.operand, x)) return activate(use, x, {name: 'swish'});
  }
  return null;
};

/** Ends in a maximum. */
export const leakyRelu: NodePattern = (use) => {
  for (const [read, part] of inBothOrders(use.readsOf(use.node))) {
    const x = viewIn(read);
    const scaled = withNumber(part, ['Mul'], use);
    if (!x || !scaled || !isSame(scaled.view, x) || !(scaled.by >= 0 && scaled.by <= 1)) continue;
    return activate(use, x, {name: 'leakyRelu', parameter: scaled.by});
  }
  return null;
};

/** Weights that were stored as float16 hold a sixth that is off in its fourth digit. */
const A_SIXTH = {least: (1 - 1e-3) / 6, most: (1 + 1e-3) / 6};

/** Ends in a product of products: x, relu6(x + 3) and 1/6, in any order. */
export const hardSwish: NodePattern = (use) => {
  const factors = factorsOf(use.node, use, 2);
  if (factors.length !== 3 || factors.some(({operand}) => operand === null)) return null;
  const numbers = factors.filter(isNumber);
  if (numbers.length !== 1) return null;
  const [number] = numbers;
  const factor = numberIn(number)!;
  if (!(factor >= A_SIXTH.least && factor <= A_SIXTH.most)) return null;
  for (const [read, gate] of inBothOrders(factors.filter((other) => other !== number))) {
    const x = viewIn(read);
    // A number of more axes would give its own to the product.
    if (x && number.operand!.shape.length <= x.shape.length && isShiftedRelu6(gate, x, use))
      return activate(use, x, {name: 'hardSwish', parameter: factor});
  }
  return null;
};

function isShiftedRelu6({node}: Read, x: View, use: PatternUse): boolean {
  if (node?.op !== 'Relu6') return false;
  const [sum] = use.readsOf(node);
  const shifted = sum ? withNumber(sum, ['Add', 'AddV2'], use) : null;
  return shifted?.by === 3 && isSame(shifted.view, x);
}

/** @param depth products within products that are taken apart */
function factorsOf(node: TfNode, use: PatternUse, depth: number): Read[] {
  return use.readsOf(node).flatMap((read) => {
    const isProduct = depth > 1 && read.node?.op === 'Mul';
    return isProduct ? factorsOf(read.node!, use, depth - 1) : [read];
  });
}
