/** A pool over windows. */
import * as tf from '@tensorflow/tfjs-core';
import {windowOver, type PoolOp} from '../../../graph';
import type {ResolvedWindow} from '../../../region';
import type {Patch} from '../step/patch';
import type {PortableOp} from './op';

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

export const pool2d: PortableOp<PoolOp> = {
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
  gradientKernels: ({mode}) => [mode === 'max' ? 'MaxPoolGrad' : 'AvgPoolGrad'],
  whole: null,
};
