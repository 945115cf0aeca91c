/**
 * Layer normalization as Keras and TensorFlow write it: x · f + (beta − mean · f), with f = rsqrt(variance + epsilon) · gamma, and
 * the mean and the variance over the channels. Gamma, beta or both may be missing.
 */
import type {Constant} from '../constants';
import {
  constantIn,
  inBothOrders,
  isNumber,
  isSame,
  numberIn,
  viewIn,
  type NodePattern,
  type PatternUse,
  type Read,
} from '../patterns';
import {spread} from '../spread';
import type {TfNode} from '../topology';
import {axisOf, emit, viewLike} from '../use';
import {valueAsItLies, type View} from '../view';

/** Ends in a sum. */
export const layerNormalization: NodePattern = (use) => {
  for (const [product, shift] of inBothOrders(use.readsOf(use.node))) {
    for (const [read, by] of readsOf(product, ['Mul'], use)) {
      const x = viewIn(read);
      const factor = x && factorOf(by, x, use);
      const summand = factor && summandOf(shift, factor, use);
      if (summand) return normalized(use, x, factor, summand);
    }
  }
  return null;
};

/** What x is multiplied by, rsqrt(variance + epsilon), or that times gamma. */
interface Factor {
  readonly node: TfNode;
  readonly mean: TfNode;
  readonly epsilon: number;
  readonly gamma: Constant | null;
}

/** What is added last, −mean · factor, or that and beta. */
interface Summand {
  readonly beta: Constant | null;
}

function normalized(use: PatternUse, x: View, {epsilon, gamma}: Factor, {beta}: Summand): View[] | null {
  const value = valueAsItLies(use.graph, x);
  const weights = {gamma: gamma && spread(x, gamma), beta: beta && spread(x, beta)};
  const isEachPerChannel =
    (gamma === null || weights.gamma?.shape.length === 1) &&
    (beta === null || weights.beta?.shape.length === 1);
  if (value === null || !isEachPerChannel) return null;
  return [viewLike(use, emit(use, {kind: 'layerNormalization', epsilon}, [value], weights), x)];
}

/** The two reads of a node of one of these ops, in both orders; none of another. */
function readsOf({node}: Read, ops: readonly string[], use: PatternUse): [Read, Read][] {
  return node && ops.includes(node.op) ? inBothOrders(use.readsOf(node)) : [];
}

function factorOf(read: Read, x: View, use: PatternUse): Factor | null {
  const inverse = inverseOf(read, x, use);
  if (inverse) return {...inverse, node: read.node!, gamma: null};
  for (const [part, by] of readsOf(read, ['Mul'], use)) {
    const scaled = inverseOf(part, x, use);
    const gamma = constantIn(by);
    if (scaled && gamma) return {...scaled, node: read.node!, gamma};
  }
  return null;
}

/** rsqrt(variance + epsilon), the variance being the mean of (x − mean)². */
function inverseOf({node}: Read, x: View, use: PatternUse): Pick<Factor, 'mean' | 'epsilon'> | null {
  if (node?.op !== 'Rsqrt') return null;
  for (const [variance, epsilon] of readsOf(use.readsOf(node)[0], ['Add', 'AddV2'], use)) {
    // A number of more axes would give its own to the sum.
    if (!isNumber(epsilon) || epsilon.operand!.shape.length > x.shape.length) continue;
    const squares = averaged(variance, x, use);
    for (const [read, other] of squares ? readsOf(squares, ['SquaredDifference'], use) : []) {
      const mean = averaged(other, x, use);
      if (isSame(read.operand, x) && mean && isSame(mean.operand, x))
        return {mean: other.node!, epsilon: numberIn(epsilon)!};
    }
  }
  return null;
}

/** What a node is the mean of over the axis that is x's channels, which it keeps; null of another node. */
function averaged({node}: Read, x: View, use: PatternUse): Read | null {
  if (node?.op !== 'Mean' || !node.attributes.boolean('keep_dims', false)) return null;
  const [read, axes] = use.readsOf(node);
  const rank = x.shape.length;
  const axis = axes && isNumber(axes) ? axisOf(numberIn(axes), rank) : null;
  return axis !== null && x.order[axis] === rank - 1 ? read : null;
}

function summandOf(read: Read, factor: Factor, use: PatternUse): Summand | null {
  if (isProduct(read, 'Neg', factor, use)) return {beta: null};
  for (const [shift, other] of readsOf(read, ['Add', 'AddV2'], use)) {
    const beta = constantIn(other);
    if (beta && isProduct(shift, 'Neg', factor, use)) return {beta};
  }
  if (read.node?.op !== 'Sub') return null;
  const [from, taken] = use.readsOf(read.node);
  const beta = from && constantIn(from);
  return beta && taken && isProduct(taken, 'Mean', factor, use) ? {beta} : null;
}

/** Whether a node is the mean, or its negative, times the factor. */
function isProduct(read: Read, op: 'Mean' | 'Neg', {node, mean}: Factor, use: PatternUse): boolean {
  return readsOf(read, ['Mul'], use).some(([part, by]) => {
    const own = op === 'Neg' && part.node?.op === op ? use.readsOf(part.node)[0]?.node : part.node;
    return by.node === node && own === mean && part.node?.op === op;
  });
}
