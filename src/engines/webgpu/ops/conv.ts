/** Convolutions: packing filters for the kernels, and calling these. */
import * as tf from '@tensorflow/tfjs-core';
import {isElementwise, LINEAR, transposedWindow, windowOver} from '../../../graph';
import type {ConvOp, ConvTransposeOp, DepthwiseConvOp, PoolOp} from '../../../graph';
import type {ResolvedWindow} from '../../../region';
import {foldFilter} from '../../tfjs/ops/conv';
import {foldAffine} from '../../tfjs/ops/fold';
import {call, type Call} from '../calls';
import {vectorsFor, type ValueLayout} from '../layout';
import {CONV_TRANSPOSE, convFor, convShape, DEPTHWISE, PIXELS_EACH} from '../wgsl/conv';
import {POOL} from '../wgsl/pixelwise';
import {TRANSPOSED, WINDOW} from '../wgsl/region';
import {
  activationOf,
  needsCommit,
  pixelwise,
  regionOf,
  regionWork,
  targetOf,
  type OpPlan,
  type Setting,
  type WeightTensors,
} from './op';

/** Marks the outputs whose window holds a changed pixel. */
export function reachWindow(setting: Setting, {kernel, strides, dilations, pad}: ResolvedWindow) {
  const [input] = setting.inputs;
  return (tile: number): Call =>
    call(
      WINDOW,
      {
        ...regionOf(setting, tile),
        origin: input.mask,
        fromRowWords: input.rowWords,
        fromHeight: input.height,
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        strideY: strides[0],
        strideX: strides[1],
        dilationY: dilations[0],
        dilationX: dilations[1],
        top: pad.top,
        left: pad.left,
      },
      regionWork(setting.output),
    );
}

function windowOf(
  input: ValueLayout,
  {strides, pad}: {strides: readonly [number, number]; pad: {top: number; left: number}},
) {
  return {
    origin: input.at,
    fromVectors: input.vectors,
    fromWidth: input.width,
    fromHeight: input.height,
    strideY: strides[0],
    strideX: strides[1],
    top: pad.top,
    left: pad.left,
  };
}

/** A tensor of rank 3 with its last two axes filled up to whole vectors. */
export function inVectors(x: tf.Tensor3D): tf.Tensor {
  const [, rows, columns] = x.shape;
  const missing = [4 * vectorsFor(rows) - rows, 4 * vectorsFor(columns) - columns];
  if (missing[0] + missing[1] === 0) return x;
  return tf.pad(x, [
    [0, 0],
    [0, missing[0]],
    [0, missing[1]],
  ]);
}

/** A value a channel, filled up to whole vectors; zeros where there is none. */
export function channelVectors(x: tf.Tensor | undefined, channels: number): tf.Tensor {
  const size = 4 * vectorsFor(channels);
  if (!x) return tf.zeros([size]);
  const flat = tf.reshape(x, [channels]);
  return size === channels ? flat : tf.pad(flat, [[0, size - channels]]);
}

/** [taps, in, out] and bias. */
function packConv(weights: WeightTensors, {batchNormEpsilon, filters}: ConvOp): tf.Tensor[] {
  const {filter, bias} = foldFilter(weights, batchNormEpsilon);
  const [kh, kw, inputs, outputs] = filter.shape as [number, number, number, number];
  return [inVectors(tf.reshape(filter, [kh * kw, inputs, outputs])), channelVectors(bias, filters)];
}

/** For each vector of a window where it is: row and column in 16 bits each, and its offset from the window's first pixel. */
function tapsOf({vectors}: ValueLayout, {kernel, dilations}: ResolvedWindow): number[] {
  const taps: number[] = [];
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      const place = ((ky * dilations[0]) << 16) | (kx * dilations[1]);
      for (let v = 0; v < vectors; v++) taps.push(place, v);
    }
  }
  return taps;
}

export function conv2d(setting: Setting<ConvOp>): OpPlan {
  const {op, inputs, output} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  const window = windowOver(input, op.window);
  const [kh, kw] = window.kernel;
  const depth = kh * kw * input.vectors;
  const size = 4 * depth * output.vectors;
  const filter = setting.weights(size + output.vectors, (weights) => packConv(weights, op));
  const kernel = convFor(output.vectors);
  const shape = convShape(output.vectors);
  const toScratch = needsCommit(general, op.activation);
  const compute = call(
    kernel,
    {
      ...targetOf(general, shape.pixels, toScratch),
      ...activationOf(op.activation),
      ...windowOf(input, window),
      taps: setting.table(tapsOf(input, window)),
      depth,
      factors: filter,
      bias: filter + size,
    },
    {record: setting.record},
  );
  return {
    region: reachWindow(general, window)(shape.pixels),
    compute: [compute],
    groups: Math.ceil(output.vectors / shape.vectors),
    softmax: isElementwise(op.activation) ? LINEAR : op.activation,
    single: false,
    tile: shape.pixels,
    unit: PIXELS_EACH,
  };
}

