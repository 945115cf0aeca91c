/** Which nodes recorded frames go back through, and what to say of one that they cannot. */
import type {Graph, Node, ValueId} from '../../graph';

/** The nodes that these values are computed by, in order. */
export function nodesBelow(graph: Graph, values: readonly ValueId[]): Node[] {
  const wanted = new Set(values);
  const found: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((id) => wanted.has(id))) continue;
    found.unshift(node);
    node.inputs.forEach((id) => wanted.add(id));
  }
  return found;
}

export function noWayBack({name, op}: Node): string {
  const what = op.kind === 'external' ? op.label : op.kind;
  return (
    `record(): the gradient of '${name}' (${what}) cannot be had from recorded frames. ` +
    'Train this model with tf.variableGrads, or record a model of the layers below it.'
  );
}
