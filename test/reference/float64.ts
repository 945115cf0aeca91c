/**
 * A graph computed in float64 by plain loops: what a result is measured against where two float32 results differ.
 * Written from the ops' definitions, independent of every engine; slow, and for all ops but externals, which compute themselves.
 */
import {
  concatOffsets,
  planeOf,
  readWeight,
  windowOver,
  type Activation,
  type ConcatOp,
  type ConvOp,
  type DepthwiseConvOp,
  type Graph,
  type MergeOp,
  type Op,
  type Plane,
  type PoolOp,
  type PreluOp,
  type Shape,
  type UpsampleOp,
} from '../../src/graph';
import {affine, convTranspose, depthToSpace, padChannels, pick, resize, sliceChannels} from './graph-ops';

// Looking up globals is slow in jest's sandbox.
const {floor, max, min} = Math;

type Weights = Readonly<Record<string, Float64Array>>;

export interface Picture {
  readonly plane: Plane;
  readonly data: Float64Array;
}

const blank = (plane: Plane) => new Float64Array(plane.height * plane.width * plane.channels);

const ERF = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];

/** The approximation that tfjs computes with. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const p = ERF.reduceRight((sum, a) => (sum + a) * t, 0);
  return Math.sign(x) * (1 - p * Math.exp(-x * x));
}

const clip = (x: number, low: number, high: number) => (x < low ? low : x > high ? high : x);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => (x > 30 ? x : Math.log1p(Math.exp(x)));
const SELU = 1.0507009873554805;
const SELU_ALPHA = 1.7580993408473768;

type Pixelwise = 'softmax' | 'logSoftmax';

const ELEMENTWISE: Record<
  Exclude<Activation['name'], Pixelwise>,
  (x: number, parameter: number) => number
> = {
  linear: (x) => x,
  relu: (x) => max(x, 0),
  relu6: (x) => clip(x, 0, 6),
  elu: (x) => (x >= 0 ? x : Math.expm1(x)),
  selu: (x) => (x >= 0 ? SELU * x : SELU_ALPHA * Math.expm1(x)),
  sigmoid,
  hardSigmoid: (x) => clip(0.5 + 0.2 * x, 0, 1),
  softplus,
  softsign: (x) => x / (Math.abs(x) + 1),
  tanh: Math.tanh,
  gelu: (x) => x * 0.5 * (1 + erf(x / Math.SQRT2)),
  gelu_new: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  mish: (x) => x * Math.tanh(softplus(x)),
  swish: (x) => x * sigmoid(x),
  leakyRelu: (x, slope) => (x < 0 ? slope * x : x),
  thresholdedRelu: (x, theta) => x * Number(x > theta),
  clippedRelu: (x, ceiling) => clip(x, 0, ceiling),
  hardSwish: (x, factor) => x * (clip(x + 3, 0, 6) * factor),
};

function activate(data: Float64Array, channels: number, {name, parameter}: Activation): Float64Array {
  if (name !== 'softmax' && name !== 'logSoftmax') {
    // Parameters reach the kernels, ours and tfjs's, as float32.
    const given = Math.fround(parameter ?? 0);
    return name === 'linear' ? data : data.map((x) => ELEMENTWISE[name](x, given));
  }
  const out = new Float64Array(data.length);
  for (let start = 0; start < data.length; start += channels) {
    const logits = data.subarray(start, start + channels);
    const top = logits.reduce((a, b) => max(a, b));
    const total = logits.reduce((sum, x) => sum + Math.exp(x - top), 0);
    logits.forEach((x, k) => {
      out[start + k] = name === 'softmax' ? Math.exp(x - top) / total : x - top - Math.log(total);
    });
  }
  return out;
}

/** Calls back for every output pixel and every input pixel in its window, with the tap's index in the kernel. */
function forEachTap(
  plane: Plane,
  window: ConvOp['window'],
  visit: (output: number, input: number, tap: number) => void,
): void {
  const {output, kernel, strides, dilations, pad} = windowOver(plane, window);
  for (let oy = 0; oy < output[0]; oy++) {
    for (let ox = 0; ox < output[1]; ox++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        for (let kx = 0; kx < kernel[1]; kx++) {
          const y = oy * strides[0] - pad.top + ky * dilations[0];
          const x = ox * strides[1] - pad.left + kx * dilations[1];
          if (y < 0 || x < 0 || y >= plane.height || x >= plane.width) continue;
          visit(oy * output[1] + ox, y * plane.width + x, ky * kernel[1] + kx);
        }
      }
    }
  }
}

