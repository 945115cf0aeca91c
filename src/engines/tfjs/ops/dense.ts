/** A dense layer over a whole value: partial sums of the blocks that changed, then the sum of all. */
import * as tf from '@tensorflow/tfjs-core';
import type {DenseOp, Plane} from '../../../graph';
import {pixelCount} from '../memory';
import {activate} from './activation';
import type {OpKernel} from './op-kernel';
import {changedBlocks} from './pool';

/**
 * Pixels a block: few, so that a change recomputes little, but never so few that the partial sums, which are all added
 * up every frame, outnumber the products saved.
 */
function blockOf({height, width}: Plane): number {
  return Math.max(1, Math.round(Math.sqrt(height * width) / 8));
}

export const dense: OpKernel<DenseOp> = {
  prepare: (_op, {kernel, bias}) => ({
    kernel: tf.reshape(kernel, kernel.shape),
    ...(bias && {bias: tf.reshape(bias, [1, -1])}),
  }),
  partials(op, input) {
    return {blocks: Math.ceil(pixelCount(input) / blockOf(input)), values: op.units};
  },
  update(step) {
    const [{tensor, plane}] = step.inputs;
    const {memory, rollbackLog, prepared} = step;
    const partials = step.partials!;
    const size = blockOf(plane);
    const blocks = changedBlocks(step.changed[0], size);
    if (rollbackLog) memory.save(partials, blocks, rollbackLog);
    const sum = memory.blockDot(tensor, prepared.kernel, partials, blocks, size * plane.channels);
    const biased = prepared.bias ? tf.add(sum, prepared.bias) : sum;
    step.write(Int32Array.of(0), activate(biased, step.op.activation));
    // In units of the changed pixels, so that reports count the multiply-adds really done.
    step.computed = (blocks.length * size) / step.changed[0].area;
  },
};
