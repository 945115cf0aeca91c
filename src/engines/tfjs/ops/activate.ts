/** Activation functions through tfjs ops, formula for formula as tfjs-layers has them. */
import * as tf from '@tensorflow/tfjs-core';
import type {Activation} from '../../../graph';

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
