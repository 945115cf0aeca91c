/** Channels dealt out to a block of pixels. */
import {LINEAR, type DepthToSpaceOp} from '../../../graph';
import {bind} from '../kernels';
import type {PixelImplementation} from './shared/implementation';
import {sizesOf} from './shared/masks';
import type {PixelOp, Setting} from './shared/op';
import {listByTables} from './shared/tables';

export const depthToSpace: PixelImplementation<DepthToSpaceOp> = {forward};

function forward(setting: Setting<DepthToSpaceOp>): PixelOp {
  const {kernels, scratch, op, inputs, output} = setting;
  const [input] = inputs;
  const {block} = op;
  // Where the row of an output pixel begins, and how far from there its column's values are.
  const offsets = (count: number, inputBytes: number, channelBytes: number) =>
    Array.from({length: count}, (_, i) => Math.floor(i / block) * inputBytes + (i % block) * channelBytes);
  const list = listByTables(
    setting,
    offsets(output.height, input.rowBytes, block * output.pixelBytes),
    offsets(output.width, input.pixelBytes, output.pixelBytes),
    0,
  );
  const spread = bind.spreadMask(kernels, {
    ...sizesOf(input, output),
    fh: block,
    fw: block,
    reachY: block,
    reachX: block,
    beforeY: 0,
    beforeX: 0,
  });
  return {
    reach: (at) => spread(at + input.mask, at + output.mask),
    compute(at, first, count, to) {
      list(at, first, count);
      kernels.copyPixels(scratch.sources, count, output.pixelBytes, to, output.pixelBytes);
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}
