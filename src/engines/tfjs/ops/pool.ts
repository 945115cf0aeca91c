/** Pools over windows; and pools over a whole plane, which keep one partial result for each block of pixels. */
import * as tf from '@tensorflow/tfjs-core';
import {windowOver, type GlobalPoolOp, type PoolOp} from '../../../graph';
import {Region, type ResolvedWindow} from '../../../region';
import {PADDING} from '../kernels/gather';
import {pixelCount} from '../memory';
import {padded, type Patch} from '../patch';
import type {OpKernel} from './op-kernel';

/** How many pixels of the input each window holds, over the kernel's size: what padding takes from an average. */
function coverage(window: ResolvedWindow, {pixels}: Patch): Float32Array {
  const [height, width] = window.input;
  const [kh, kw] = window.kernel;
  const inside = (index: number, stride: number, pad: number, kernel: number, size: number) => {
    const first = index * stride - pad;
    return Math.min(first + kernel, size) - Math.max(first, 0);
  };
  return Float32Array.from(pixels, (pixel) => {
    const row = Math.floor(pixel / window.output[1]);
    const rows = inside(row, window.strides[0], window.pad.top, kh, height);
    const column = pixel - row * window.output[1];
    const columns = inside(column, window.strides[1], window.pad.left, kw, width);
    return (kh * kw) / (rows * columns);
  });
}

export const pool2d: OpKernel<PoolOp> = {
  update(step) {
    const [input] = step.inputs;
    const {mode} = step.op;
    const window = windowOver(input.plane, step.op.window);
    const [kh, kw] = window.kernel;
    const reads = kh * kw * input.plane.channels;
    step.patchwise({macs: reads, reads}, (patch) => {
      const {x, strides} = step.readWindows(input, window, patch, mode === 'max' ? -Infinity : 0);
      if (mode === 'max') return tf.maxPool(x, [kh, kw], strides, 'valid');
      const average = tf.avgPool(x, [kh, kw], strides, 'valid');
      const factors = coverage(window, patch);
      // A window that padding does not reach has the factor 1, which changes no bit.
      if (factors.every((factor) => factor === 1)) return average;
      return tf.mul(average, tf.tensor4d(factors, [1, patch.height, patch.width, 1]));
    });
  },
};

/** Pixels a block of a global pool: about as many blocks as pixels in each. */
function blockOf(pixels: number): number {
  return Math.min(64, Math.max(8, Math.ceil(Math.sqrt(pixels))));
}

/** The blocks of `size` pixels that hold a changed pixel. */
export function changedBlocks(changed: Region, size: number): Int32Array {
  const blocks: number[] = [];
  for (const pixel of changed.pixels()) {
    const block = Math.floor(pixel / size);
    if (blocks[blocks.length - 1] !== block) blocks.push(block);
  }
  return Int32Array.from(blocks);
}

export const globalPool: OpKernel<GlobalPoolOp> = {
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
};
