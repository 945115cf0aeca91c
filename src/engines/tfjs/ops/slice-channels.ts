/** Some of the channels, side by side. */
import * as tf from '@tensorflow/tfjs-core';
import type {SliceChannelsOp} from '../../../graph';
import type {PortableOp} from './op';

export const sliceChannels: PortableOp<SliceChannelsOp> = {
  update(step) {
    const {begin, size} = step.op;
    step.patchwise(step.pixelCost, (patch) =>
      tf.slice(step.readPixels(step.inputs[0], patch), [0, 0, 0, begin], [-1, -1, -1, size]),
    );
  },
  whole: null,
};