function convolve(
  op: ConvOp | DepthwiseConvOp,
  {plane, data}: Picture,
  output: Plane,
  weights: Weights,
): Float64Array {
  const sums = blank(output);
  const inputs = plane.channels;
  const outputs = output.channels;
  const multiplier = outputs / inputs;
  const {filter, bias, gamma, beta, mean, variance} = weights;
  forEachTap(plane, op.window, (to, from, tap) => {
    for (let i = 0; i < inputs; i++) {
      const value = data[from * inputs + i];
      if (op.kind === 'conv2d') {
        for (let o = 0; o < outputs; o++)
          sums[to * outputs + o] += value * filter[(tap * inputs + i) * outputs + o];
      } else {
        for (let m = 0; m < multiplier; m++) {
          sums[to * outputs + i * multiplier + m] += value * filter[(tap * inputs + i) * multiplier + m];
        }
      }
    }
  });
  const biased = sums.map((sum, i) => sum + (bias?.[i % outputs] ?? 0));
  const epsilon = op.batchNormEpsilon;
  const normed =
    epsilon === null ? biased : normalize(biased, outputs, {gamma, beta, mean, variance}, epsilon);
  return activate(affine(normed, weights['scale'], weights['shift']), outputs, op.activation);
}

function normalize(
  data: Float64Array,
  channels: number,
  {gamma, beta, mean, variance}: Weights,
  epsilon: number,
): Float64Array {
  return data.map((x, i) => {
    const k = mean.length === data.length ? i : i % channels;
    return ((x - mean[k]) / Math.sqrt(variance[k] + epsilon)) * (gamma?.[k] ?? 1) + (beta?.[k] ?? 0);
  });
}

/** The mean and the variance of the channels of the pixel that begins at `first`. */
export function momentsOf(
  data: Float64Array,
  first: number,
  channels: number,
): {mean: number; variance: number} {
  const values = data.subarray(first, first + channels);
  const mean = values.reduce((sum, x) => sum + x, 0) / channels;
  return {mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / channels};
}

function layerNormalize(
  data: Float64Array,
  channels: number,
  {gamma, beta}: Weights,
  epsilon: number,
): Float64Array {
  const out = new Float64Array(data.length);
  for (let first = 0; first < data.length; first += channels) {
    const {mean, variance} = momentsOf(data, first, channels);
    for (let k = 0; k < channels; k++) {
      const normed = (data[first + k] - mean) / Math.sqrt(variance + epsilon);
      out[first + k] = normed * (gamma?.[k] ?? 1) + (beta?.[k] ?? 0);
    }
  }
  return out;
}

function pool({mode, window}: PoolOp, {plane, data}: Picture, output: Plane): Float64Array {
  const out = blank(output).fill(mode === 'max' ? -Infinity : 0);
  const counts = new Float64Array(output.height * output.width);
  const {channels} = plane;
  forEachTap(plane, window, (to, from) => {
    counts[to]++;
    for (let k = 0; k < channels; k++) {
      const at = to * channels + k;
      const value = data[from * channels + k];
      if (mode === 'average') out[at] += value;
      else if (value > out[at]) out[at] = value; // passing over NaN, as tfjs does
    }
  });
  return mode === 'max' ? out : out.map((sum, i) => sum / counts[floor(i / channels)]);
}

