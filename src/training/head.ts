/**
 * The part of a model above its first dense layers and global pools, through tfjs's own differentiable ops, for all
 * recorded frames at once.
 */
import * as tf from '@tensorflow/tfjs-core';
import {activate, weightTensor} from '../engines';
import type {ConcatOp, Graph, MergeFunction, Node, ValueId} from '../graph';
import type {Split} from './split';

/** A function of the cut points' rows, [frames, …] each, to the model's outputs; differentiable, also by the weights it reads. */
export type Head = (rows: readonly tf.Tensor[]) => tf.Tensor[];

/** @throws where a node cannot be differentiated here; names the node */
export function headOf(graph: Graph, {cutPoints, head}: Split): Head {
  const refused = head.find((node) => !(node.op.kind in RULES));
  if (refused) {
    const {op, name} = refused;
    throw new Error(
      `record(): '${name}' (${op.kind === 'external' ? op.label : op.kind}) stands above a dense layer or a global pool, ` +
        'where recorded frames cannot go back through it. Train this model with tf.variableGrads.',
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

/** The rows of a dense layer are sums before its activation. */
function finish(graph: Graph, id: ValueId, rows: tf.Tensor): tf.Tensor {
  const node = graph.nodes.find(({outputs}) => outputs.includes(id));
  return node?.op.kind === 'dense' ? activate(rows, node.op.activation) : rows;
}

type Weights = Readonly<Record<string, tf.Tensor>>;
type Rule = (
  node: Node,
  inputs: readonly tf.Tensor[],
  weights: Weights,
  shape: readonly number[],
) => tf.Tensor;

function compute(graph: Graph, node: Node, inputs: readonly tf.Tensor[]): tf.Tensor {
  const weights = Object.fromEntries(
    Object.entries(node.weights).map(([name, index]) => [name, weightTensor(graph.weights[index])]),
  );
  return RULES[node.op.kind]!(node, inputs, weights, graph.values[node.outputs[0]].shape!);
}

const MERGES: Readonly<Record<MergeFunction, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  average: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  equal: (a, b) => tf.cast(tf.equal(a, b), 'float32'),
  maximum: tf.maximum,
  minimum: tf.minimum,
};

const RULES: Partial<Record<Node['op']['kind'], Rule>> = {
  dense({op}, [input], {kernel, bias}) {
    const rows = tf.reshape(input, [input.shape[0], -1]) as tf.Tensor2D;
    const sums = tf.matMul(rows, kernel as tf.Tensor2D);
    return activate(bias ? tf.add(sums, bias) : sums, activationOf(op));
  },
  activation: ({op}, [input]) => activate(input, activationOf(op)),
  prelu: (_node, [input], {alpha}) => tf.prelu(input, alpha),
  batchNorm({op}, [input], {mean, variance, beta, gamma}) {
    const epsilon = op.kind === 'batchNorm' ? op.epsilon : 0;
    const scale = tf.mul(tf.rsqrt(tf.add(variance, epsilon)), gamma ?? 1);
    const scaled = tf.mul(tf.sub(input, mean), scale);
    return beta ? tf.add(scaled, beta) : scaled;
  },
  merge({op}, inputs) {
    if (op.kind !== 'merge') return inputs[0];
    const merged = inputs.reduce((sum, input) => MERGES[op.fn](sum, input));
    return activate(op.fn === 'average' ? tf.div(merged, inputs.length) : merged, op.activation);
  },
  concat: ({op}, inputs) =>
    tf.concat([...inputs], op.kind === 'concat' ? axisOf(op.axis, inputs[0].rank) : -1),
  reshape: (_node, [input], _weights, shape) => tf.reshape(input, [input.shape[0], ...shape]),
};

const activationOf = (op: Node['op']) => ('activation' in op ? op.activation : {name: 'linear' as const});

/** Vectors are one row of pixels: all they have is one axis. */
function axisOf(axis: ConcatOp['axis'], rank: number): number {
  if (rank === 2 || axis === 'channels') return -1;
  return axis === 'width' ? -2 : -3;
}
