/** A pool over a whole plane, which keeps one partial result for each block of pixels. */
import * as tf from '@tensorflow/tfjs-core';
import type {GlobalPoolOp} from '../../../graph';
import {Region} from '../../../region';
import {PADDING} from '../memory/kernels/gather';
import {pixelCount} from '../memory/memory';
import {padded} from '../step/patch';
import {changedBlocks} from './blocks';
import {SharedRows, type BackwardCutPoint, type CutPointSetting} from './cut-point';
import type {PortableOp} from './op';

/** Pixels a block of a global pool: about as many blocks as pixels in each. */
function blockOf(pixels: number): number {
  return Math.min(64, Math.max(8, Math.ceil(Math.sqrt(pixels))));
}

export const globalPool: PortableOp<GlobalPoolOp> = {
  partials(_op, input) {
    const pixels = pixelCount(input);
    return {blocks: Math.ceil(pixels / blockOf(pixels)), values: input.channels};
  },
  update(step) {
    const [{tensor, plane}] = step.inputs;
    const {op, memory, rollbackLog} = step;
    const partials = step.partials!;
    const count = pixelCount(plane);
    const size = blockOf(count);
    const changedOnes = changedBlocks(step.changed[0], size);
    const blocks = memory.costs.fewShapes ? padded(changedOnes) : changedOnes;
    const pixels = new Int32Array(blocks.length * size);
    blocks.forEach((block, i) => {
      for (let k = 0, pixel = block * size; k < size; k++, pixel++)
        pixels[i * size + k] = pixel < count ? pixel : PADDING;
    });
    const rows = memory.gather(tensor, plane, pixels, op.mode === 'max' ? -Infinity : 0);
    const cube = tf.reshape(rows, [blocks.length, size, plane.channels]);
    const values = op.mode === 'max' ? tf.max(cube, 1) : tf.sum(cube, 1);
    const changed = Region.empty(1, partials.plane.width);
    memory.write({slot: partials, pixels: blocks, values, tolerance: null, changed, rollbackLog});
    const total = op.mode === 'max' ? tf.max(partials.tensor, 0) : tf.div(tf.sum(partials.tensor, 0), count);
    step.write(Int32Array.of(0), total);
    step.computed = 1;
  },
  cutPoint: {open: ({mode}, setting) => (mode === 'max' ? maxCutPoint(setting) : meanCutPoint(setting))},
  whole: null,
};

function meanCutPoint(setting: CutPointSetting): BackwardCutPoint {
  const {below} = setting;
  const {plane} = setting.operand();
  if (!below) return {};
  const shared = new SharedRows(setting, pixelCount(plane));
  return {
    flush(frame, pixels) {
      const sums = shared.take(frame, pixels, plane.channels);
      below.add(pixels, plane.channels, tf.div(sums, pixelCount(plane)));
    },
  };
}

/** All pixels that hold a channel's maximum get a frame's gradient, as tf.max has it. */
function maxCutPoint(setting: CutPointSetting): BackwardCutPoint {
  const {below, rows} = setting;
  const {plane} = setting.operand();
  if (!below) return {};
  return {
    enter(frame) {
      const {channels} = plane;
      const row = tf.tensor1d(rows.subarray(frame * channels, (frame + 1) * channels));
      const values = tf.reshape(setting.operand().tensor, [pixelCount(plane), channels]);
      const isLargest = tf.equal(values, tf.max(values, 0, true));
      below.add(null, channels, tf.mul(tf.cast(isLargest, 'float32'), row));
    },
  };
}
