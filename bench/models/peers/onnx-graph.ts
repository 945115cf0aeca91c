/**
 * A graph of the library as an ONNX graph, channels first: convolutions and activations, which is all that PoseNet has. It
 * reads the graph's weights, so their backend has to be current.
 */
import {filterTensor} from '../../../examples/atari/onnx/filter';
import type {OnnxGraph, OnnxNode, OnnxTensor, OnnxValue} from '../../../examples/atari/onnx/writer';
import {
  planeOf,
  readWeight,
  windowOver,
  type Activation,
  type Graph,
  type Node,
  type Op,
  type Value,
  type ValueId,
} from '../../../src/graph';

type Part = Pick<OnnxGraph, 'nodes' | 'weights'>;
type ConvolutionOp = Extract<Op, {readonly kind: 'conv2d' | 'depthwiseConv2d'}>;

/** @throws where there is more in the graph than this can write */
export function onnxGraph(graph: Graph): OnnxGraph {
  const parts = graph.nodes.map((node) => partOf(node, graph));
  const valueOf = (id: ValueId) => onnxValue(graph.values[id]);
  return {
    name: 'model',
    nodes: parts.flatMap(({nodes}) => nodes),
    weights: parts.flatMap(({weights}) => weights),
    input: valueOf(graph.inputs[0]),
    outputs: graph.outputs.map(valueOf),
  };
}

function onnxValue(value: Value): OnnxValue {
  const {height, width, channels} = planeOf(value);
  return {name: value.name, dims: [1, channels, height, width]};
}

function partOf(node: Node, graph: Graph): Part {
  const {op, name, inputs, outputs} = node;
  if (op.kind === 'conv2d' || op.kind === 'depthwiseConv2d') return convolutionPart(node, op, graph);
  const nameOf = (id: ValueId) => graph.values[id].name;
  if (op.kind === 'activation') return activationPart(op.activation, nameOf(inputs[0]), nameOf(outputs[0]));
  throw new Error(
    `'${name}' is a ${op.kind}; what is written to ONNX are conv2d, depthwiseConv2d and activation.`,
  );
}

function convolutionPart({name, inputs, outputs, weights}: Node, op: ConvolutionOp, graph: Graph): Part {
  const {filter, bias, ...others} = weights;
  if (Object.keys(others).length > 0)
    throw new Error(
      `'${name}' has ${Object.keys(others).join(', ')}; what is written to ONNX are filter and bias.`,
    );
  const [input, output] = [graph.values[inputs[0]], graph.values[outputs[0]]];
  const {channels} = planeOf(input);
  const group = op.kind === 'depthwiseConv2d' ? channels : 1;
  const ownWeights = [
    filterTensor(
      `${name}.filter`,
      readWeight(graph.weights[filter]),
      op.window.kernel,
      channels / group,
      planeOf(output).channels,
    ),
    ...(bias === undefined ? [] : [vector(`${name}.bias`, readWeight(graph.weights[bias]))]),
  ];
  const isLinear = op.activation.name === 'linear';
  const sum = isLinear ? output.name : `${name}.sum`;
  const convolution: OnnxNode = {
    op: 'Conv',
    inputs: [input.name, ...ownWeights.map((weight) => weight.name)],
    output: sum,
    attributes: {...windowAttributes(op, input), group},
  };
  const after = isLinear ? {nodes: [], weights: []} : activationPart(op.activation, sum, output.name);
  return {nodes: [convolution, ...after.nodes], weights: [...ownWeights, ...after.weights]};
}

function windowAttributes({window}: ConvolutionOp, input: Value): OnnxNode['attributes'] {
  const {kernel, strides, dilations, pad} = windowOver(planeOf(input), window);
  return {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: [pad.top, pad.left, pad.bottom, pad.right],
  };
}

function activationPart({name}: Activation, input: string, output: string): Part {
  const nodes = (op: string, ...others: string[]): OnnxNode[] => [{op, inputs: [input, ...others], output}];
  if (name === 'relu') return {nodes: nodes('Relu'), weights: []};
  if (name !== 'relu6')
    throw new Error(`'${output}' has ${name}; what is written to ONNX are relu and relu6.`);
  const bounds = [scalar(`${output}.least`, 0), scalar(`${output}.most`, 6)];
  return {nodes: nodes('Clip', ...bounds.map((bound) => bound.name)), weights: bounds};
}

const vector = (name: string, values: Float32Array): OnnxTensor => ({name, dims: [values.length], values});

const scalar = (name: string, value: number): OnnxTensor => ({
  name,
  dims: [],
  values: Float32Array.of(value),
});
