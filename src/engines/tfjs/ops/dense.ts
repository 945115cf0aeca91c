/** A dense layer over a whole value: partial sums of the blocks that changed, then the sum of all. */
import * as tf from '@tensorflow/tfjs-core';
import type {DenseOp, Plane} from '../../../graph';
import {gradientPlane} from '../memory/gradient-plane';
import {pixelCount} from '../memory/memory';
import {activate} from './activate';
import {changedBlocks} from './blocks';
import {SharedRows, type BackwardCutPoint, type CutPointSetting} from './cut-point';
import type {PortableOp} from './op';

/**
 * Pixels a block: few, so that a change recomputes little, but never so few that the partial sums, which are all added
 * up every frame, outnumber the products saved.
 */
function blockOf({height, width}: Plane): number {
  return Math.max(1, Math.round(Math.sqrt(height * width) / 8));
}

export const dense: PortableOp<DenseOp> = {
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
  cutPoint: {
    // The sums before the activation.
    row(partials, {bias}: Partial<Record<string, tf.Tensor>>) {
      const sums = tf.sum(partials, 0, true);
      return bias ? tf.add(sums, bias) : sums;
    },
    finish: ({activation}, rows) => activate(rows, activation),
    open: ({units}, setting) => denseCutPoint(setting, units),
  },
  whole({op, inputs: [input], weights}) {
    const {kernel, bias} = weights as Partial<typeof weights>;
    const rows = tf.reshape(input, [input.shape[0], -1]) as tf.Tensor2D;
    const sums = tf.matMul(rows, kernel as tf.Tensor2D);
    return activate(bias ? tf.add(sums, bias) : sums, op.activation);
  },
};

/** dW(p) += a(p) ⊗ ΔD and G(p) += W(p) · ΔD, for each listed pixel p. */
function denseCutPoint(setting: CutPointSetting, units: number): BackwardCutPoint {
  const {memory, prepared, below} = setting;
  const {plane} = setting.operand();
  const {channels} = plane;
  const shared = new SharedRows(setting, pixelCount(plane));
  const kernel = gradientPlane(pixelCount(plane) * channels * units);
  const rowPlane = {...plane, channels: channels * units};
  return {
    flush(frame, pixels) {
      const sums = tf.reshape(shared.take(frame, pixels, units), [-1, 1, units]);
      const {tensor} = setting.operand();
      const values = tf.reshape(memory.gather(tensor, plane, pixels, 0), [-1, channels, 1]);
      kernel.add(pixels, rowPlane.channels, tf.mul(values, sums));
      if (!below) return;
      const weights = tf.reshape(memory.gather(prepared.kernel, rowPlane, pixels, 0), [-1, channels, units]);
      below.add(pixels, channels, tf.sum(tf.mul(weights, sums), -1));
    },
    gradients: () => ({kernel: kernel.read(), bias: shared.total(units)}),
    dispose: () => kernel.dispose(),
  };
}
