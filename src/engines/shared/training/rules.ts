/**
 * Which recomputed pixels break: for which of them the gradient that ran up must be sent down before they change, and
 * the pixels above them too. Equal values are not enough to leave one out: a pixel may keep its value and have another
 * patch behind it. Leaving out fewer than could be is always right.
 */
import {definitionOf, type Activation, type Graph, type Node} from '../../../graph';

/** What the WebAssembly kernel knows the rules by. */
export const BREAKS = {
  /** Every recomputed pixel. */
  all: 0,
  /** Those with a value other than 0, before or after: at 0 nothing below gets a gradient. */
  unlessZero: 1,
  /** Those whose value differs: nothing at or below it has a gradient that anybody wants. */
  ifDifferent: 2,
} as const;

export interface Rules {
  /** By value: which of its recomputed pixels break. */
  readonly breaks: readonly number[];
  /** By node: whether it or any below it has a weight whose gradient is wanted. */
  readonly active: readonly boolean[];
  /** By value: whether its gradient has to be known. */
  readonly needed: readonly boolean[];
}

/** Activations that give no number below 0, and have no derivative where they give 0. */
const DEAD_AT_ZERO = new Set(['relu', 'relu6', 'clippedRelu']);

export function rulesFor(graph: Graph, wanted: ReadonlySet<number>): Rules {
  const active: boolean[] = [];
  const needed = graph.values.map(() => false);
  const isDead = graph.values.map(() => false);
  const breaks = graph.values.map((): number => BREAKS.ifDifferent);
  for (const node of graph.nodes) {
    active[node.id] =
      node.inputs.some((id) => needed[id]) || Object.values(node.weights).some((index) => wanted.has(index));
    const dead = isDeadAtZero(node, isDead);
    for (const id of node.outputs) {
      needed[id] = active[node.id];
      isDead[id] = dead;
      if (active[node.id]) breaks[id] = dead ? BREAKS.unlessZero : BREAKS.all;
    }
  }
  return {breaks, active, needed};
}

function isDeadAtZero({op, inputs}: Node, isDead: readonly boolean[]): boolean {
  if (definitionOf(op).handsOn(op)) return inputs.every((id) => isDead[id]);
  return DEAD_AT_ZERO.has(activationOf({op})?.name ?? '');
}

/** The activation that a node applies last; null where it has none. */
export function activationOf({op}: Pick<Node, 'op'>): Activation | null {
  return 'activation' in op ? op.activation : null;
}
