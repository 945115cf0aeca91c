/** Some of the channels. */
import {LINEAR, type SliceChannelsOp} from '../../../graph';
import type {PixelImplementation} from './shared/implementation';
import {listSources} from './shared/lists';
import {reachSamePixels} from './shared/masks';
import type {PixelOp, Setting} from './shared/op';

export const sliceChannels: PixelImplementation<SliceChannelsOp> = {forward};

function forward(setting: Setting<SliceChannelsOp>): PixelOp {
  const {kernels, scratch, op, inputs, output} = setting;
  const [input] = inputs;
  return {
    reach: reachSamePixels(setting),
    compute(at, first, count, to) {
      listSources(setting, at + 4 * op.begin, input, first, count);
      kernels.copyPixels(scratch.sources, count, output.pixelBytes, to, output.pixelBytes);
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}
