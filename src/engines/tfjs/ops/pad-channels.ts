/** Channels of zeros before and after those that are there. */
import * as tf from '@tensorflow/tfjs-core';
import type {PadChannelsOp} from '../../../graph';
import type {PortableOp} from './op';

export const padChannels: PortableOp<PadChannelsOp> = {
  update(step) {
    const {before, after} = step.op;
    step.patchwise(step.pixelCost, (patch) =>
      tf.pad(step.readPixels(step.inputs[0], patch), [
        [0, 0],
        [0, 0],
        [0, 0],
        [before, after],
      ]),
    );
  },
  whole: null,
};
