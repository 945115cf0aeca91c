/**
 * A graph of the library as a TensorFlow Lite model, with the operators that TensorFlow's own converter would choose. It reads
 * the graph's weights, so their backend has to be current.
 */
import type {Graph, Node, Op, Value} from '../../src/graph';
import {activationPart} from './tflite-activation';
import {convolution, dense, depthwise} from './tflite-convolution';
import {TfliteDraft, tfliteShape} from './tflite-draft';
import {concat, gather, globalPool, merge, pool, reshape, resize, scaled, sliced} from './tflite-ops';
import type {TfliteModel} from './tflite-writer';

/** @throws where there is more in the graph than this can write */
export function tfliteModel(graph: Graph): TfliteModel {
  const draft = new TfliteDraft(graph);
  const inputs = graph.inputs.map((id) => inputPart(draft, graph.values[id]));
  graph.nodes.forEach((node) => writeNode(draft, node));
  return draft.finish(inputs);
}

/** The tensor that is given: one with its channels first is turned round, as the plan sees it. */
function inputPart(draft: TfliteDraft, value: Value): string {
  const whole = draft.output(value.id);
  if (value.layout === undefined) return whole;
  const [batch, height, width, channels] = tfliteShape(value);
  const given = draft.tensor({name: `${whole}.given`, shape: [batch, channels, height, width]});
  draft.operate('TRANSPOSE', [given, draft.integers(`${whole}.axes`, [0, 2, 3, 1])], whole);
  return given;
}

type OpOf<K extends Op['kind']> = Extract<Op, {readonly kind: K}>;
type Writers = {readonly [K in Op['kind']]?: (draft: TfliteDraft, node: Node<OpOf<K>>) => void};

const WRITERS: Writers = {
  conv2d: convolution,
  depthwiseConv2d: depthwise,
  dense,
  merge,
  affine: scaled,
  activation: (draft, {op, inputs, outputs}) =>
    activationPart(draft, op.activation, draft.of(inputs[0]), draft.output(outputs[0])),
  pool2d: pool,
  globalPool,
  reshape,
  resize2d: resize,
  gather2d: gather,
  concat,
  sliceChannels: sliced,
};

function writeNode(draft: TfliteDraft, node: Node): void {
  const write = WRITERS[node.op.kind] as ((draft: TfliteDraft, node: Node) => void) | undefined;
  if (!write) {
    const known = Object.keys(WRITERS).join(', ');
    throw new Error(`'${node.name}' is a ${node.op.kind}; what is written to TensorFlow Lite are ${known}.`);
  }
  write(draft, node);
}
