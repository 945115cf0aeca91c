/** Ops that move channels: some of them, zeros beside them, and from channels to pixels. */
import {LINEAR, type DepthToSpaceOp, type PadChannelsOp, type SliceChannelsOp} from '../../../graph';
import {listSources, reachSamePixels, type PixelOp, type Setting} from './op';
import {listByTables} from './pick';

export function sliceChannels(setting: Setting<SliceChannelsOp>): PixelOp {
  const {kernels, scratch, op, inputs, output} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  return {
    reach: reachSamePixels(general, inputs),
    compute(at, first, count, to) {
      listSources(general, at + 4 * op.begin, input, first, count);
      kernels.copyPixels(scratch.sources, count, output.pixelBytes, to, output.pixelBytes);
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}

export function depthToSpace(setting: Setting<DepthToSpaceOp>): PixelOp {
  const {kernels, scratch, op, inputs, output} = setting;
  const [input] = inputs;
  const {block} = op;
  // Where the row of an output pixel begins, and how far from there its column's values are.
  const offsets = (count: number, inputBytes: number, channelBytes: number) =>
    Array.from({length: count}, (_, i) => Math.floor(i / block) * inputBytes + (i % block) * channelBytes);
  const list = listByTables(
    setting as Setting,
    offsets(output.height, input.rowBytes, block * output.pixelBytes),
    offsets(output.width, input.pixelBytes, output.pixelBytes),
    0,
  );
  return {
    reach(at) {
      kernels.spreadMask(
        at + input.mask,
        input.height,
        input.width,
        at + output.mask,
        output.height,
        output.width,
        block,
        block,
        block,
        block,
        0,
        0,
      );
    },
    compute(at, first, count, to) {
      list(at, first, count);
      kernels.copyPixels(scratch.sources, count, output.pixelBytes, to, output.pixelBytes);
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}

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
