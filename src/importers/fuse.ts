/**
 * Fuses nodes of a graph where one node does the work of two: a batch norm, an affine op or an activation goes into the
 * op before it, a pad into the window after it. Gives a new graph and leaves the old one alone.
 *
 * A value goes away only where a single node reads it and it is no output of the graph. What a fused layer was called
 * stays as an alias of the node that now does its work.
 */
import {
  definitionOf,
  isElementwise,
  planeOf,
  sizeOf,
  type Graph,
  type Node,
  type Op,
  type ValueId,
} from '../graph';

/** The node that does the work of `first` and, after it, `second`; null where no node does. */
type Fusion = (first: Node, second: Node, graph: Graph) => Omit<Node, 'id'> | null;

const FUSIONS: readonly Fusion[] = [foldBatchNorm, foldAffine, fuseActivation, fusePad];

export function fuse(graph: Graph): Graph {
  let nodes = live(graph, graph.nodes);
  for (let fused = fuseOnce(graph, nodes); fused !== null; fused = fuseOnce(graph, nodes)) nodes = fused;
  return renumbered(graph, live(graph, nodes));
}

/** Fuses the first pair that can be; null where none can. */
function fuseOnce(graph: Graph, nodes: readonly Node[]): Node[] | null {
  const readers = readersOf(graph, nodes);
  for (const first of nodes) {
    const [second, ...others] = first.outputs.length === 1 ? (readers.get(first.outputs[0]) ?? []) : [];
    if (!second || others.length > 0) continue;
    for (const fusion of FUSIONS) {
      const fused = fusion(first, second, graph);
      // In the second one's place: what it reads besides the first may come between the two.
      if (fused)
        return nodes.flatMap((node) =>
          node === first ? [] : node === second ? [{...fused, id: node.id}] : [node],
        );
    }
  }
  return null;
}

/** Who reads each value: a node as often as it does, and null for the caller of the graph. */
function readersOf({outputs}: Graph, nodes: readonly Node[]): Map<ValueId, (Node | null)[]> {
  const readers = new Map<ValueId, (Node | null)[]>();
  const note = (value: ValueId, reader: Node | null) => {
    const known = readers.get(value);
    if (known) known.push(reader);
    else readers.set(value, [reader]);
  };
  for (const node of nodes) for (const value of node.inputs) note(value, node);
  for (const value of outputs) note(value, null);
  return readers;
}

const takes = (op: Op) => definitionOf(op).takes;

function foldBatchNorm(first: Node, second: Node): Omit<Node, 'id'> | null {
  const {op} = first;
  if (second.op.kind !== 'batchNorm' || !takes(op).batchNorm || !('batchNormEpsilon' in op)) return null;
  if (op.activation.name !== 'linear' || op.batchNormEpsilon !== null || hasAffine(first)) return null;
  return {
    ...absorbing(first, second, {...op, batchNormEpsilon: second.op.epsilon}),
    weights: {...first.weights, ...second.weights},
  };
}

/** Whether it scales or shifts what it gives, after all else but its activation. */
function hasAffine({weights}: Node): boolean {
  return 'scale' in weights || 'shift' in weights;
}

/** Whether x · scale + shift of both nodes, one after the other, is one of each. */
function isOneAffine(first: Node, second: Node): boolean {
  return !hasAffine(first) || !('shift' in first.weights || 'scale' in second.weights);
}

function foldAffine(first: Node, second: Node, {values, weights}: Graph): Omit<Node, 'id'> | null {
  const {op} = first;
  if (second.op.kind !== 'affine' || !takes(op).affine || !('activation' in op)) return null;
  if (op.activation.name !== 'linear' || !isOneAffine(first, second)) return null;
  const {channels} = planeOf(values[first.outputs[0]]);
  const isPerChannel = Object.values(second.weights).every(
    (slot) => sizeOf(weights[slot].shape) === channels,
  );
  if (op.kind !== 'affine' && !isPerChannel) return null;
  return {
    ...absorbing(first, second, {...op, activation: second.op.activation}),
    weights: {...first.weights, ...second.weights},
  };
}

function fuseActivation(first: Node, second: Node): Omit<Node, 'id'> | null {
  const {op} = first;
  if (second.op.kind !== 'activation' || !takes(op).activation || !('activation' in op)) return null;
  const {activation} = second.op;
  return op.activation.name === 'linear' && isElementwise(activation)
    ? absorbing(first, second, {...op, activation})
    : null;
}

function fusePad(first: Node, second: Node): Omit<Node, 'id'> | null {
  const {op} = second;
  if (first.op.kind !== 'pad2d' || !takes(op).pad || !('window' in op)) return null;
  const {top, bottom, left, right} = first.op;
  if (op.window.padding !== 'valid' || Math.min(top, bottom, left, right) < 0) return null;
  const padding = [
    [top, bottom],
    [left, right],
  ] as const;
  const aliases = [...second.aliases, first.name, ...first.aliases];
  return {...second, aliases, inputs: first.inputs, op: {...op, window: {...op.window, padding}}};
}

/** `first`, doing what `second` did as well. */
function absorbing(first: Node, second: Node, op: Op): Omit<Node, 'id'> {
  return {...first, aliases: [...first.aliases, second.name, ...second.aliases], op, outputs: second.outputs};
}

/** The nodes that an output of the graph depends on. */
function live({outputs}: Graph, nodes: readonly Node[]): Node[] {
  const needed = new Set(outputs);
  return [...nodes]
    .reverse()
    .filter((node) => {
      if (!node.outputs.some((value) => needed.has(value))) return false;
      node.inputs.forEach((value) => needed.add(value));
      return true;
    })
    .reverse();
}

/** The graph of these nodes alone, its values, nodes and weights numbered from 0 without gaps. */
function renumbered(graph: Graph, nodes: readonly Node[]): Graph {
  const values = [...graph.inputs, ...nodes.flatMap((node) => node.outputs)];
  const slots = [...new Set(nodes.flatMap((node) => Object.values(node.weights)))].sort((a, b) => a - b);
  const newValue = indexOf(values);
  const newSlot = indexOf(slots);
  // A value is called like the node that computes it, whatever was fused into that.
  const single = nodes.filter((node) => node.outputs.length === 1);
  const names = new Map(single.map((node) => [node.outputs[0], node.name]));
  return {
    values: values.map((old, id) => ({
      ...graph.values[old],
      name: names.get(old) ?? graph.values[old].name,
      id,
    })),
    nodes: nodes.map((node, id) => ({
      ...node,
      id,
      inputs: node.inputs.map(newValue),
      outputs: node.outputs.map(newValue),
      weights: Object.fromEntries(Object.entries(node.weights).map(([key, slot]) => [key, newSlot(slot)])),
    })),
    weights: slots.map((slot) => graph.weights[slot]),
    inputs: graph.inputs.map(newValue),
    outputs: graph.outputs.map(newValue),
  };
}

function indexOf(olds: readonly number[]): (old: number) => number {
  const news = new Map(olds.map((old, index) => [old, index]));
  return (old) => {
    const index = news.get(old);
    if (index === undefined) throw new Error(`The graph has no value or weight ${old} before it is used.`);
    return index;
  };
}
