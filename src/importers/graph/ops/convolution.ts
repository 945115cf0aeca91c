/** Convolutions of a TensorFlow graph, with what was fused into them, and matrix products of a vector. */
import {LINEAR, windowOver, type Activation, type Op, type Shape, type WindowConfig} from '../../../graph';
import {
  constantAt,
  emit,
  emitActivated,
  emitPart,
  imageOrder,
  isChannelsLast,
  integersAt,
  isImage,
  spatial,
  viewAt,
  viewLike,
} from '../use';
import {addsBiasOnce, fusedPreluOrder} from '../../asked';
import {graphWeight, type Constant} from '../constants';
import {sizesOfDealt} from '../dilations';
import {planShape, readsInOrder, valueOf, viewOf, type View} from '../view';
import type {NodeImporter, NodeImporters, NodeUse, Weights} from '../use';
import {slopesFor} from './pointwise';

/** What may be fused into an op behind its bias. `null` is none; a PReLU has slopes of its own, and is another node. */
const FUSED: Readonly<Record<string, Activation['name']>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  Sigmoid: 'sigmoid',
  LeakyRelu: 'leakyRelu',
};

const FUSED_OPS = new Set(['_FusedConv2D', 'FusedDepthwiseConv2dNative', '_FusedMatMul']);

interface Fused {
  readonly bias: Constant | null;
  readonly activation: Activation;
  /** Slopes of a PReLU at the end. */
  readonly slopes: Constant | null;
}

const PLAIN: Fused = {bias: null, activation: LINEAR, slopes: null};

/**
 * What a fused op does behind its product; null where that is not known here.
 * @param channels of the product: tfjs has other biases too, but spreads them in its own way
 */
function fusedOf(use: NodeUse, channels: number): Fused | null {
  const {attributes, node} = use;
  if (!FUSED_OPS.has(node.op)) return PLAIN;
  const [first, second, ...others] = attributes.strings('fused_ops', []);
  const count = first === undefined ? 0 : second === 'Prelu' ? 2 : 1;
  if (node.inputs.length !== 2 + count || attributes.integer('num_args', 0) !== count) return null;
  if (first === undefined) return PLAIN;
  const bias = constantAt(use, 2);
  if (first !== 'BiasAdd' || others.length > 0 || bias?.shape.length !== 1 || bias.shape[0] !== channels)
    return null;
  if (second === undefined) return {bias, activation: LINEAR, slopes: null};
  if (second === 'Prelu') {
    const slopes = constantAt(use, 3);
    return slopes && isOfRank(slopes, [1, 3], channels) ? {bias, activation: LINEAR, slopes} : null;
  }
  const name = FUSED[second];
  if (name === undefined || isUnknownSlope(use, name)) return null;
  const parameter = name === 'leakyRelu' ? attributes.number('leakyrelu_alpha', 0.2) : undefined;
  return {bias, activation: parameter === undefined ? {name} : {name, parameter}, slopes: null};
}

/** Whether a constant has one of these ranks, and a value for each channel. */
const isOfRank = ({shape}: Constant, ranks: readonly number[], channels: number): boolean =>
  ranks.includes(shape.length) && shape[shape.length - 1] === channels;

/** tfjs does not read the slope of a leaky ReLU behind a depthwise convolution; what it computes, it computes itself. */
const isUnknownSlope = ({node}: NodeUse, name: Activation['name']): boolean =>
  name === 'leakyRelu' && node.op === 'FusedDepthwiseConv2dNative';

/** The window of a convolution; null for paddings and dilations that tfjs itself refuses. */
function windowOf(use: NodeUse, [kh, kw]: Shape): WindowConfig | null {
  const {attributes} = use;
  const strides = spatial(attributes.integers('strides'));
  const dilations = spatial(
    attributes.integers('dilations', FUSED_OPS.has(use.node.op) ? [1, 1, 1, 1] : undefined),
  );
  if (strides.some((side) => side > 1) && dilations.some((side) => side > 1)) return null;
  const padding = paddingOf(use);
  return padding && {kernel: [kh, kw], strides, dilations, padding};
}

export function paddingOf(use: NodeUse): WindowConfig['padding'] | null {
  switch (use.attributes.string('padding')) {
    case 'SAME':
      return 'same';
    case 'VALID':
      return 'valid';
    case 'EXPLICIT': {
      const pairs = use.attributes.integers('explicit_paddings');
      const order = imageOrder(use);
      if (pairs.length !== 8) return null;
      const along = (axis: number): [number, number] => {
        const at = 2 * order.indexOf(axis);
        return [pairs[at], pairs[at + 1]];
      };
      return [along(1), along(2)];
    }
    default:
      return null;
  }
}

const conv: NodeImporter = (use) => convolve(use, 'conv2d');
const depthwise: NodeImporter = (use) => convolve(use, 'depthwiseConv2d');

function convolve(use: NodeUse, kind: 'conv2d' | 'depthwiseConv2d'): View[] | null {
  const view = viewAt(use);
  const filter = constantAt(use, 1);
  if (!isImage(use, view) || filter?.shape.length !== 4) return null;
  if (kind === 'depthwiseConv2d' && !isChannelsLast(use)) return null;
  const [, , inputs, last] = filter.shape;
  const window = windowOf(use, filter.shape);
  const fused = fusedOf(use, kind === 'conv2d' ? last : inputs * last);
  // A filter for fewer channels than there are is one of a grouped convolution.
  if (!window || !fused || inputs !== planShape(view)[3] || !isDealtEvenly(use, view)) return null;
  const value = valueOf(use.graph, view)!;
  const common = {window, batchNormEpsilon: null} as const;
  const op = (activation: Activation): Op =>
    kind === 'conv2d'
      ? {kind, filters: last, activation, ...common}
      : {kind, depthMultiplier: last, activation, ...common};
  const weights = {filter: graphWeight(filter)};
  if (fused.slopes === null) return [viewLike(use, emitFused(use, fused, [value], weights, op), view)];
  const linear = emitPart(use, 'linear', op(LINEAR), [value], {...weights, bias: biasOf(fused)});
  const sums = viewLike(use, linear, view);
  const alpha = slopesFor(sums, fused.slopes, fusedPreluOrder);
  return alpha && [viewLike(use, emit(use, {kind: 'prelu'}, [linear], {alpha}), sums)];
}

