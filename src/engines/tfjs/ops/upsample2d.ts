/** Upsampling by whole factors. */
import * as tf from '@tensorflow/tfjs-core';
import type {UpsampleOp} from '../../../graph';
import type {Step} from '../step/step';
import type {PortableOp} from './op';

/** Where an output row or column lies between two of the input. */
interface Between {
  readonly first: number;
  readonly second: number;
  readonly weight: number;
}

/** A second row that has no share is not read: 0 times what stands there need not be 0. */
function between(index: number, factor: number, size: number): Between {
  const first = Math.floor(index / factor);
  const weight = (index % factor) / factor;
  return {first, second: weight === 0 ? first : Math.min(first + 1, size - 1), weight};
}

function lerp(a: tf.Tensor, b: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  return tf.add(a, tf.mul(tf.sub(b, a), weight));
}

function nearest(step: Step<UpsampleOp>, pixels: Int32Array): tf.Tensor {
  const [input] = step.inputs;
  const [fh, fw] = step.op.factor;
  const width = step.output.plane.width;
  const from = pixels.map((pixel) => {
    const row = Math.floor(pixel / width);
    return Math.floor(row / fh) * input.plane.width + Math.floor((pixel - row * width) / fw);
  });
  return step.readList(input, from);
}

/**
 * Between the four pixels around; each output pixel is computed alike in any patch. In the order of tfjs's kernels:
 * along the row above and the row below, then between the two.
 */
function bilinear(step: Step<UpsampleOp>, pixels: Int32Array): tf.Tensor {
  const [input] = step.inputs;
  const {height, width} = input.plane;
  const outputWidth = step.output.plane.width;
  const rows = Array.from(pixels, (pixel) =>
    between(Math.floor(pixel / outputWidth), step.op.factor[0], height),
  );
  const columns = Array.from(pixels, (pixel) => between(pixel % outputWidth, step.op.factor[1], width));
  const read = (row: 'first' | 'second', column: 'first' | 'second') =>
    step.readList(
      input,
      Int32Array.from(rows, (y, i) => y[row] * width + columns[i][column]),
    );
  const weights = (sides: Between[]) =>
    tf.tensor2d(
      sides.map(({weight}) => weight),
      [sides.length, 1],
    );
  const across = weights(columns);
  const above = lerp(read('first', 'first'), read('first', 'second'), across);
  const below = lerp(read('second', 'first'), read('second', 'second'), across);
  return lerp(above, below, weights(rows));
}

export const upsample2d: PortableOp<UpsampleOp> = {
  update(step) {
    const read = step.op.interpolation === 'nearest' ? nearest : bilinear;
    step.patchwise(step.pixelCost, ({pixels}) => read(step, pixels));
  },
  whole: null,
};
