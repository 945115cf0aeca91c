/**
 * Memory for every other backend, composed of tfjs's own ops. A write makes a new tensor of the whole activation, and
 * nothing is downloaded, so that a written pixel counts as changed whether its value moved or not.
 */
import * as tf from '@tensorflow/tfjs-core';
import {PADDING} from './kernels/gather';
import {pixelCount, type Memory, type RollbackLog, type Slot, type Tolerance} from './memory';

/** Rows of `x` by index, with a fill where the index is `PADDING`. */
function gatherRows(x: tf.Tensor, pixels: Int32Array, fill: number): tf.Tensor {
  if (!pixels.includes(PADDING)) return tf.gather(x, tf.tensor1d(pixels, 'int32'));
  const clamped = pixels.map((pixel) => Math.max(pixel, 0));
  const inside = Uint8Array.from(pixels, (pixel) => (pixel === PADDING ? 0 : 1));
  const rows = tf.gather(x, tf.tensor1d(clamped, 'int32'));
  const mask = tf.tensor2d(inside, [pixels.length, 1], 'bool');
  return tf.where(mask, rows, tf.fill(rows.shape, fill, x.dtype as 'float32'));
}

/** Where a pixel stays within tolerance in all channels, its old value; NaN is never within. */
export function keepWithin(old: tf.Tensor, values: tf.Tensor, tolerance: Tolerance): tf.Tensor {
  const distance = tf.abs(tf.sub(values, old));
  const limit = tolerance instanceof tf.Tensor ? tolerance : tf.tensor(tolerance);
  const within = tf.all(tf.lessEqual(distance, limit), -1, true);
  return tf.where(within, old, values);
}

/** Writes never change a tensor, so that keeping the old one is enough to take a write back. */
function replace(slot: Slot, tensor: tf.Tensor, rollbackLog: RollbackLog | null): void {
  const old = slot.tensor;
  slot.tensor = tf.keep(tensor);
  if (!rollbackLog) {
    old.dispose();
    return;
  }
  rollbackLog.add(old, () => {
    slot.tensor.dispose();
    slot.tensor = old;
  });
}

/** A tensor of its own: `clone` shares data, and adding 0 would lose the sign of −0. */
function copy(x: tf.Tensor): tf.Tensor {
  if (x.dtype === 'float32' || x.dtype === 'int32') return tf.mul(x, tf.scalar(1, x.dtype));
  return tf.logicalAnd(x, tf.onesLike(x));
}

/** `relative` times each channel's root mean square, as a tensor that is kept; 0 where that has no bounds. */
export function relativeTolerance(slot: Slot, relative: number): tf.Tensor {
  return tf.tidy(() => {
    const limit = tf.mul(tf.sqrt(tf.mean(tf.square(slot.tensor), 0)), relative);
    return tf.keep(tf.where(tf.isFinite(limit), limit, 0));
  });
}

export function composedMemory(): Memory {
  return {
    costs: {call: 3_000_000, read: 5, fewShapes: false},

    allocate(plane, dtype) {
      return {tensor: tf.keep(tf.zeros([pixelCount(plane), plane.channels], dtype)), plane};
    },

    // A reshape's view has the rows of its source.
    gather: (x, plane, pixels, fill) =>
      gatherRows(tf.reshape(x, [pixelCount(plane), plane.channels]), pixels, fill),

    write({slot, pixels, values, tolerance, changed, rollbackLog}) {
      tf.tidy(() => {
        const {tensor, plane} = slot;
        const whole = pixels.length === pixelCount(plane);
        const old = () => (whole ? tensor : tf.gather(tensor, tf.tensor1d(pixels, 'int32')));
        const next = tolerance === null ? values : keepWithin(old(), values, tolerance);
        const written = whole
          ? copy(next)
          : tf.tensorScatterUpdate(tensor, tf.tensor2d(pixels, [pixels.length, 1], 'int32'), next);
        replace(slot, written, rollbackLog);
      });
      for (const pixel of pixels) changed.add(Math.floor(pixel / changed.width), pixel % changed.width, 1);
    },

    // A copy takes the slot's place, and the rollback log keeps the original.
    save: (slot, _pixels, rollbackLog) =>
      replace(
        slot,
        tf.tidy(() => copy(slot.tensor)),
        rollbackLog,
      ),

    copy,

    blockDot(x, kernel, partials, blocks, blockSize) {
      return tf.tidy(() => {
        const [inputs, units] = kernel.shape;
        const count = partials.plane.width;
        const missing = count * blockSize - inputs;
        const rows = tf.reshape(tf.pad(tf.reshape(x, [inputs]), [[0, missing]]), [count, 1, blockSize]);
        const weights = tf.reshape(tf.pad(kernel, [[0, missing], [0, 0]]), [count, blockSize, units]); // prettier-ignore
        const indices = tf.tensor1d(blocks, 'int32');
        const sums = tf.reshape(tf.matMul(tf.gather(rows, indices), tf.gather(weights, indices)), [
          -1,
          units,
        ]);
        const at = tf.tensor2d(blocks, [blocks.length, 1], 'int32');
        replace(partials, tf.tensorScatterUpdate(partials.tensor, at, sums), null);
        return tf.sum(partials.tensor, 0, true);
      });
    },

    relativeTolerance,

    comparison: null,
  };
}
