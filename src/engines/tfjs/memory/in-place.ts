/** Memory for the backends that our kernels reach: reads windows and writes pixels where the activation lies. */
import * as tf from '@tensorflow/tfjs-core';
import {Region} from '../../../region';
import {finiteOr0} from '../../shared/thresholds';
import {runBlockDot, runCompare, runGather, runScatter} from './kernels/register';
import {allPixels, pixelCount, type Comparison, type Costs, type Memory, type Tolerance} from './memory';

const COSTS: Readonly<Record<string, Costs>> = {
  cpu: {call: 20_000, read: 1, fewShapes: false},
  wasm: {call: 300_000, read: 5, fewShapes: false},
};

function zeros(dtype: tf.DataType, size: number): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'float32') return new Float32Array(size);
  if (dtype === 'int32') return new Int32Array(size);
  return new Uint8Array(size);
}

export function inPlaceMemory(backend: string): Memory {
  const gather: Memory['gather'] = (x, plane, pixels, fill) =>
    runGather(x, {pixels, channels: plane.channels, fill});

  const save: Memory['save'] = (slot, pixels, rollbackLog) => {
    const {plane} = slot;
    const old = tf.keep(gather(slot.tensor, plane, pixels, 0));
    rollbackLog.add(old, () => {
      const changed = Region.empty(plane.height, plane.width);
      runScatter(slot.tensor, old, {pixels, channels: plane.channels, tolerance: null, changed});
      old.dispose();
    });
  };

  const compare: Comparison['now'] = (previous, next, plane, threshold) => {
    const changed = Region.empty(plane.height, plane.width);
    runCompare(previous, next, {threshold, changed});
    return changed;
  };

  return {
    costs: COSTS[backend] ?? COSTS.wasm,

    allocate(plane, dtype) {
      const count = pixelCount(plane);
      // The array is ours alone: the cpu backend keeps it as the tensor's memory.
      const tensor = tf.keep(tf.tensor(zeros(dtype, count * plane.channels), [count, plane.channels], dtype));
      return {tensor, plane};
    },

    gather,
    save,

    write({slot, pixels, values, tolerance, changed, rollbackLog}) {
      if (rollbackLog) save(slot, pixels, rollbackLog);
      // Relative tolerances of this memory are plain arrays, never tensors.
      const limit = tolerance as Exclude<Tolerance, tf.Tensor> | null;
      runScatter(slot.tensor, values, {pixels, channels: slot.plane.channels, tolerance: limit, changed});
    },

    copy(x) {
      const pixels = allPixels(x.size);
      return tf.reshape(runGather(x, {pixels, channels: 1, fill: 0}), x.shape);
    },

    blockDot(x, kernel, partials, blocks, blockSize) {
      return runBlockDot(x, kernel, partials.tensor, {blocks, blockSize});
    },

    relativeTolerance(slot, relative) {
      return tf
        .tidy(() => tf.mul(tf.sqrt(tf.mean(tf.square(slot.tensor), 0)), relative).dataSync() as Float32Array)
        .map(finiteOr0);
    },

    comparison: {now: compare, soon: (...pair) => Promise.resolve(compare(...pair))},
  };
}
