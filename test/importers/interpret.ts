/**
 * Computes a graph densely with plain tfjs ops, one node after another. It follows the graph's own comments and
 * nothing else, so that what an importer gives can be compared with the model it came from.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  planeOf,
  type Activation,
  type Graph,
  type MergeFunction,
  type Node,
  type Value,
} from '../../src/graph';
import {weightTensor} from '../../src/engines';
import type {WindowConfig} from '../../src/graph';
import {convTranspose} from '../reference/graph-ops';

type Image = tf.Tensor4D;

/** The graph's outputs for one frame: tensors of shape [1, ...shape], or whole tensors where the graph has those. */
export function interpret(graph: Graph, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  return tf.tidy(() => {
    const values = new Map<number, tf.Tensor>(graph.inputs.map((id, i) => [id, inputs[i]]));
    for (const node of graph.nodes) {
      const results = compute(
        graph,
        node,
        node.inputs.map((id) => values.get(id)!),
      );
      node.outputs.forEach((id, i) => values.set(id, results[i]));
    }
    return graph.outputs.map((id) => values.get(id)!.clone());
  });
}

function compute(graph: Graph, node: Node, inputs: tf.Tensor[]): tf.Tensor[] {
  const {op} = node;
  if (op.kind === 'external') return op.apply(inputs);
  const given = node.inputs.map((id) => graph.values[id]);
  const result = computeImage(
    graph,
    node,
    inputs.map((input, i) => imageOf(input, given[i])),
    inputs,
  );
  const {shape} = graph.values[node.outputs[0]];
  const computed = tf.reshape(result, [1, ...shape!]);
  return [op.kind === 'reshape' ? computed : tf.cast(computed, 'float32')];
}

function imageOf(tensor: tf.Tensor, value: Value): Image {
  const {height, width, channels} = planeOf(value);
  return tf.reshape(tensor, [1, height, width, channels]);
}

function computeImage(graph: Graph, node: Node, images: Image[], inputs: tf.Tensor[]): tf.Tensor {
  const {op} = node;
  const [image] = images;
  const weight = (name: string): tf.Tensor | null =>
    name in node.weights ? weightTensor(graph.weights[node.weights[name]]) : null;
  switch (op.kind) {
    case 'conv2d': {
      const [, , , channels] = image.shape;
      const filter = tf.reshape(weight('filter')!, [
        ...op.window.kernel,
        channels,
        op.filters,
      ]) as tf.Tensor4D;
      const {x, pad} = padded(image, op.window);
      const sum = tf.conv2d(x, filter, pairOf(op.window.strides), pad, 'NHWC', pairOf(op.window.dilations));
      return activated(normalized(biased(sum, weight('bias')), weight, op.batchNormEpsilon), op.activation);
    }
    case 'depthwiseConv2d': {
      const [, , , channels] = image.shape;
      const filter = tf.reshape(weight('filter')!, [
        ...op.window.kernel,
        channels,
        op.depthMultiplier,
      ]) as tf.Tensor4D;
      const {x, pad} = padded(image, op.window);
      const sum = tf.depthwiseConv2d(
        x,
        filter,
        pairOf(op.window.strides),
        pad,
        'NHWC',
        pairOf(op.window.dilations),
      );
      return activated(normalized(biased(sum, weight('bias')), weight, op.batchNormEpsilon), op.activation);
    }
    case 'conv2dTranspose': {
      const plane = planeOf(graph.values[node.outputs[0]]);
      const wide = (tensor: tf.Tensor) => Float64Array.from(tensor.dataSync());
      const picture = {plane: planeOf(graph.values[node.inputs[0]]), data: wide(image)};
      const sums = convTranspose(op, picture, plane, wide(weight('filter')!));
      const sum = tf.tensor4d(Float32Array.from(sums), [1, plane.height, plane.width, plane.channels]);
      return activated(biased(sum, weight('bias')), op.activation);
    }
    case 'dense': {
      const sum = tf.matMul(tf.reshape(image, [1, image.size]), weight('kernel') as tf.Tensor2D);
      return activated(biased(sum, weight('bias')), op.activation);
    }
    case 'pool2d': {
      const {kernel, strides, padding} = op.window;
      const pool = op.mode === 'max' ? tf.maxPool : tf.avgPool;
      return pool(image, pairOf(kernel), pairOf(strides), padding as 'same' | 'valid');
    }
    case 'globalPool':
      return op.mode === 'max' ? tf.max(image, [1, 2]) : tf.mean(image, [1, 2]);
    case 'activation':
      return activated(image, op.activation);
    case 'batchNorm':
      return normalized(image, weight, op.epsilon);
    case 'layerNormalization': {
      const {mean, variance} = tf.moments(image, -1, true);
      const moments: Record<string, tf.Tensor> = {mean, variance};
      return normalized(image, (name) => moments[name] ?? weight(name), op.epsilon);
    }
    case 'prelu':
      return tf.prelu(inputs[0], weight('alpha')!);
    case 'merge': {
      const whole = (images as tf.Tensor[]).reduce((sum, next) => MERGES[op.fn](sum, next));
      return activated(op.fn === 'average' ? tf.div(whole, images.length) : whole, op.activation);
    }
    case 'concat':
      return tf.concat(images, {height: 1, width: 2, channels: 3}[op.axis]);
    case 'pad2d': {
      const {top, bottom, left, right} = op;
      const more = (amount: number) => Math.max(amount, 0);
      const grown = tf.pad(image, [
        [0, 0],
        [more(top), more(bottom)],
        [more(left), more(right)],
        [0, 0],
      ]);
      const [, height, width, channels] = image.shape;
      return tf.slice(
        grown,
        [0, more(-top), more(-left), 0],
        [1, height + top + bottom, width + left + right, channels],
      );
    }
    case 'upsample2d': {
      const size: [number, number] = [image.shape[1] * op.factor[0], image.shape[2] * op.factor[1]];
      return op.interpolation === 'nearest'
        ? tf.image.resizeNearestNeighbor(image, size)
        : tf.image.resizeBilinear(image, size);
    }
    case 'reshape':
      return image;
    default:
      throw new Error(`No op ${op.kind}.`);
  }
}

