/** What convolutions and pools share: the window over the input, and which outputs a change reaches. */
import {windowOver, type ConvOp} from '../../../../graph';
import type {ResolvedWindow} from '../../../../region';
import type {PixelOp, Setting} from './op';

export const windowOf = (input: Setting['inputs'][number], op: {window: ConvOp['window']}): ResolvedWindow =>
  windowOver(input, op.window);

export function reachThrough(
  {kernels, scratch, inputs: [input], output}: Setting,
  window: ResolvedWindow,
): PixelOp['reach'] {
  const {kernel, strides, dilations, pad} = window;
  return (at) => {
    kernels.propagateMask(
      at + input.mask,
      input.height,
      input.width,
      at + output.mask,
      output.height,
      output.width,
      kernel[0],
      kernel[1],
      strides[0],
      strides[1],
      dilations[0],
      dilations[1],
      pad.top,
      pad.left,
      scratch.rows,
      scratch.rowBytes,
      scratch.guard,
    );
  };
}

/** Addresses of each listed pixel's first tap, in the list of sources. */
export function listWindows(
  {kernels, scratch, inputs: [input]}: Setting,
  {strides, pad}: ResolvedWindow,
  at: number,
  first: number,
  count: number,
): void {
  const skip = 4 * first;
  kernels.addressPixels(
    scratch.ys + skip,
    scratch.xs + skip,
    count,
    at + input.at - pad.top * input.rowBytes - pad.left * input.pixelBytes,
    strides[0] * input.rowBytes,
    strides[1] * input.pixelBytes,
    scratch.sources,
  );
}

/** Byte offset of each tap from the first one, row by row. */
export function tapsOf({inputs: [input]}: Setting, {kernel, dilations}: ResolvedWindow): number[] {
  const taps: number[] = [];
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      taps.push(ky * dilations[0] * input.rowBytes + kx * dilations[1] * input.pixelBytes);
    }
  }
  return taps;
}