function globalPool(mode: 'max' | 'average', {plane, data}: Picture): Float64Array {
  const out = new Float64Array(plane.channels).fill(mode === 'max' ? -Infinity : 0);
  data.forEach((x, i) => {
    const k = i % plane.channels;
    out[k] = mode === 'max' ? max(out[k], x) : out[k] + x;
  });
  return mode === 'max' ? out : out.map((sum) => sum / (plane.height * plane.width));
}

const MERGES: Record<MergeOp['fn'], (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  average: (a, b) => a + b,
  maximum: max,
  minimum: min,
  equal: (a, b) => (a === b ? 1 : 0),
};

/** A merge's input as large as the output: one pixel or one channel is shared by all. */
function spread({plane, data}: Picture, output: Plane): Float64Array {
  if (data.length === output.height * output.width * output.channels) return data;
  const onePixel = plane.height * plane.width === 1;
  return blank(output).map((_, i) => {
    const pixel = onePixel ? 0 : floor(i / output.channels);
    return data[pixel * plane.channels + (plane.channels === 1 ? 0 : i % output.channels)];
  });
}

function merge(op: MergeOp, inputs: Picture[], output: Plane): Float64Array {
  const folded = inputs
    .map((input) => spread(input, output))
    .reduce((a, b) => a.map((x, i) => MERGES[op.fn](x, b[i])));
  const scaled = op.fn === 'average' ? folded.map((x) => x / inputs.length) : folded;
  return activate(scaled, output.channels, op.activation);
}

/** `alpha` is of the plane's shape, or has 1 where an axis is shared; or it is taken round and round. */
function prelu({repeats}: PreluOp, {plane, data}: Picture, alpha: Float64Array, shape: Shape): Float64Array {
  const {width, channels} = plane;
  const [columns, depth] = [1, 1, ...shape].slice(-2);
  const height = alpha.length / (columns * depth);
  return data.map((x, i) => {
    const pixel = floor(i / channels);
    const y = height === 1 ? 0 : floor(pixel / width);
    const column = columns === 1 ? 0 : pixel % width;
    const at = (y * columns + column) * depth + (depth === 1 ? 0 : i % channels);
    return x < 0 ? x * alpha[repeats ? i % alpha.length : at] : x;
  });
}

function concat(op: ConcatOp, inputs: Picture[], output: Plane): Float64Array {
  const out = blank(output);
  const offsets = concatOffsets(
    op,
    inputs.map(({plane}) => plane),
  );
  let channel = 0;
  inputs.forEach(({plane, data}, i) => {
    data.forEach((value, at) => {
      const pixel = floor(at / plane.channels);
      const y = floor(pixel / plane.width) + offsets[i].y;
      const x = (pixel % plane.width) + offsets[i].x;
      const first = op.axis === 'channels' ? channel : 0;
      out[(y * output.width + x) * output.channels + first + (at % plane.channels)] = value;
    });
    channel += plane.channels;
  });
  return out;
}

function pad({top, left}: {top: number; left: number}, {plane, data}: Picture, output: Plane): Float64Array {
  const out = blank(output);
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      const iy = y - top;
      const ix = x - left;
      if (iy < 0 || ix < 0 || iy >= plane.height || ix >= plane.width) continue;
      for (let k = 0; k < plane.channels; k++) {
        out[(y * output.width + x) * plane.channels + k] = data[(iy * plane.width + ix) * plane.channels + k];
      }
    }
  }
  return out;
}

/** The way tfjs does it, which tells for values that are infinite. */
const between = (a: number, b: number, weight: number) => a + (b - a) * weight;

function upsample({factor, interpolation}: UpsampleOp, {plane, data}: Picture, output: Plane): Float64Array {
  const side = (index: number, by: number, size: number) => {
    const first = floor(index / by);
    const weight = interpolation === 'nearest' ? 0 : index / by - first;
    return {first, second: weight === 0 ? first : min(first + 1, size - 1), weight};
  };
  return blank(output).map((_, at) => {
    const pixel = floor(at / plane.channels);
    const y = side(floor(pixel / output.width), factor[0], plane.height);
    const x = side(pixel % output.width, factor[1], plane.width);
    const read = (row: number, column: number) =>
      data[(row * plane.width + column) * plane.channels + (at % plane.channels)];
    if (interpolation === 'nearest') return read(y.first, x.first);
    const across = (row: number) => between(read(row, x.first), read(row, x.second), x.weight);
    return between(across(y.first), across(y.second), y.weight);
  });
}

