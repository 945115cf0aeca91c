/** Channels of zeros beside those of the input. */
import {LINEAR, type PadChannelsOp} from '../../../graph';
import {listSources, reachSamePixels, type PixelOp, type Setting} from './op';

export function padChannels(setting: Setting<PadChannelsOp>): PixelOp {
  const {kernels, heap, scratch, op, inputs, output} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  return {
    reach: reachSamePixels(general, inputs),
    compute(at, first, count, to) {
      listSources(general, at, input, first, count);
      heap.octets.fill(0, to, to + count * output.pixelBytes);
      kernels.copyPixels(scratch.sources, count, input.pixelBytes, to + 4 * op.before, output.pixelBytes);
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}
