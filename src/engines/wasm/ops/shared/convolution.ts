/** What both kinds of convolution share: where their kernels write. */
import {LINEAR, type ConvOp, type DepthwiseConvOp} from '../../../../graph';
import type {ResolvedWindow} from '../../../../region';
import {boundsOf, UNBOUNDED, type Bounds} from './activations';
import type {PixelOp, Setting} from './op';
import {listWindows, reachThrough} from './window';

/** Computes the listed pixels from `first` on; `targets` is the list of addresses to write to, `flags` where to note which of these changed. */
export type Write = (at: number, first: number, count: number, targets: number, flags: number) => void;

/** By a kernel that takes the windows of the pixels as a list. */
export function byWindows(
  setting: Setting,
  window: ResolvedWindow,
  kernel: (sources: number, count: number, targets: number, flags: number) => void,
): Write {
  const {sources} = setting.scratch;
  return (at, first, count, targets, flags) => {
    listWindows(setting, window, at, first, count);
    kernel(sources, count, targets, flags);
  };
}

/** In place where nothing follows but a clamp, and into scratch where what follows needs whole pixels first. */
export function inBothForms(
  setting: Setting<ConvOp | DepthwiseConvOp>,
  window: ResolvedWindow,
  cost: number,
  writeWithin: (bounds: Bounds) => Write,
): PixelOp {
  const {kernels, scratch, op, output} = setting;
  const bounds = boundsOf(op.activation);
  const write = writeWithin(bounds ?? UNBOUNDED);
  return {
    reach: reachThrough(setting, window),
    compute(at, first, count, to) {
      // The list of blocks is free here: only reductions use it.
      kernels.addressSteps(count, to, output.pixelBytes, scratch.blocks);
      // These flags say nothing, and are written anew with the values; those of other pixels have to stay.
      write(at, first, count, scratch.blocks, scratch.flags + first);
    },
    ...(bounds && {
      computeInPlace(at: number, count: number) {
        write(at, 0, count, scratch.targets, scratch.flags);
      },
    }),
    activation: bounds ? LINEAR : op.activation,
    cost,
  };
}
