/** Which nodes of a graph a threshold could pay on. */
import {isCopy, type Graph, type Node} from '../graph';

/**
 * Nodes that something else is computed from, and that have one output of a known shape: of a plane, or of one pixel that
 * a whole plane is computed from, as the gates of squeeze-and-excite blocks are: one that moves a little changes
 * everything after it. Not those that only copy what was looked at before. In order.
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
    if (isCopy(op) || outputs.length !== 1 || pixels(outputs[0]) === 0) return false;
    return readers[outputs[0]].length > 0 && (pixels(outputs[0]) > 1 || reaches[outputs[0]]);
  });
}

/** Up to `count` groups of neighbours, of about as many each. */
export function groupsOf<T>(items: readonly T[], count: number): T[][] {
  const groups = Math.min(count, items.length);
  return Array.from({length: groups}, (_, i) =>
    items.slice(Math.round((i * items.length) / groups), Math.round(((i + 1) * items.length) / groups)),
  );
}