const MERGES: Record<MergeFunction, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  add: tf.add,
  average: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  equal: (a, b) => tf.cast(tf.equal(a, b), 'float32'),
};

function pairOf([y, x]: readonly [number, number]): [number, number] {
  return [y, x];
}

function padded(x: Image, {padding}: WindowConfig): {x: Image; pad: 'same' | 'valid'} {
  if (padding === 'same' || padding === 'valid') return {x, pad: padding};
  const [[top, bottom], [left, right]] = padding;
  const sides: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return {x: tf.pad(x, sides), pad: 'valid'};
}

function biased(x: tf.Tensor, bias: tf.Tensor | null): tf.Tensor {
  return bias ? tf.add(x, bias) : x;
}

function normalized(
  x: tf.Tensor,
  weight: (name: string) => tf.Tensor | null,
  epsilon: number | null,
): tf.Tensor {
  if (epsilon === null) return x;
  const scaled = tf.div(tf.sub(x, weight('mean')!), tf.sqrt(tf.add(weight('variance')!, epsilon)));
  const gamma = weight('gamma');
  return biased(gamma ? tf.mul(scaled, gamma) : scaled, weight('beta'));
}

function activated(x: tf.Tensor, {name, parameter = NaN}: Activation): tf.Tensor {
  switch (name) {
    case 'linear':
      return x;
    case 'relu6':
      return tf.clipByValue(x, 0, 6);
    case 'hardSigmoid':
      return tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1);
    case 'softsign':
      return tf.div(x, tf.add(tf.abs(x), 1));
    case 'gelu':
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1));
    case 'gelu_new': {
      const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
    }
    case 'mish':
      return tf.mul(x, tf.tanh(tf.softplus(x)));
    case 'swish':
      return tf.mul(x, tf.sigmoid(x));
    case 'hardSwish':
      return tf.mul(x, tf.mul(tf.relu6(tf.add(x, 3)), parameter));
    case 'leakyRelu':
      return tf.where(tf.greater(x, 0), x, tf.mul(x, parameter));
    case 'thresholdedRelu':
      return tf.where(tf.greater(x, parameter), x, tf.zerosLike(x));
    case 'clippedRelu':
      return tf.clipByValue(x, 0, parameter);
    default:
      return tf[name](x);
  }
}
