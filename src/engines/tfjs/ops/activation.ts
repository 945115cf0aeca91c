/** Activation functions through tfjs ops, formula for formula as tfjs-layers has them; and the ops of one pixel. */
import * as tf from '@tensorflow/tfjs-core';
import type {Activation, AffineOp, BatchNormOp, ElementwiseOp, Plane, PreluOp} from '../../../graph';
import {repeatedSlopes} from '../../shared/fold';
import type {Patch} from '../patch';
import type {Step} from '../step';
import type {OpKernel} from './op-kernel';

function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.mul(0.5, tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))));
}

function geluTanh(x: tf.Tensor): tf.Tensor {
  const inner = tf.add(x, tf.mul(0.044715, tf.pow(x, 3)));
  return tf.mul(0.5, tf.mul(x, tf.add(1, tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), inner)))));
}

/** `x` after an activation; softmax is over the last axis. */
export function activate<T extends tf.Tensor>(x: T, {name, parameter = 0}: Activation): T {
  return apply(x, name, parameter) as T;
}

function apply(x: tf.Tensor, name: Activation['name'], parameter: number): tf.Tensor {
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.minimum(6, tf.relu(x));
    case 'clippedRelu':
      return tf.clipByValue(tf.relu(x), 0, parameter);
    case 'leakyRelu':
      return tf.leakyRelu(x, parameter);
    case 'thresholdedRelu':
      // A comparison has no gradient in tfjs; a step has.
      return tf.mul(x, tf.step(tf.sub(x, parameter)));
    case 'elu':
      return tf.elu(x);
    case 'selu':
      return tf.selu(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'hardSigmoid':
      return tf.clipByValue(tf.add(0.5, tf.mul(0.2, x)), 0, 1);
    case 'softplus':
      return tf.softplus(x);
    case 'softsign':
      return tf.div(x, tf.add(tf.abs(x), 1));
    case 'tanh':
      return tf.tanh(x);
    case 'softmax':
      return tf.softmax(x);
    case 'logSoftmax':
      return tf.logSoftmax(x);
    case 'gelu':
      return gelu(x);
    case 'gelu_new':
      return geluTanh(x);
    case 'mish':
      return tf.mul(x, tf.tanh(tf.softplus(x)));
    case 'swish':
      return tf.mul(tf.sigmoid(x), x);
    case 'hardSwish':
      return tf.mul(tf.mul(x, parameter), tf.minimum(6, tf.relu(tf.add(x, 3))));
  }
}

const elementCost = ({output}: Step) => ({macs: output.plane.channels, reads: output.plane.channels});

export const activation: OpKernel<ElementwiseOp> = {
  update(step) {
    step.patchwise(elementCost(step as Step), (patch) =>
      activate(step.readPixels(step.inputs[0], patch), step.op.activation),
    );
  },
};

/**
 * A parameter laid out for the pixels of a plane: one value a channel as [channels], or, where pixels have their own,
 * as [pixels, channels].
 */
function perPixel(parameter: tf.Tensor, {height, width, channels}: Plane): tf.Tensor {
  const isPerChannel = parameter.shape[parameter.rank - 1] === channels && parameter.size === channels;
  if (isPerChannel) return tf.reshape(parameter, [channels]);
  if (parameter.size === height * width * channels) return tf.reshape(parameter, [height * width, channels]);
  const [columns, depth] = [1, 1, ...parameter.shape].slice(-2);
  const rows = tf.reshape(parameter, [-1, columns, depth]);
  return tf.reshape(tf.broadcastTo(rows, [height, width, channels]), [height * width, channels]);
}

/** A parameter at the pixels of a patch, to be broadcast with [1, height, width, channels]. */
function at(step: Step, parameter: tf.Tensor, patch: Patch): tf.Tensor {
  if (parameter.rank === 1) return parameter;
  return step.readPixels({tensor: parameter, plane: step.output.plane}, patch);
}

export const batchNorm: OpKernel<BatchNormOp> = {
  prepare(_op, weights, [plane]) {
    // What is left out is filled in: tfjs's gradient of a batch norm wants all of them.
    const whole = {gamma: tf.ones([plane.channels]), beta: tf.zeros([plane.channels]), ...weights};
    return Object.fromEntries(Object.entries(whole).map(([name, weight]) => [name, perPixel(weight, plane)]));
  },
  update(step) {
    const {mean, variance, beta, gamma} = step.prepared;
    const general = step as Step;
    step.patchwise(elementCost(general), (patch) => {
      const x = step.readPixels(step.inputs[0], patch);
      const read = (parameter: tf.Tensor) => at(general, parameter, patch) as tf.Tensor4D;
      return tf.batchNorm(x, read(mean), read(variance), read(beta), read(gamma), step.op.epsilon);
    });
  },
};

export const prelu: OpKernel<PreluOp> = {
  prepare: ({repeats}, {alpha}, [plane]) => ({
    alpha: perPixel(repeats ? repeatedSlopes(alpha, plane) : alpha, plane),
  }),
  update(step) {
    const general = step as Step;
    step.patchwise(elementCost(general), (patch) =>
      tf.prelu(step.readPixels(step.inputs[0], patch), at(general, step.prepared.alpha, patch)),
    );
  },
};

export const affine: OpKernel<AffineOp> = {
  prepare: (_op, weights, [plane]) =>
    Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, perPixel(weight, plane)])),
  update(step) {
    const general = step as Step;
    const {scale, shift} = step.prepared as Partial<typeof step.prepared>;
    step.patchwise(elementCost(general), (patch) => {
      const x = step.readPixels(step.inputs[0], patch);
      const scaled = scale ? tf.mul(x, at(general, scale, patch)) : x;
      return activate(shift ? tf.add(scaled, at(general, shift, patch)) : scaled, step.op.activation);
    });
  },
};