function dense(
  kernel: Float64Array,
  bias: Float64Array | undefined,
  data: Float64Array,
  units: number,
): Float64Array {
  return Float64Array.from({length: units}, (_, u) =>
    data.reduce((sum, x, i) => sum + x * kernel[i * units + u], bias?.[u] ?? 0),
  );
}

/** What a node is computed from besides its inputs. */
export interface Setting {
  readonly output: Plane;
  readonly weights: Weights;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** One node's output. */
export function compute(op: Op, inputs: Picture[], {output, weights, shapes}: Setting): Float64Array {
  const [first] = inputs;
  switch (op.kind) {
    case 'conv2d':
    case 'depthwiseConv2d':
      return convolve(op, first, output, weights);
    case 'dense':
      return activate(
        dense(weights['kernel'], weights['bias'], first.data, op.units),
        op.units,
        op.activation,
      );
    case 'pool2d':
      return pool(op, first, output);
    case 'globalPool':
      return globalPool(op.mode, first);
    case 'activation':
      return activate(first.data, output.channels, op.activation);
    case 'batchNorm':
      return normalize(first.data, output.channels, weights, op.epsilon);
    case 'layerNormalization':
      return layerNormalize(first.data, output.channels, weights, op.epsilon);
    case 'prelu':
      return prelu(op, first, weights['alpha'], shapes['alpha']);
    case 'affine':
      return activate(affine(first.data, weights['scale'], weights['shift']), output.channels, op.activation);
    case 'conv2dTranspose': {
      const sums = affine(convTranspose(op, first, output, weights['filter']), undefined, weights['bias']);
      return activate(affine(sums, weights['scale'], weights['shift']), output.channels, op.activation);
    }
    case 'resize2d':
      return resize(op, first, output);
    case 'gather2d':
      return pick(op, first, output);
    case 'sliceChannels':
      return sliceChannels(op, first, output);
    case 'padChannels':
      return padChannels(op, first, output);
    case 'depthToSpace':
      return depthToSpace(op, first, output);
    case 'merge':
      return merge(op, inputs, output);
    case 'concat':
      return concat(op, inputs, output);
    case 'pad2d':
      return pad(op, first, output);
    case 'upsample2d':
      return upsample(op, first, output);
    case 'reshape':
      return first.data;
    default:
      throw new Error(`The float64 reference has no ${op.kind}.`);
  }
}

/** What each node of a graph is computed from, by node id. */
export function settingsOf(graph: Graph): Setting[] {
  const read = graph.weights.map((weight) => Float64Array.from(readWeight(weight)));
  return graph.nodes.map((node) => {
    const named = <T>(of: (index: number) => T) =>
      Object.fromEntries(Object.entries(node.weights).map(([name, index]) => [name, of(index)]));
    return {
      output: planeOf(graph.values[node.outputs[0]]),
      weights: named((index) => read[index]),
      shapes: named((index) => graph.weights[index].shape),
    };
  });
}

/** The outputs of a graph for one frame: the values of its inputs, row-major. */
export function float64(graph: Graph, inputs: readonly ArrayLike<number>[]): Float64Array[] {
  const data: Float64Array[] = [];
  graph.inputs.forEach((id, i) => (data[id] = Float64Array.from(inputs[i])));
  const settings = settingsOf(graph);
  for (const {id, op, inputs: ids, outputs} of graph.nodes) {
    const pictures = ids.map((input) => ({plane: planeOf(graph.values[input]), data: data[input]}));
    data[outputs[0]] = compute(op, pictures, settings[id]);
  }
  return graph.outputs.map((id) => data[id]);
}
