/** What the backend's own convolution kernels do here: which there are, and the gradient for a convolution's input. */
import * as tf from '@tensorflow/tfjs-core';
import {planeOf} from '../../graph';
import type {ConvolutionNode, LinearPart} from './linear';

const FILTER_KERNELS = {
  conv2d: tf.Conv2DBackpropFilter,
  depthwiseConv2d: tf.DepthwiseConv2dNativeBackpropFilter,
} as const;

const INPUT_KERNELS = {
  conv2d: tf.Conv2DBackpropInput,
  depthwiseConv2d: tf.DepthwiseConv2dNativeBackpropInput,
} as const;

/** Whether tfjs itself could train these convolutions on the current backend. */
export function trainsItself({nodes}: LinearPart): boolean {
  const backend = tf.getBackend();
  return nodes.every(({op}) => !isDilated(op) && tf.getKernel(FILTER_KERNELS[op.kind], backend) != null);
}

/**
 * The gradient for the input of a batch, from that of the output, by the backend's own kernels.
 * @throws where tfjs cannot do it; names the layer
 */
export function inputGradient(part: LinearPart, layer: string, dy: tf.Tensor, weights: readonly tf.Tensor[]) {
  part.nodes.forEach((node) => checkNode(node, layer));
  const {graph, nodes} = part;
  return tf.tidy(() => {
    const planes = nodes.reduceRight((gradient, node) => backThrough(part, node, gradient, weights), dy);
    return tf.reshape(planes, [dy.shape[0], ...graph.values[graph.inputs[0]].shape!]);
  });
}

/** The convolutions' op attributes and shapes, as tfjs's own gradients hand them to these kernels. */
function backThrough(
  {graph}: LinearPart,
  {op, inputs, outputs, weights: slots}: ConvolutionNode,
  gradient: tf.Tensor,
  weights: readonly tf.Tensor[],
): tf.Tensor {
  const rows = gradient.shape[0];
  const [from, to] = [inputs[0], outputs[0]].map((id) => planeOf(graph.values[id]));
  const {strides, padding, kernel, dilations} = op.window;
  const dy = tf.reshape(gradient, [rows, to.height, to.width, to.channels]);
  const [taken, given] = weights[slots['filter']].shape.slice(-2);
  const filter = tf.reshape(weights[slots['filter']], [...kernel, taken, given]);
  const inputShape = [rows, from.height, from.width, from.channels];
  const attrs = {strides: [...strides], pad: padding as string, inputShape};
  return op.kind === 'conv2d'
    ? tf.engine().runKernel(INPUT_KERNELS[op.kind], {dy, filter}, {...attrs, dataFormat: 'NHWC'})
    : tf.engine().runKernel(INPUT_KERNELS[op.kind], {dy, filter}, {...attrs, dilations: [...dilations]});
}

function checkNode({op}: ConvolutionNode, layer: string): void {
  const what = `Layer '${layer}': the gradient for its input`;
  if (isDilated(op))
    throw new Error(`${what} cannot be had: tfjs has none of a convolution with a dilation rate above 1.`);
  const kernel = INPUT_KERNELS[op.kind];
  const backend = tf.getBackend();
  if (tf.getKernel(kernel, backend) != null) return;
  throw new Error(
    `${what} needs the kernel '${kernel}', which tfjs's backend '${backend}' does not have. Train on another backend, ` +
      'or freeze the layers below this one. (The gradients of its weights need no such kernel.)',
  );
}

const isDilated = ({window}: ConvolutionNode['op']) => window.dilations.some((rate) => rate > 1);