/** [taps, out] and bias. */
function packDepthwise(weights: WeightTensors, op: DepthwiseConvOp, channels: number): tf.Tensor[] {
  const {filter, bias} = foldFilter(weights, op.batchNormEpsilon);
  const [kh, kw] = filter.shape;
  const missing = 4 * vectorsFor(channels) - channels;
  const taps = tf.reshape(filter, [kh * kw, channels]);
  const padded = missing === 0 ? taps : tf.pad(taps, [[0, 0], [0, missing]]); // prettier-ignore
  return [padded, channelVectors(bias, channels)];
}

export function depthwiseConv2d(setting: Setting<DepthwiseConvOp>): OpPlan {
  const {op, inputs, output} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  const window = windowOver(input, op.window);
  const {kernel, dilations} = window;
  const size = kernel[0] * kernel[1] * output.vectors;
  const filter = setting.weights(size + output.vectors, (weights) =>
    packDepthwise(weights, op, output.channels),
  );
  const compute = (target: ReturnType<typeof targetOf>) =>
    call(
      DEPTHWISE,
      {
        ...target,
        ...activationOf(op.activation),
        ...windowOf(input, window),
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        dilationY: dilations[0],
        dilationX: dilations[1],
        multiplier: op.depthMultiplier,
        factors: filter,
        bias: filter + size,
      },
      {record: setting.record},
    );
  return pixelwise(general, reachWindow(general, window), compute, op.activation);
}

/** The filter is [kh, kw, out, in]; packed as a convolution's. */
function packTransposed(weights: WeightTensors, filters: number): tf.Tensor[] {
  const folded = foldAffine(weights, null, (scale) => tf.mul(weights.filter, tf.reshape(scale, [-1, 1])));
  const filter = tf.transpose(folded.filter, [0, 1, 3, 2]);
  const [kh, kw, inputs, outputs] = filter.shape as [number, number, number, number];
  const bias = (folded as {bias?: tf.Tensor}).bias;
  return [inVectors(tf.reshape(filter, [kh * kw, inputs, outputs])), channelVectors(bias, filters)];
}

export function conv2dTranspose(setting: Setting<ConvTransposeOp>): OpPlan {
  const {op, inputs, output} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  const {kernel, strides, pad, filters} = op;
  const size = kernel[0] * kernel[1] * 4 * input.vectors * output.vectors;
  const filter = setting.weights(size + output.vectors, (weights) => packTransposed(weights, filters));
  const window = transposedWindow(op, input);
  const region = (tile: number) =>
    call(
      TRANSPOSED,
      {
        ...regionOf(general, tile),
        origin: input.mask,
        fromRowWords: input.rowWords,
        fromHeight: input.height,
        fromWidth: input.width,
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        strideY: strides[0],
        strideX: strides[1],
        top: pad.top,
        left: pad.left,
      },
      regionWork(output),
    );
  const compute = (target: ReturnType<typeof targetOf>) =>
    call(
      CONV_TRANSPOSE,
      {
        ...target,
        ...activationOf(op.activation),
        ...windowOf(input, window),
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        factors: filter,
        bias: filter + size,
      },
      {record: setting.record},
    );
  return pixelwise(general, region, compute, op.activation);
}

export function pool2d(setting: Setting<PoolOp>): OpPlan {
  const {op, inputs} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  const window = windowOver(input, op.window);
  const {kernel, strides, dilations, pad} = window;
  const compute = (target: ReturnType<typeof targetOf>) =>
    call(
      POOL,
      {
        ...target,
        origin: input.at,
        fromWidth: input.width,
        fromHeight: input.height,
        kernelHeight: kernel[0],
        kernelWidth: kernel[1],
        strideY: strides[0],
        strideX: strides[1],
        dilationY: dilations[0],
        dilationX: dilations[1],
        top: pad.top,
        left: pad.left,
        average: op.mode === 'average' ? 1 : 0,
      },
      {record: setting.record},
    );
  return pixelwise(general, reachWindow(general, window), compute);
}
