/** Which nodes of a graph a threshold could pay on. */
import {definitionOf, type Graph, type Node, type Op} from '../graph';

/**
 * Whether a change has just spread behind an op, or changes of several values have come together. Elsewhere the same pixels
 * change as before: one more threshold there adds to the error, and saves little that the next one would not.
 */
function spreadsOrJoins(op: Op): boolean {
  const effect = effectOf(op);
  return effect === 'spread' || effect === 'join';
}

const effectOf = (op: Op) => definitionOf(op).effect(op);

/**
 * Nodes that something else is computed from and that have one output of a known shape: planes in which changes have
 * spread or come together; and single pixels that a whole plane is computed from, as the gates of squeeze-and-excite blocks
 * are: one that moves a little changes everything after it. In order.
 */
export function adjustableNodes(graph: Graph): Node[] {
  const pixels = (value: number) => {
    const {plane} = graph.values[value];
    return plane === null ? 0 : plane.height * plane.width;
  };
  const readers = graph.values.map(() => [] as Node[]);
  for (const node of graph.nodes) for (const id of node.inputs) readers[id].push(node);
  /** Whether a plane is computed from a value: directly, or from what is computed from it. */
  const reaches = graph.values.map(() => false);
  for (const {inputs, outputs} of [...graph.nodes].reverse()) {
    const reached = outputs.some((id) => pixels(id) > 1 || reaches[id]);
    for (const id of inputs) reaches[id] ||= reached;
  }
  return graph.nodes.filter(({op, outputs}) => {
    const [output] = outputs;
    if (effectOf(op) === 'copy' || outputs.length !== 1 || readers[output].length === 0) return false;
    return pixels(output) === 1 ? reaches[output] : pixels(output) > 1 && spreadsOrJoins(op);
  });
}

/** Up to `count` groups of neighbours, of about as many each. */
export function groupsOf<T>(items: readonly T[], count: number): T[][] {
  const groups = Math.min(count, items.length);
  return Array.from({length: groups}, (_, i) =>
    items.slice(Math.round((i * items.length) / groups), Math.round(((i + 1) * items.length) / groups)),
  );
}
