/** A batch norm that nothing was there to fold into. */
import * as tf from '@tensorflow/tfjs-core';
import type {BatchNormOp} from '../../../graph';
import type {PortableOp} from './op';
import {parameterAt, perPixel} from './per-pixel';

export const batchNorm: PortableOp<BatchNormOp> = {
  prepare(_op, weights, [plane]) {
    // What is left out is filled in: tfjs's gradient of a batch norm wants all of them.
    const whole = {gamma: tf.ones([plane.channels]), beta: tf.zeros([plane.channels]), ...weights};
    return Object.fromEntries(Object.entries(whole).map(([name, weight]) => [name, perPixel(weight, plane)]));
  },
  update(step) {
    const {mean, variance, beta, gamma} = step.prepared;
    step.patchwise(step.pixelCost, (patch) => {
      const x = step.readPixels(step.inputs[0], patch);
      const read = (parameter: tf.Tensor) => parameterAt(step, parameter, patch) as tf.Tensor4D;
      return tf.batchNorm(x, read(mean), read(variance), read(beta), read(gamma), step.op.epsilon);
    });
  },
  whole({op, inputs: [input], weights}) {
    const {mean, variance, beta, gamma} = weights as Partial<typeof weights>;
    const scale = tf.mul(tf.rsqrt(tf.add(variance!, op.epsilon)), gamma ?? 1);
    const scaled = tf.mul(tf.sub(input, mean!), scale);
    return beta ? tf.add(scaled, beta) : scaled;
  },
};
