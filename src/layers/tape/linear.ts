/** A convolution layer's graph taken apart: the convolutions with their bias, and the activation after them. */
import {LINEAR, type Activation, type ConvOp, type DepthwiseConvOp, type Graph, type Node} from '../../graph';

export type ConvolutionNode = Node<ConvOp | DepthwiseConvOp>;

export interface LinearPart {
  /** One convolution after another, without activation: one input, one output. */
  readonly graph: Graph;
  readonly nodes: readonly ConvolutionNode[];
  /** What comes after. */
  readonly activation: Activation;
}

/** Null for a graph of anything else than convolutions and an activation after them. */
export function linearPartOf(graph: Graph): LinearPart | null {
  const {nodes} = graph;
  const last = nodes.at(-1);
  const alone = last?.op.kind === 'activation' ? last.op.activation : null;
  const convolutions = (alone ? nodes.slice(0, -1) : nodes).filter(isConvolution);
  const activations = convolutions.map(({op}) => op.activation);
  const activation = alone ?? activations.pop();
  const isWhole = convolutions.length > 0 && convolutions.length + (alone ? 1 : 0) === nodes.length;
  if (!isWhole || !activation || activations.some(({name}) => name !== 'linear')) return null;
  const linear = convolutions.map((node) => ({...node, op: {...node.op, activation: LINEAR}}));
  const {outputs} = linear[linear.length - 1];
  // An activation that stands alone gave the last value.
  const values = graph.values.slice(0, outputs[0] + 1);
  return {graph: {...graph, values, nodes: linear, outputs}, nodes: linear, activation};
}

function isConvolution(node: Node): node is ConvolutionNode {
  const {op} = node;
  if (op.kind !== 'conv2d' && op.kind !== 'depthwiseConv2d') return false;
  return op.batchNormEpsilon === null && typeof op.window.padding === 'string';
}
