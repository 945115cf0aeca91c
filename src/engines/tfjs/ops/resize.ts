/** Ops that read rows and columns by tables: bilinear resizing, and picked pixels. */
import * as tf from '@tensorflow/tfjs-core';
import type {GatherOp, ResizeOp} from '../../../graph';
import {PADDING} from '../kernels/gather';
import type {OpKernel} from './op-kernel';

export const resize2d: OpKernel<ResizeOp> = {
  update(step) {
    const {size, alignCorners, halfPixelCenters} = step.op;
    step.whole(() =>
      tf.image.resizeBilinear(
        step.readImage(step.inputs[0]),
        [size[0], size[1]],
        alignCorners,
        halfPixelCenters,
      ),
    );
  },
};

export const gather2d: OpKernel<GatherOp> = {
  update(step) {
    const {op, inputs, output} = step;
    const [input] = inputs;
    const {channels} = output.plane;
    step.patchwise({macs: channels, reads: channels}, ({pixels}) => {
      const from = pixels.map((pixel) => {
        const y = op.rows[Math.floor(pixel / output.plane.width)];
        const x = op.columns[pixel % output.plane.width];
        return y < 0 || x < 0 ? PADDING : y * input.plane.width + x;
      });
      return step.readList(input, from, op.fill);
    });
  },
};
