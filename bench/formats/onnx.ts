/**
 * A graph of the library as an ONNX graph, channels first. It reads the graph's weights, so their backend has to be
 * current.
 */
import type {OnnxGraph} from '../../examples/atari/onnx/writer';
import type {Graph, Node, Op} from '../../src/graph';
import {activationPart, convolution} from './onnx-convolution';
import {OnnxDraft, onnxValue} from './onnx-draft';
import {concat, gather, globalPool, merge, pool, reshape, resize, scaled, sliced} from './onnx-ops';

/** @throws where there is more in the graph than this can write */
export function onnxGraph(graph: Graph): OnnxGraph {
  const draft = new OnnxDraft(graph);
  graph.nodes.forEach((node) => writeNode(draft, node));
  const [input] = graph.inputs;
  return {
    name: 'model',
    nodes: draft.nodes,
    weights: draft.weights,
    input: onnxValue(graph.values[input]),
    outputs: graph.outputs.map((id) => onnxValue(graph.values[id])),
  };
}

type OpOf<K extends Op['kind']> = Extract<Op, {readonly kind: K}>;
type Writers = {readonly [K in Op['kind']]?: (draft: OnnxDraft, node: Node<OpOf<K>>) => void};

const WRITERS: Writers = {
  conv2d: convolution,
  depthwiseConv2d: convolution,
  merge,
  affine: scaled,
  activation: (draft, {op, inputs, outputs}) =>
    activationPart(draft, op.activation, draft.of(inputs[0]), draft.of(outputs[0])),
  pool2d: pool,
  globalPool,
  reshape,
  resize2d: resize,
  gather2d: gather,
  concat,
  sliceChannels: sliced,
};

function writeNode(draft: OnnxDraft, node: Node): void {
  const write = WRITERS[node.op.kind] as ((draft: OnnxDraft, node: Node) => void) | undefined;
  if (!write) {
    const known = Object.keys(WRITERS).join(', ');
    throw new Error(`'${node.name}' is a ${node.op.kind}; what is written to ONNX are ${known}.`);
  }
  write(draft, node);
}
