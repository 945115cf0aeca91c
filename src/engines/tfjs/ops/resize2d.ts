/** Bilinear resizing, over the whole input: only tfjs's own gives its bits. */
import * as tf from '@tensorflow/tfjs-core';
import type {ResizeOp} from '../../../graph';
import type {PortableOp} from './op';

export const resize2d: PortableOp<ResizeOp> = {
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
  whole: null,
};
