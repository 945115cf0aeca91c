/** Several inputs merged element by element. */
import * as tf from '@tensorflow/tfjs-core';
import {isShared, type MergeFunction, type MergeOp} from '../../../graph';
import {activate} from './activate';
import type {PortableOp} from './op';

const FUNCTIONS: Readonly<Record<MergeFunction, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  equal: (a, b) => tf.cast(tf.equal(a, b), 'float32'),
  average: tf.add,
  maximum: tf.maximum,
  minimum: tf.minimum,
};

export const merge: PortableOp<MergeOp> = {
  update(step) {
    const {inputs, op, output} = step;
    const reads = inputs.length * output.plane.channels;
    step.patchwise({macs: reads, reads}, (patch) => {
      const operands = inputs.map((input) =>
        isShared(input.plane, output.plane)
          ? tf.reshape(step.readAll(input), [1, 1, 1, input.plane.channels])
          : step.readPixels(input, patch),
      );
      const folded = operands.reduce((a, b) => FUNCTIONS[op.fn](a, b));
      return activate(op.fn === 'average' ? tf.mul(1 / inputs.length, folded) : folded, op.activation);
    });
  },
  whole({op, inputs}) {
    const merged = inputs.reduce((a, b) => FUNCTIONS[op.fn](a, b));
    return activate(op.fn === 'average' ? tf.div(merged, inputs.length) : merged, op.activation);
  },
};
