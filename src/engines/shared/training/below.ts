/** Which nodes recorded frames go back through, and what to say of one that they cannot. */
import type {Graph, Node, OpKind, ValueId} from '../../../graph';

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

const ONE_WAY: ReadonlySet<OpKind> = new Set([
  'conv2dTranspose',
  'affine',
  'resize2d',
  'gather2d',
  'sliceChannels',
  'padChannels',
  'depthToSpace',
  'external',
]);

/** Whether any engine can go back through a node. The ops of graph models alone, whose weights are constants, have no way. */
export function hasBackward({op, weights}: Node): boolean {
  if (ONE_WAY.has(op.kind) || 'scale' in weights || 'shift' in weights) return false;
  return op.kind !== 'merge' || (op.fn !== 'divide' && op.fn !== 'equal');
}

export function noBackwardOf({name, op}: Node): string {
  const what = op.kind === 'external' ? op.label : op.kind === 'merge' ? op.fn : op.kind;
  return (
    `record(): the gradient of '${name}' (${what}) cannot be had from recorded frames. ` +
    'Train this model with tf.variableGrads, or record a model of the layers below it.'
  );
}
