/**
 * Which convolutions the WebAssembly engine computes in tiles of 2 × 2 pixels rather than pixel by pixel, as far as their shape says:
 * 3 × 3 taps side by side, and channels enough to pay. Weights, and what surrounds the op, may speak against it.
 */
import type {ConvOp} from '../../graph';

/** By how much tiles have to be faster, where all pixels of them are computed. */
const PAYS = 1.2;

/** What a tile takes, in multiply-adds of a convolution that take as long: 16 products, and as measured what becomes of its pixels before and after these. */
export function tileCost(channels: number, filters: number): number {
  const padded = 8 * Math.ceil(filters / 8);
  return 16 * channels * padded + 32 * channels + 64 * padded + 1000;
}

/** @param channels of the input */
export function isInTiles({window, filters}: ConvOp, channels: number): boolean {
  const {kernel, strides, dilations} = window;
  const fits = kernel.every((side) => side === 3) && [...strides, ...dilations].every((step) => step === 1);
  return fits && PAYS * tileCost(channels, filters) <= 36 * channels * filters;
}
