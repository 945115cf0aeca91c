/** A factor and a summand, for each channel or each value of a plane, and an activation. */
import * as tf from '@tensorflow/tfjs-core';
import type {AffineOp} from '../../../graph';
import {activate} from './activate';
import type {PortableOp} from './op';
import {parameterAt, perPixel} from './per-pixel';

export const affine: PortableOp<AffineOp> = {
  prepare: (_op, weights, [plane]) =>
    Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, perPixel(weight, plane)])),
  update(step) {
    const {scale, shift} = step.prepared as Partial<typeof step.prepared>;
    step.patchwise(step.pixelCost, (patch) => {
      const x = step.readPixels(step.inputs[0], patch);
      const scaled = scale ? tf.mul(x, parameterAt(step, scale, patch)) : x;
      return activate(shift ? tf.add(scaled, parameterAt(step, shift, patch)) : scaled, step.op.activation);
    });
  },
  whole: null,
};
