/** A function of the same pixel, with weights that all pixels share or one for each. */
import * as tf from '@tensorflow/tfjs-core';
import {sizeOf, type Activation} from '../../../../graph';
import type {ValueLayout} from '../../memory/layout';
import {call} from '../../wgsl/call';
import {activatedKernel} from '../../wgsl/pixelwise';
import type {OpPlan, Setting} from './op';
import {inVectors} from './pack';
import {pixelwise} from './pixelwise';
import {reachSame} from './reach';
import {activationOf, type Target} from './target';

/** An activation alone, (x − mean) · scale + shift with one after it, or PReLU. Weights: one for a pixel, or for each. */
const POINTWISE = activatedKernel(
  'pointwise',
  {
    origin: 'u32',
    /** 0 activates only, 1 has means, scales and shifts, 2 slopes for what is negative. */
    mode: 'u32',
    mean: 'u32',
    scale: 'u32',
    shift: 'u32',
    /** Vectors of weights between two pixels: 0 where all share them. */
    stride: 'u32',
  },
  `
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let x = values[p.origin + pixel * p.vectors + f];
  let own = pixel * p.stride + f;
  if (p.mode == 1u) { return (x - weights[p.mean + own]) * weights[p.scale + own] + weights[p.shift + own]; }
  if (p.mode == 2u) { return select(x, weights[p.scale + own] * x, x < vec4<f32>(0.0)); }
  return x;
}
`,
);

/** Which weights a call has: where they lie, and vectors between those of two pixels. */
interface Weights {
  readonly mode: 0 | 1 | 2;
  readonly mean: number;
  readonly scale: number;
  readonly shift: number;
  readonly stride: number;
}

export const NO_WEIGHTS: Weights = {mode: 0, mean: 0, scale: 0, shift: 0, stride: 0};

export function pointwise(setting: Setting, activation: Activation, weights: Weights): OpPlan {
  const {record, inputs} = setting;
  const compute = (target: Target) =>
    call(POINTWISE, {...target, ...activationOf(activation), origin: inputs[0].at, ...weights}, {record});
  return pixelwise(setting, (tile) => reachSame(setting, tile, [false]), compute, {activation});
}

/** Parameters of the plane's shape, or with 1 where an axis is shared, as pixels of whole vectors. */
export function spread(x: tf.Tensor, pixels: number, {height, width, channels}: ValueLayout): tf.Tensor {
  const shape =
    x.size === height * width * channels ? [height, width, channels] : [-1, ...[1, 1, ...x.shape].slice(-2)];
  const all = pixels === 1 ? [1, 1, channels] : [height, width, channels];
  return inVectors(tf.reshape(tf.broadcastTo(tf.reshape(x, shape), all), [pixels, channels]));
}

/** Means, scales and shifts: each for one pixel that all share, or for every one. */
export function normalized(
  setting: Setting,
  after: Activation,
  pack: (weights: Readonly<Record<string, tf.Tensor>>) => readonly [tf.Tensor, tf.Tensor, tf.Tensor],
): OpPlan {
  const {inputs, weightShapes} = setting;
  const [input] = inputs;
  const isShared = Object.values(weightShapes).every((shape) => sizeOf(shape) === input.channels);
  const pixels = isShared ? 1 : input.pixels;
  const size = pixels * input.vectors;
  const mean = setting.weights(3 * size, (weights) => pack(weights).map((x) => spread(x, pixels, input)));
  const stride = isShared ? 0 : input.vectors;
  return pointwise(setting, after, {mode: 1, mean, scale: mean + size, shift: mean + 2 * size, stride});
}
