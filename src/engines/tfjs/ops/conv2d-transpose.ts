/** The transposed convolution, over the whole input: tfjs has no patches of it. */
import * as tf from '@tensorflow/tfjs-core';
import type {ConvTransposeOp} from '../../../graph';
import type {Step} from '../step/step';
import {activate} from './activate';
import {foldAffine} from '../../shared/fold';
import type {PortableOp} from './op';

/** The sums of all taps, without the op's padding and size. */
function allSums({inputs: [input], op, prepared}: Step<ConvTransposeOp>, x: tf.Tensor4D): tf.Tensor4D {
  const {height, width} = input.plane;
  const [kh, kw] = op.kernel;
  const [sh, sw] = op.strides;
  const shape: [number, number, number, number] = [
    1,
    (height - 1) * sh + kh,
    (width - 1) * sw + kw,
    op.filters,
  ];
  return tf.conv2dTranspose(x, prepared.filter as tf.Tensor4D, shape, [sh, sw], 'valid');
}

/** The rows and columns that are the op's output; zeros where no tap reaches. */
function cut(sums: tf.Tensor4D, {pad, size, filters}: ConvTransposeOp): tf.Tensor4D {
  const [, rows, columns] = sums.shape;
  const height = Math.min(size[0], Math.max(0, rows - pad.top));
  const width = Math.min(size[1], Math.max(0, columns - pad.left));
  if (height === 0 || width === 0) return tf.zeros([1, size[0], size[1], filters]);
  const there = tf.slice(sums, [0, pad.top, pad.left, 0], [1, height, width, filters]);
  if (height === size[0] && width === size[1]) return there;
  return tf.pad(there, [
    [0, 0],
    [0, size[0] - height],
    [0, size[1] - width],
    [0, 0],
  ]);
}

export const conv2dTranspose: PortableOp<ConvTransposeOp> = {
  prepare(_op, weights) {
    const {filter} = weights;
    // Its outputs are not the last axis.
    return foldAffine(weights, null, (scale) => tf.mul(filter, tf.reshape(scale, [-1, 1])));
  },
  update(step) {
    const {op, prepared} = step;
    step.whole(() => {
      const sums = cut(allSums(step, step.readImage(step.inputs[0])), op);
      return activate(prepared.bias ? tf.add(sums, prepared.bias) : sums, op.activation);
    });
  },
  whole: null,
};
