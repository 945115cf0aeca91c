/** Ops of several inputs: merges element by element, and concatenation. */
import * as tf from '@tensorflow/tfjs-core';
import {concatOffsets, isShared, type ConcatOp, type MergeFunction, type MergeOp} from '../../../graph';
import {activate} from './activation';
import {wholeOf, type Operand, type Step} from '../step';
import type {OpKernel} from './op-kernel';

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

export const merge: OpKernel<MergeOp> = {
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
};

/** Moves each input's changed pixels to where the input lies in the output. */
function moveChanged(step: Step<ConcatOp>): void {
  const {width} = step.output.plane;
  const offsets = concatOffsets(
    step.op,
    step.inputs.map(({plane}) => plane),
  );
  step.inputs.forEach((input: Operand, i) => {
    if (step.changed[i].isEmpty) return;
    const from = step.changed[i].isFull ? wholeOf(input) : step.changed[i].pixels();
    const {y, x} = offsets[i];
    const to = from.map((pixel) => {
      const row = Math.floor(pixel / input.plane.width);
      return (y + row) * width + x + pixel - row * input.plane.width;
    });
    step.write(to, step.readList(input, from));
    step.computed += to.length;
  });
}

export const concat: OpKernel<ConcatOp> = {
  update(step) {
    if (step.op.axis !== 'channels') {
      moveChanged(step);
      return;
    }
    const {channels} = step.output.plane;
    step.patchwise({macs: channels, reads: channels}, (patch) =>
      tf.concat(
        step.inputs.map((input) => step.readPixels(input, patch)),
        3,
      ),
    );
  },
};
