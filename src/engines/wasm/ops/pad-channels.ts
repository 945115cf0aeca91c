/** Channels of zeros before and behind those there are. */
import {LINEAR, type PadChannelsOp} from '../../../graph';
import type {PixelImplementation} from './shared/implementation';
import {listSources} from './shared/lists';
import {reachSamePixels} from './shared/masks';
import type {PixelOp, Setting} from './shared/op';

export const padChannels: PixelImplementation<PadChannelsOp> = {forward};

function forward(setting: Setting<PadChannelsOp>): PixelOp {
  const {kernels, heap, scratch, op, inputs, output} = setting;
  const [input] = inputs;
  return {
    reach: reachSamePixels(setting),
    compute(at, first, count, to) {
      listSources(setting, at, input, first, count);
      heap.octets.fill(0, to, to + count * output.pixelBytes);
      kernels.copyPixels(scratch.sources, count, input.pixelBytes, to + 4 * op.before, output.pixelBytes);
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}
