/**
 * The paper's network as an ONNX graph with a model's own weights. ONNX has channels first: weights are moved for it
 * here, once, so that no frame is; a frame of one channel lies the same either way.
 */
import {KERNEL, type NetworkSize} from '../network';
import {filterTensor} from './filter';
import type {OnnxGraph, OnnxNode} from './writer';

/** @param weights the model's: kernel and bias of either convolution, and the dense layer's matrix */
export function onnxNetwork(
  {height, width, filters: [first, second], actions}: NetworkSize,
  weights: readonly Float32Array[],
): OnnxGraph {
  const [kernel1, bias1, kernel2, bias2, matrix] = weights;
  const plane = (height - 2 * (KERNEL - 1)) * (width - 2 * (KERNEL - 1));
  return {
    name: 'atari',
    nodes: [
      convolution('conv1', 'frame'),
      {op: 'Relu', inputs: ['conv1'], output: 'relu1'},
      convolution('conv2', 'relu1'),
      {op: 'Relu', inputs: ['conv2'], output: 'relu2'},
      {op: 'Flatten', inputs: ['relu2'], output: 'flat', attributes: {axis: 1}},
      {op: 'Gemm', inputs: ['flat', 'matrix'], output: 'logits'},
      {op: 'Softmax', inputs: ['logits'], output: 'actions', attributes: {axis: 1}},
    ],
    weights: [
      filterTensor('conv1.kernel', kernel1, [KERNEL, KERNEL], 1, first),
      {name: 'conv1.bias', dims: [first], values: bias1},
      filterTensor('conv2.kernel', kernel2, [KERNEL, KERNEL], first, second),
      {name: 'conv2.bias', dims: [second], values: bias2},
      {
        name: 'matrix',
        dims: [plane * second, actions],
        values: channelsFirst(matrix, plane, second, actions),
      },
    ],
    input: {name: 'frame', dims: [1, 1, height, width]},
    outputs: [{name: 'actions', dims: [1, actions]}],
  };
}

function convolution(name: string, input: string): OnnxNode {
  const attributes = {kernel_shape: [KERNEL, KERNEL], strides: [1, 1], pads: [0, 0, 0, 0]};
  return {op: 'Conv', inputs: [input, `${name}.kernel`, `${name}.bias`], output: name, attributes};
}

/** The matrix's rows, a pixel's channels after another, put in the order of whole planes. */
function channelsFirst(
  matrix: Float32Array,
  pixels: number,
  channels: number,
  columns: number,
): Float32Array {
  const values = new Float32Array(matrix.length);
  for (let pixel = 0, from = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < channels; c++, from += columns) {
      values.set(matrix.subarray(from, from + columns), (c * pixels + pixel) * columns);
    }
  }
  return values;
}
