/** Transposed convolutions. */
import * as tf from '@tensorflow/tfjs-core';
import {transposedWindow, type ConvTransposeOp} from '../../../graph';
import type {ResolvedWindow} from '../../../region';
import {foldAffine} from '../../shared/fold';
import type {WeightTensors} from '../../shared/weights';
import {call, type Call} from '../wgsl/call';
import {activatedKernel} from '../wgsl/pixelwise';
import {regionKernel} from '../wgsl/region';
import {TALLY} from '../wgsl/target';
import type {OpPlan, Setting} from './shared/op';
import {channelVectors, filledUp, inVectors} from './shared/pack';
import {pixelwise} from './shared/pixelwise';
import {regionOf, regionWork} from './shared/reach';
import {activationOf, type Target} from './shared/target';
import {WINDOW_FIELDS, windowOn, windowOnMask} from './shared/window';

/** The outputs of a transposed convolution that a changed pixel adds to. */
const TRANSPOSED = regionKernel(
  'transposed',
  {
    origin: 'u32',
    fromRowWords: 'u32',
    fromHeight: 'u32',
    fromWidth: 'u32',
    kernelHeight: 'u32',
    kernelWidth: 'u32',
    strideY: 'u32',
    strideX: 'u32',
    top: 'u32',
    left: 'u32',
  },
  `
fn isReached(row: u32, x: u32) -> bool {
  for (var kx = (x + p.left) % p.strideX; kx < p.kernelWidth && kx <= x + p.left; kx += p.strideX) {
    let fromX = (x + p.left - kx) / p.strideX;
    if (fromX < p.fromWidth && isSet(row, fromX)) { return true; }
  }
  return false;
}
fn affected(y: u32, i: u32) -> u32 {
  var word = 0u;
  for (var ky = (y + p.top) % p.strideY; ky < p.kernelHeight && ky <= y + p.top; ky += p.strideY) {
    let fromY = (y + p.top - ky) / p.strideY;
    if (fromY >= p.fromHeight) { continue; }
    let row = p.origin + fromY * p.fromRowWords;
    if (isRowEmpty(row, p.fromRowWords)) { continue; }
    for (var b = 0u; b < 32u; b++) { if (isReached(row, 32u * i + b)) { word |= 1u << b; } }
  }
  return word;
}`,
);

/** Marks the outputs that a changed pixel adds to, where the window lies over the output. */
function reachTransposed(setting: Setting, window: ResolvedWindow): (tile: number) => Call {
  const from = windowOnMask(setting.inputs[0], window);
  return (tile) => call(TRANSPOSED, {...regionOf(setting, tile), ...from}, regionWork(setting.output));
}

/** Filter as for a convolution. Only the taps that meet an input pixel are visited. */
const CONV_TRANSPOSE = activatedKernel(
  'conv-transpose',
  {
    ...WINDOW_FIELDS,
    kernelHeight: 'i32',
    kernelWidth: 'i32',
    factors: 'u32',
    bias: 'u32',
  },
  TALLY,
  `
fn products(pixel: u32, tap: u32, f: u32) -> vec4<f32> {
  let at = p.origin + pixel * p.fromVectors;
  var filterAt = p.factors + tap * p.fromVectors * 4u * p.vectors + f;
  var sum = vec4<f32>(0.0);
  for (var k = 0u; k < p.fromVectors; k++) {
    let a = values[at + k];
    sum += a.x * weights[filterAt] + a.y * weights[filterAt + p.vectors];
    sum += a.z * weights[filterAt + 2u * p.vectors] + a.w * weights[filterAt + 3u * p.vectors];
    filterAt += 4u * p.vectors;
  }
  return sum;
}
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let bottom = i32(pixel / p.width) + p.top;
  let right = i32(pixel % p.width) + p.left;
  var sum = vec4<f32>(0.0);
  var taps = 0u;
  for (var ky = bottom % p.strideY; ky < p.kernelHeight && ky <= bottom; ky += p.strideY) {
    let y = (bottom - ky) / p.strideY;
    if (y >= p.fromHeight) { continue; }
    for (var kx = right % p.strideX; kx < p.kernelWidth && kx <= right; kx += p.strideX) {
      let x = (right - kx) / p.strideX;
      if (x >= p.fromWidth) { continue; }
      sum += products(u32(y * p.fromWidth + x), u32(ky * p.kernelWidth + kx), f);
      taps++;
    }
  }
  tally(16u * taps * p.fromVectors);
  return sum + weights[p.bias + f];
}
`,
);

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
  const [input] = inputs;
  const {kernel, filters} = op;
  const size = kernel[0] * kernel[1] * 4 * input.vectors * output.vectors;
  const filter = setting.weights(size + output.vectors, (weights) => packTransposed(weights, filters));
  const window = transposedWindow(op, input);
  const compute = (target: Target) =>
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
  return pixelwise(setting, reachTransposed(setting, window), compute, {
    activation: op.activation,
    overhead: filledUp(input.channels) * filledUp(output.channels),
  });
}
