/** Convolutions: packing filters for the kernels, and calling these. */
import * as tf from '@tensorflow/tfjs-core';
import {isElementwise, LINEAR, transposedWindow, windowOver} from '../../../graph';
import type {ConvOp, ConvTransposeOp, DepthwiseConvOp} from '../../../graph';
import type {ResolvedWindow} from '../../../region';
import {foldAffine, foldFilter} from '../../shared/fold';
import type {WeightTensors} from '../../shared/weights';
import {call} from '../calls';
import type {ValueLayout} from '../layout';
import {CONV_TRANSPOSE, convFor, convShape, DEPTHWISE, PIXELS_EACH} from '../wgsl/conv';
import {activationOf, needsCommit, pixelwise, targetOf, type OpPlan, type Setting} from './op';
import {channelVectors, inVectors} from './pack';
import {reachTransposed, reachWindow, windowOn} from './window';

/** [taps, in, out] and bias. */
function packConv(weights: WeightTensors, {batchNormEpsilon, filters}: ConvOp): tf.Tensor[] {
  const {filter, bias} = foldFilter(weights, batchNormEpsilon);
  const [kh, kw, inputs, outputs] = filter.shape as [number, number, number, number];
  return [inVectors(tf.reshape(filter, [kh * kw, inputs, outputs]), 2), channelVectors(bias, filters)];
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
      ...windowOn(input, window),
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
  return [inVectors(tf.reshape(filter, [kh * kw, channels])), channelVectors(bias, channels)];
}

export function depthwiseConv2d(setting: Setting<DepthwiseConvOp>): OpPlan {
  const {op, inputs, output} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  const window = windowOver(input, op.window);
  const size = window.kernel[0] * window.kernel[1] * output.vectors;
  const filter = setting.weights(size + output.vectors, (weights) =>
    packDepthwise(weights, op, output.channels),
  );
  const compute = (target: ReturnType<typeof targetOf>) =>
    call(
      DEPTHWISE,
      {
        ...target,
        ...activationOf(op.activation),
        ...windowOn(input, window),
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
  return [inVectors(tf.reshape(filter, [kh * kw, inputs, outputs]), 2), channelVectors(bias, filters)];
}

export function conv2dTranspose(setting: Setting<ConvTransposeOp>): OpPlan {
  const {op, inputs, output} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  const {kernel, filters} = op;
  const size = kernel[0] * kernel[1] * 4 * input.vectors * output.vectors;
  const filter = setting.weights(size + output.vectors, (weights) => packTransposed(weights, filters));
  const window = transposedWindow(op, input);
  const compute = (target: ReturnType<typeof targetOf>) =>
    call(
      CONV_TRANSPOSE,
      {
        ...target,
        ...activationOf(op.activation),
        ...windowOn(input, window),
        factors: filter,
        bias: filter + size,
      },
      {record: setting.record},
    );
  return pixelwise(general, reachTransposed(general, window), compute, op.activation);
}
