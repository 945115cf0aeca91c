/** Channels dealt out to blocks of pixels. */
import * as tf from '@tensorflow/tfjs-core';
import type {DepthToSpaceOp} from '../../../graph';
import type {PortableOp} from './op';

export const depthToSpace: PortableOp<DepthToSpaceOp> = {
  update(step) {
    const {block} = step.op;
    step.whole(() => {
      const x = step.readImage(step.inputs[0]);
      // tfjs refuses a block that leaves all where it is.
      return block === 1 ? x : tf.depthToSpace(x, block, 'NHWC');
    });
  },
  whole: null,
};
