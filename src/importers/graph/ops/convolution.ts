/** Convolutions of a TensorFlow graph, with what was fused into them, and matrix products of a vector. */
import {LINEAR, sizeOf, type Activation, type Op, type Shape, type WindowConfig} from '../../../graph';
import {
  constantAt,
  emit,
  emitActivated,
  emitPart,
  imageOrder,
  isChannelsLast,
  isImage,
  isView,
  spatial,
  viewAt,
  viewLike,
} from '../use';
import {addsBiasOnce, fusedPreluOrder} from '../../asked';
import {graphWeight, type Constant} from '../constants';
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

interface Fused {
  readonly bias: Constant | null;
  readonly activation: Activation;
  /** Slopes of a PReLU at the end. */
  readonly slopes: Constant | null;
}

/** What a fused op does behind its product; null where that is not known here. */
function fusedOf(use: NodeUse): Fused | null {
  const {attributes} = use;
  const [first, second, ...others] = attributes.strings('fused_ops');
  if (first === undefined) return {bias: null, activation: LINEAR, slopes: null};
  const bias = constantAt(use, 2);
  if (first !== 'BiasAdd' || bias === null || others.length > 0) return null;
  if (second === undefined) return {bias, activation: LINEAR, slopes: null};
  if (second === 'Prelu') {
    const slopes = constantAt(use, 3);
    return slopes && {bias, activation: LINEAR, slopes};
  }
  const name = FUSED[second];
  if (name === undefined || isUnknownSlope(use, name)) return null;
  const parameter = name === 'leakyRelu' ? attributes.number('leakyrelu_alpha', 0.2) : undefined;
  return {bias, activation: parameter === undefined ? {name} : {name, parameter}, slopes: null};
}

/** tfjs does not read the slope of a leaky ReLU behind a depthwise convolution; what it computes, it computes itself. */
const isUnknownSlope = ({node}: NodeUse, name: Activation['name']): boolean =>
  name === 'leakyRelu' && node.op === 'FusedDepthwiseConv2dNative';

/** The window of a convolution; null for paddings and dilations that tfjs itself refuses. */
function windowOf(use: NodeUse, [kh, kw]: Shape): WindowConfig | null {
  const {attributes} = use;
  const strides = spatial(attributes.numbers('strides'), 1);
  const dilations = spatial(attributes.numbers('dilations'), 1);
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
      const pairs = use.attributes.numbers('explicit_paddings');
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
  const fused = fusedOf(use);
  if (!isImage(use, view) || !filter || !fused || filter.shape.length !== 4) return null;
  if (kind === 'depthwiseConv2d' && !isChannelsLast(use)) return null;
  const [, , inputs, last] = filter.shape;
  const window = windowOf(use, filter.shape);
  // A filter for fewer channels than there are is one of a grouped convolution.
  if (!window || inputs !== planShape(view)[3]) return null;
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
  const alpha = slopesFor(sums, fused.slopes, fusedPreluOrder());
  return alpha && [viewLike(use, emit(use, {kind: 'prelu'}, [linear], {alpha}), sums)];
}

const biasOf = ({bias}: Fused) => bias && graphWeight(bias, [sizeOf(bias.shape)]);

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
  const sizes = constantAt(use, 0)?.values();
  const filter = constantAt(use, 1);
  const view = viewAt(use, 2);
  if (!sizes || !filter || sizes.length !== 4 || !isImage(use, view) || !isChannelsLast(use)) return null;
  const [kh, kw, filters, inputs] = filter.shape;
  const [, height, width, channels] = planShape(view);
  const strides = spatial(use.attributes.numbers('strides'), 1);
  const dilations = spatial(use.attributes.numbers('dilations'), 1);
  const padding = use.attributes.string('padding');
  const isKnown = padding === 'SAME' || padding === 'VALID';
  if (!isKnown || dilations.some((side) => side > 1) || inputs !== channels) return null;
  const size = spatial(Array.from(sizes), 1);
  const before = (count: number, axis: 0 | 1, kernel: number) =>
    padding === 'VALID' ? 0 : Math.max(0, (count - 1) * strides[axis] + kernel - size[axis]) >> 1;
  const output = emitActivated(
    use,
    (activation) => ({
      kind: 'conv2dTranspose',
      filters,
      kernel: [kh, kw],
      strides,
      pad: {top: before(height, 0, kh), left: before(width, 1, kw)},
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
  const fused = fusedOf(use);
  if (!view || !kernel || !fused || fused.slopes || isView(use.operands[1])) return null;
  if (attributes.boolean('transpose_a') || kernel.shape.length !== 2) return null;
  const [rows, count] = view.shape;
  if (view.shape.length !== 2) return null;
  const flipped = attributes.boolean('transpose_b');
  const [n, units] = flipped ? [kernel.shape[1], kernel.shape[0]] : kernel.shape;
  if (count !== n || (flipped && fused.bias && !addsBiasOnce(rows, n))) return null;
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