const biasOf = ({bias}: Fused) => bias && graphWeight(bias);

/** Whether the space can be dealt out to the batch, where the graph spells a dilation so. */
function isDealtEvenly({attributes}: NodeUse, view: View): boolean {
  const sizes = sizesOfDealt(attributes, planShape(view).slice(1, 3));
  return sizes.every(Number.isInteger);
}

function emitFused(
  use: NodeUse,
  fused: Fused,
  inputs: readonly number[],
  weights: Weights,
  op: Parameters<typeof emitActivated>[1],
): number {
  return emitActivated(use, op, fused.activation, inputs, {...weights, bias: biasOf(fused)});
}

/** Conv2DBackpropInput: sizes of the output, filter [kh, kw, out, in], input. */
const transposedConv: NodeImporter = (use) => {
  const sizes = integersAt(use, 0);
  const filter = constantAt(use, 1);
  const view = viewAt(use, 2);
  if (sizes?.length !== 4 || filter?.shape.length !== 4 || !isImage(use, view) || !isChannelsLast(use))
    return null;
  const [kh, kw, filters, inputs] = filter.shape;
  const [, height, width, channels] = planShape(view);
  const strides = spatial(use.attributes.integers('strides'));
  const dilations = spatial(use.attributes.integers('dilations', [1, 1, 1, 1]));
  const padding = paddingOf(use);
  const isKnown = padding === 'same' || padding === 'valid';
  if (!isKnown || dilations.some((side) => side > 1) || inputs !== channels) return null;
  if (sizes[0] !== 1 || sizes[3] !== filters) return null;
  const size = spatial(sizes);
  // The convolution that it is the transpose of must give what it reads; else tfjs's backends differ.
  const plane = {height: size[0], width: size[1], channels: filters};
  const {pad, output: read} = windowOver(plane, {kernel: [kh, kw], strides, dilations, padding});
  if (read[0] !== height || read[1] !== width) return null;
  const output = emitActivated(
    use,
    (activation) => ({
      kind: 'conv2dTranspose',
      filters,
      kernel: [kh, kw],
      strides,
      pad: {top: pad.top, left: pad.left},
      size,
      activation,
    }),
    LINEAR,
    [valueOf(use.graph, view)!],
    {filter: graphWeight(filter)},
  );
  return [viewLike(use, output, view)];
};

/** A row vector times a matrix. */
const matMul: NodeImporter = (use) => {
  const {attributes} = use;
  const view = viewAt(use);
  const kernel = constantAt(use, 1);
  if (view?.shape.length !== 2 || kernel?.shape.length !== 2) return null;
  if (attributes.boolean('transpose_a', false)) return null;
  const [rows, count] = view.shape;
  const flipped = attributes.boolean('transpose_b', false);
  const [n, units] = flipped ? [kernel.shape[1], kernel.shape[0]] : kernel.shape;
  const fused = fusedOf(use, units);
  if (count !== n || !fused || fused.slopes) return null;
  if (flipped && fused.bias && !addsBiasOnce(rows, n)) return null;
  const weights = {
    kernel: graphWeight(kernel, [n, units], flipped ? (values) => flip(values, units, n) : undefined),
  };
  if (rows === 1) return vectorProduct(use, view, units, fused, weights);
  return pixelProduct(use, view, units, fused, weights);
};

function vectorProduct(
  use: NodeUse,
  view: View,
  units: number,
  fused: Fused,
  weights: Weights,
): View[] | null {
  // A flattened image keeps its pixels, by which the product is computed block by block.
  const plane = readsInOrder(view) ? use.graph.value(view.value).plane : null;
  const value = valueOf(use.graph, view, plane ?? undefined);
  if (value === null) return null;
  const output = emitFused(use, fused, [value], weights, (activation) => ({
    kind: 'dense',
    units,
    activation,
  }));
  return [viewOf(output, [1, units])];
}

/** Rows that are pixels: a convolution of 1×1. */
function pixelProduct(
  use: NodeUse,
  view: View,
  units: number,
  fused: Fused,
  {kernel}: Weights,
): View[] | null {
  const [rows, count] = view.shape;
  const value = valueOf(use.graph, {...view, shape: [1, rows, count], order: [0, 1, 2]});
  if (value === null || view.order[0] !== 0) return null;
  const window: WindowConfig = {kernel: [1, 1], strides: [1, 1], dilations: [1, 1], padding: 'valid'};
  const output = emitFused(use, fused, [value], {filter: kernel}, (activation) => ({
    kind: 'conv2d',
    filters: units,
    window,
    activation,
    batchNormEpsilon: null,
  }));
  return [viewOf(output, [rows, units])];
}

/** [rows, columns] to [columns, rows]. */
function flip(values: Float32Array, rows: number, columns: number): Float32Array {
  const flipped = new Float32Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) flipped[c * rows + r] = values[r * columns + c];
  }
  return flipped;
}

export const convolutions: NodeImporters = {
  Conv2D: conv,
  _FusedConv2D: conv,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2d: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  Conv2DBackpropInput: transposedConv,
  MatMul: matMul,
  _FusedMatMul: matMul,
};
