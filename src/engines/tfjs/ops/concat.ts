/** Inputs side by side, along any axis. */
import * as tf from '@tensorflow/tfjs-core';
import {concatOffsets, type ConcatOp} from '../../../graph';
import {wholeOf, type Operand, type Step} from '../step/step';
import type {PortableOp} from './op';

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

export const concat: PortableOp<ConcatOp> = {
  update(step) {
    if (step.op.axis !== 'channels') {
      moveChanged(step);
      return;
    }
    step.patchwise(step.pixelCost, (patch) =>
      tf.concat(
        step.inputs.map((input) => step.readPixels(input, patch)),
        3,
      ),
    );
  },
  whole: ({op, inputs}) => tf.concat([...inputs], axisOf(op.axis, inputs[0].rank)),
};

/** Vectors are one row of pixels: all they have is one axis. */
function axisOf(axis: ConcatOp['axis'], rank: number): number {
  if (rank === 2 || axis === 'channels') return -1;
  return axis === 'width' ? -2 : -3;
}
