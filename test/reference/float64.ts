/**
 * A graph computed in float64 by plain loops: what a result is measured against where two float32 results differ.
 * Written from the ops' definitions, independent of every engine; slow, and only for the ops of the random networks.
 */
import {
  concatOffsets,
  planeOf,
  windowOver,
  type Activation,
  type BatchNormOp,
  type ConcatOp,
  type ConvOp,
  type DepthwiseConvOp,
  type Graph,
  type MergeOp,
  type Node,
  type Plane,
  type PoolOp,
  type UpsampleOp,
} from '../../src/graph';

type Weights = Record<string, Float64Array>;

interface Picture {
  readonly plane: Plane;
  readonly data: Float64Array;
}

const blank = (plane: Plane) => new Float64Array(plane.height * plane.width * plane.channels);

const ELEMENTWISE: Partial<Record<Activation['name'], (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  tanh: Math.tanh,
};

function activate(data: Float64Array, channels: number, {name}: Activation): Float64Array {
  const apply = ELEMENTWISE[name];
  if (apply) return data.map(apply);
  if (name !== 'softmax') throw new Error(`The float64 reference has no ${name}.`);
  const out = new Float64Array(data.length);
  for (let start = 0; start < data.length; start += channels) {
    const logits = data.subarray(start, start + channels);
    const top = logits.reduce((a, b) => Math.max(a, b));
    const total = logits.reduce((sum, x) => sum + Math.exp(x - top), 0);
    logits.forEach((x, k) => (out[start + k] = Math.exp(x - top) / total));
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
  return activate(normed, outputs, op.activation);
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

function pool({mode, window}: PoolOp, {plane, data}: Picture, output: Plane): Float64Array {
  const out = blank(output).fill(mode === 'max' ? -Infinity : 0);
  const counts = new Float64Array(output.height * output.width);
  const {channels} = plane;
  forEachTap(plane, window, (to, from) => {
    counts[to]++;
    for (let k = 0; k < channels; k++) {
      const at = to * channels + k;
      const value = data[from * channels + k];
      out[at] = mode === 'max' ? Math.max(out[at], value) : out[at] + value;
    }
  });
  return mode === 'max' ? out : out.map((sum, i) => sum / counts[Math.floor(i / channels)]);
}

function globalPool(mode: 'max' | 'average', {plane, data}: Picture): Float64Array {
  const out = new Float64Array(plane.channels).fill(mode === 'max' ? -Infinity : 0);
  data.forEach((x, i) => {
    const k = i % plane.channels;
    out[k] = mode === 'max' ? Math.max(out[k], x) : out[k] + x;
  });
  return mode === 'max' ? out : out.map((sum) => sum / (plane.height * plane.width));
}

const MERGES: Record<MergeOp['fn'], (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  average: (a, b) => a + b,
  maximum: Math.max,
  minimum: Math.min,
};

function merge(op: MergeOp, inputs: Picture[]): Float64Array {
  const folded = inputs.map(({data}) => data).reduce((a, b) => a.map((x, i) => MERGES[op.fn](x, b[i])));
  const scaled = op.fn === 'average' ? folded.map((x) => x / inputs.length) : folded;
  return activate(scaled, inputs[0].plane.channels, op.activation);
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
      const pixel = Math.floor(at / plane.channels);
      const y = Math.floor(pixel / plane.width) + offsets[i].y;
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

function upsample({factor, interpolation}: UpsampleOp, {plane, data}: Picture, output: Plane): Float64Array {
  const side = (index: number, by: number, size: number) => {
    const first = Math.floor(index / by);
    const weight = interpolation === 'nearest' ? 0 : index / by - first;
    return {first, second: Math.min(first + 1, size - 1), weight};
  };
  return blank(output).map((_, at) => {
    const pixel = Math.floor(at / plane.channels);
    const y = side(Math.floor(pixel / output.width), factor[0], plane.height);
    const x = side(pixel % output.width, factor[1], plane.width);
    const read = (row: number, column: number) =>
      data[(row * plane.width + column) * plane.channels + (at % plane.channels)];
    const above = read(y.first, x.first) * (1 - x.weight) + read(y.first, x.second) * x.weight;
    const below = read(y.second, x.first) * (1 - x.weight) + read(y.second, x.second) * x.weight;
    return above * (1 - y.weight) + below * y.weight;
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

function compute(node: Node, inputs: Picture[], output: Plane, weights: Weights): Float64Array {
  const {op} = node;
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
      return normalize(first.data, output.channels, weights, (op as BatchNormOp).epsilon);
    case 'merge':
      return merge(op, inputs);
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

/** The outputs of a graph for one frame: the values of its inputs, row-major. */
export function float64(graph: Graph, inputs: readonly ArrayLike<number>[]): Float64Array[] {
  const data: Float64Array[] = [];
  graph.inputs.forEach((id, i) => (data[id] = Float64Array.from(inputs[i])));
  const read = graph.weights.map((weight) => Float64Array.from(weight.read().dataSync()));
  for (const node of graph.nodes) {
    const pictures = node.inputs.map((id) => ({plane: planeOf(graph.values[id]), data: data[id]}));
    const weights = Object.fromEntries(
      Object.entries(node.weights).map(([name, index]) => [name, read[index]]),
    );
    data[node.outputs[0]] = compute(node, pictures, planeOf(graph.values[node.outputs[0]]), weights);
  }
  return graph.outputs.map((id) => data[id]);
}
