/** What convolutions and pools share: the window over the input, and which outputs a change reaches. */
import {windowOver, type ConvOp} from '../../../../graph';
import type {ResolvedWindow} from '../../../../region';
import {bind} from '../../kernels';
import {sizesOf} from './masks';
import type {PixelOp, Setting} from './op';

export const windowOf = (input: Setting['inputs'][number], op: {window: ConvOp['window']}): ResolvedWindow =>
  windowOver(input, op.window);

/** A window by the names that kernels have for it. */
export const namesOf = ({
  kernel: [kh, kw],
  strides: [sh, sw],
  dilations: [dh, dw],
  pad: {top: padTop, left: padLeft},
}: ResolvedWindow) => ({kh, kw, sh, sw, dh, dw, padTop, padLeft});

export function reachThrough(
  {kernels, scratch, inputs: [input], output}: Setting,
  window: ResolvedWindow,
): PixelOp['reach'] {
  const {rows, rowBytes, guard} = scratch;
  const propagate = bind.propagateMask(kernels, {
    ...sizesOf(input, output),
    ...namesOf(window),
    rows,
    rowBytes,
    guard,
  });
  return (at) => propagate(at + input.mask, at + output.mask);
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
