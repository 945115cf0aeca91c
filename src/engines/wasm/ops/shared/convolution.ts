/** What both kinds of convolution share: where their kernels write. */
import {LINEAR, type ConvOp, type DepthwiseConvOp} from '../../../../graph';
import type {ResolvedWindow} from '../../../../region';
import {boundsOf, UNBOUNDED, type Bounds} from './activations';
import type {PixelOp, Setting} from './op';
import {listWindows, reachThrough} from './window';

/**
 * Computes the pixels whose windows are in the list of sources; `targets` is the list of addresses to write to, `flags`
 * where to note which of these changed.
 */
type Write = (sources: number, count: number, targets: number, flags: number) => void;

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
      listWindows(setting, window, at, first, count);
      // The list of blocks is free here: only reductions use it.
      kernels.addressSteps(count, to, output.pixelBytes, scratch.blocks);
      // These flags say nothing, and are written anew with the values; those of other pixels have to stay.
      write(scratch.sources, count, scratch.blocks, scratch.flags + first);
    },
    ...(bounds && {
      computeInPlace(at: number, count: number) {
        listWindows(setting, window, at, 0, count);
        write(scratch.sources, count, scratch.targets, scratch.flags);
      },
    }),
    activation: bounds ? LINEAR : op.activation,
    cost,
  };
}
