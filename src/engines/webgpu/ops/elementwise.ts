/** Ops of one input whose output pixel needs only the same input pixel. */
import * as tf from '@tensorflow/tfjs-core';
import {
  LINEAR,
  sizeOf,
  slopesOf,
  type Activation,
  type AffineOp,
  type BatchNormOp,
  type ElementwiseOp,
  type PreluOp,
} from '../../../graph';
import {repeatedSlopes} from '../../shared/fold';
import {call} from '../calls';
import type {ValueLayout} from '../layout';
import {POINTWISE} from '../wgsl/pixelwise';
import {activationOf, pixelwise, reachSame, type OpPlan, type Setting, type targetOf} from './op';
import {inVectors} from './pack';

/** Which weights a call has: where they lie, and vectors between those of two pixels. */
interface Weights {
  readonly mode: 0 | 1 | 2;
  readonly mean: number;
  readonly scale: number;
  readonly shift: number;
  readonly stride: number;
}

const NO_WEIGHTS: Weights = {mode: 0, mean: 0, scale: 0, shift: 0, stride: 0};

function pointwise(setting: Setting, activation: Activation, weights: Weights): OpPlan {
  const {record, inputs} = setting;
  const compute = (target: ReturnType<typeof targetOf>) =>
    call(POINTWISE, {...target, ...activationOf(activation), origin: inputs[0].at, ...weights}, {record});
  return pixelwise(setting, (tile) => reachSame(setting, tile, [false]), compute, activation);
}

export const activation = (setting: Setting<ElementwiseOp>): OpPlan =>
  pointwise(setting as Setting, setting.op.activation, NO_WEIGHTS);

/** Parameters of the plane's shape, or with 1 where an axis is shared, as pixels of whole vectors. */
function spread(x: tf.Tensor, pixels: number, {height, width, channels}: ValueLayout): tf.Tensor {
  const shape =
    x.size === height * width * channels ? [height, width, channels] : [-1, ...[1, 1, ...x.shape].slice(-2)];
  const all = pixels === 1 ? [1, 1, channels] : [height, width, channels];
  return inVectors(tf.reshape(tf.broadcastTo(tf.reshape(x, shape), all), [pixels, channels]));
}

/** Means, scales and shifts: each for one pixel that all share, or for every one. */
function normalized(
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

export function batchNorm(setting: Setting<BatchNormOp>): OpPlan {
  const {epsilon} = setting.op;
  return normalized(setting as Setting, LINEAR, ({mean, variance, gamma, beta}) => {
    const inverse = tf.div(1, tf.sqrt(tf.add(variance, epsilon)));
    return [mean, gamma ? tf.mul(gamma, inverse) : inverse, beta ?? tf.zerosLike(mean)];
  });
}

export function affine(setting: Setting<AffineOp>): OpPlan {
  return normalized(setting as Setting, setting.op.activation, ({scale, shift}) => {
    const nothing = tf.zeros([setting.inputs[0].channels]);
    return [nothing, scale ?? tf.onesLike(nothing), shift ?? nothing];
  });
}

export function prelu(setting: Setting<PreluOp>): OpPlan {
  const {op, weightShapes} = setting;
  const [input] = setting.inputs;
  const isShared = slopesOf(op, weightShapes['alpha'], input) === null;
  const pixels = isShared ? 1 : input.pixels;
  const scale = setting.weights(pixels * input.vectors, ({alpha}) => [
    spread(op.repeats ? repeatedSlopes(alpha, input) : alpha, pixels, input),
  ]);
  const stride = isShared ? 0 : input.vectors;
  return pointwise(setting as Setting, LINEAR, {...NO_WEIGHTS, mode: 2, scale, stride});
}
