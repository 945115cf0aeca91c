/** Depthwise convolutions: each output channel from one of the input's. */
import * as tf from '@tensorflow/tfjs-core';
import {windowOver, type DepthwiseConvOp} from '../../../graph';
import {foldFilter} from '../../shared/fold';
import type {WeightTensors} from '../../shared/weights';
import {call} from '../wgsl/call';
import {activatedKernel} from '../wgsl/pixelwise';
import {TALLY} from '../wgsl/target';
import type {OpPlan, Setting} from './shared/op';
import {channelVectors, filledUp, inVectors} from './shared/pack';
import {pixelwise} from './shared/pixelwise';
import {activationOf, type Target} from './shared/target';
import {reachWindow, WINDOW_FIELDS, windowOn} from './shared/window';

/** Filter: for each tap the vectors of output channels, the bias behind all. */
const DEPTHWISE = activatedKernel(
  'depthwise',
  {
    ...WINDOW_FIELDS,
    kernelHeight: 'i32',
    kernelWidth: 'i32',
    dilationY: 'i32',
    dilationX: 'i32',
    multiplier: 'u32',
    factors: 'u32',
    bias: 'u32',
  },
  TALLY,
  `
fn inputs(pixel: u32, f: u32) -> vec4<f32> {
  let at = p.origin + pixel * p.fromVectors;
  if (p.multiplier == 1u) { return values[at + f]; }
  var v: vec4<f32>;
  for (var lane = 0u; lane < 4u; lane++) {
    let channel = min(4u * f + lane, p.channels - 1u) / p.multiplier;
    v[lane] = values[at + channel / 4u][channel % 4u];
  }
  return v;
}
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let top = i32(pixel / p.width) * p.strideY - p.top;
  let left = i32(pixel % p.width) * p.strideX - p.left;
  var sum = vec4<f32>(0.0);
  var taps = 0u;
  for (var ky = 0; ky < p.kernelHeight; ky++) {
    let y = top + ky * p.dilationY;
    if (y < 0 || y >= p.fromHeight) { continue; }
    for (var kx = 0; kx < p.kernelWidth; kx++) {
      let x = left + kx * p.dilationX;
      if (x < 0 || x >= p.fromWidth) { continue; }
      let tap = u32(ky * p.kernelWidth + kx);
      sum += inputs(u32(y * p.fromWidth + x), f) * weights[p.factors + tap * p.vectors + f];
      taps++;
    }
  }
  tally(4u * taps);
  return sum + weights[p.bias + f];
}
`,
);

/** [taps, out] and bias. */
function packDepthwise(weights: WeightTensors, op: DepthwiseConvOp, channels: number): tf.Tensor[] {
  const {filter, bias} = foldFilter(weights, op.batchNormEpsilon);
  const [kh, kw] = filter.shape;
  return [inVectors(tf.reshape(filter, [kh * kw, channels])), channelVectors(bias, channels)];
}

export function depthwiseConv2d(setting: Setting<DepthwiseConvOp>): OpPlan {
  const {op, inputs, output} = setting;
  const [input] = inputs;
  const window = windowOver(input, op.window);
  const size = window.kernel[0] * window.kernel[1] * output.vectors;
  const filter = setting.weights(size + output.vectors, (weights) =>
    packDepthwise(weights, op, output.channels),
  );
  const compute = (target: Target) =>
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
  return pixelwise(setting, reachWindow(setting, window), compute, {
    activation: op.activation,
    overhead: filledUp(output.channels),
  });
}
