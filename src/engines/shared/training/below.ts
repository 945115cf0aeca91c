/** Which nodes the backward pass over recorded frames goes through, and what to say of one that has none. */
import {definitionOf, type Graph, type Node, type ValueId} from '../../../graph';

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

/** Whether any engine has a backward pass through a node. A scale and a shift are constants of graph models; none goes through them. */
export function hasBackward({op, weights}: Node): boolean {
  return definitionOf(op).gradient(op) !== 'none' && !('scale' in weights || 'shift' in weights);
}

export function noBackwardOf({name, op}: Node): string {
  const what = op.kind === 'external' ? op.label : op.kind === 'merge' ? op.fn : op.kind;
  return (
    `record(): the gradient of '${name}' (${what}) cannot be had from recorded frames. ` +
    'Train this model with tf.variableGrads, or record a model of the layers below it.'
  );
}
