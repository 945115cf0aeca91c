/**
 * The part of a model above its first dense layers and global pools, for all recorded frames at once: through the portable
 * engine's ops, which tfjs differentiates.
 */
import type * as tf from '@tensorflow/tfjs-core';
import {portableOpOf, weightTensors} from '../engines';
import type {Graph, Node, ValueId} from '../graph';
import type {Split} from './split';

/** A function of the cut points' rows, [frames, …] each, to the model's outputs; differentiable, also by the weights it reads. */
export type Head = (rows: readonly tf.Tensor[]) => tf.Tensor[];

/** @throws where a node cannot be differentiated here; names the node */
export function headOf(graph: Graph, {cutPoints, head}: Split): Head {
  const unsupported = head.find((node) => portableOpOf(node.op).whole === null);
  if (unsupported) {
    const {op, name} = unsupported;
    throw new Error(
      `record(): '${name}' (${op.kind === 'external' ? op.label : op.kind}) stands above a dense layer or a global pool, ` +
        'where it has no backward pass over recorded frames. Train this model with tf.variableGrads.',
    );
  }
  return (rows) => {
    const values = new Map<ValueId, tf.Tensor>();
    cutPoints.forEach((id, i) => values.set(id, finish(graph, id, rows[i])));
    for (const node of head) {
      const inputs = node.inputs.map((id) => values.get(id)!);
      values.set(node.outputs[0], compute(graph, node, inputs));
    }
    return graph.outputs.map((id) => values.get(id)!);
  };
}

/** The outputs of the cut points, from their rows: of a dense layer these are sums before its activation. */
function finish(graph: Graph, id: ValueId, rows: tf.Tensor): tf.Tensor {
  const node = graph.nodes.find(({outputs}) => outputs.includes(id));
  return (node && portableOpOf(node.op).cutPoint?.finish?.(node.op, rows)) ?? rows;
}

function compute(graph: Graph, node: Node, inputs: readonly tf.Tensor[]): tf.Tensor {
  const {op, outputs} = node;
  const weights = weightTensors(node, graph);
  return portableOpOf(op).whole!({op, inputs, weights, shape: graph.values[outputs[0]].shape!});
}
