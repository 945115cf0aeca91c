/** What both kinds of convolution share: where their kernels write. */
import {LINEAR, type ConvOp, type DepthwiseConvOp} from '../../../../graph';
import type {ResolvedWindow} from '../../../../region';
import {boundsOf, UNBOUNDED, type Bounds} from './activations';
import type {PixelOp, Setting} from './op';
import {listWindows, reachThrough} from './window';

/**
 * Computes the listed pixels from `first` on; `targets` is the list of addresses to write to, and `notes` whether to flag
 * those that changed.
 */
export type Write = (at: number, first: number, count: number, targets: number, notes: boolean) => void;

/** By a kernel that takes the windows of the pixels as a list. */
export function byWindows(
  setting: Setting,
  window: ResolvedWindow,
  kernel: (sources: number, count: number, targets: number, flags: number, notes: number) => void,
): Write {
  const {sources, flags} = setting.scratch;
  return (at, first, count, targets, notes) => {
    listWindows(setting, window, at, first, count);
    kernel(sources, count, targets, flags + first, Number(notes));
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
      // Their flags are written anew with the values; those of other pixels have to stay.
      write(at, first, count, scratch.blocks, false);
    },
    ...(bounds && {
      computeInPlace(at: number, count: number, notes: boolean) {
        write(at, 0, count, scratch.targets, notes);
      },
    }),
    activation: bounds ? LINEAR : op.activation,
    cost,
  };
}
