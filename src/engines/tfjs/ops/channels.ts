/** Ops that move channels: some of them, zeros around them, and from channels to pixels. */
import * as tf from '@tensorflow/tfjs-core';
import type {DepthToSpaceOp, PadChannelsOp, SliceChannelsOp} from '../../../graph';
import type {Step} from '../step';
import type {OpKernel} from './op-kernel';

const copyCost = ({output}: Step) => ({macs: output.plane.channels, reads: output.plane.channels});

export const sliceChannels: OpKernel<SliceChannelsOp> = {
  update(step) {
    const {begin, size} = step.op;
    step.patchwise(copyCost(step as Step), (patch) =>
      tf.slice(step.readPixels(step.inputs[0], patch), [0, 0, 0, begin], [-1, -1, -1, size]),
    );
  },
};

export const padChannels: OpKernel<PadChannelsOp> = {
  update(step) {
    const {before, after} = step.op;
    step.patchwise(copyCost(step as Step), (patch) =>
      tf.pad(step.readPixels(step.inputs[0], patch), [
        [0, 0],
        [0, 0],
        [0, 0],
        [before, after],
      ]),
    );
  },
};

export const depthToSpace: OpKernel<DepthToSpaceOp> = {
  update(step) {
    const {block} = step.op;
    step.whole(() => {
      const x = step.readImage(step.inputs[0]);
      // tfjs refuses a block that leaves all where it is.
      return block === 1 ? x : tf.depthToSpace(x, block, 'NHWC');
    });
  },
};
