/** Windows over an input: what kernels know of one, and which outputs a change reaches through it. */
import type {ResolvedWindow} from '../../../../region';
import type {ValueLayout} from '../../memory/layout';
import {call, type Call} from '../../wgsl/call';
import {regionKernel} from '../../wgsl/region';
import type {Setting} from './op';
import {regionOf, regionWork} from './reach';

export const WINDOW_FIELDS = {
  /** The input: offset, vectors of a pixel, columns and rows. */
  origin: 'u32',
  fromVectors: 'u32',
  fromWidth: 'i32',
  fromHeight: 'i32',
  strideY: 'i32',
  strideX: 'i32',
  top: 'i32',
  left: 'i32',
} as const;

/** All that any kernel reads of a window: each takes the ones it has fields for. */
const windowParameters = ({kernel, strides, dilations, pad}: ResolvedWindow) => ({
  kernelHeight: kernel[0],
  kernelWidth: kernel[1],
  strideY: strides[0],
  strideX: strides[1],
  dilationY: dilations[0],
  dilationX: dilations[1],
  top: pad.top,
  left: pad.left,
});

/** Windows over an input's values. */
export const windowOn = ({at, vectors, width, height}: ValueLayout, window: ResolvedWindow) => ({
  origin: at,
  fromVectors: vectors,
  fromWidth: width,
  fromHeight: height,
  ...windowParameters(window),
});

/** Windows over the mask of what changed in an input. */
export const windowOnMask = ({mask, rowWords, width, height}: ValueLayout, window: ResolvedWindow) => ({
  origin: mask,
  fromRowWords: rowWords,
  fromWidth: width,
  fromHeight: height,
  ...windowParameters(window),
});

/** The outputs whose window holds a changed pixel. */
const WINDOW = regionKernel(
  'window',
  {
    origin: 'u32',
    fromRowWords: 'u32',
    fromHeight: 'i32',
    kernelHeight: 'i32',
    kernelWidth: 'i32',
    strideY: 'i32',
    strideX: 'i32',
    dilationY: 'i32',
    dilationX: 'i32',
    top: 'i32',
    left: 'i32',
  },
  `
fn evenBits(word: u32) -> u32 {
  var v = word & 0x55555555u;
  v = (v | (v >> 1u)) & 0x33333333u;
  v = (v | (v >> 2u)) & 0x0f0f0f0fu;
  v = (v | (v >> 4u)) & 0x00ff00ffu;
  return (v | (v >> 8u)) & 0x0000ffffu;
}
fn strided(row: u32, x: i32) -> u32 {
  if (p.strideX == 1) { return bitsFrom(row, p.fromRowWords, x); }
  if (p.strideX == 2) {
    return evenBits(bitsFrom(row, p.fromRowWords, x)) | (evenBits(bitsFrom(row, p.fromRowWords, x + 32)) << 16u);
  }
  var word = 0u;
  for (var b = 0; b < 32; b++) {
    let at = x + b * p.strideX;
    if (at >= 0 && at < 32 * i32(p.fromRowWords) && isSet(row, u32(at))) { word |= 1u << u32(b); }
  }
  return word;
}
fn affected(y: u32, i: u32) -> u32 {
  var word = 0u;
  for (var ky = 0; ky < p.kernelHeight; ky++) {
    let fromY = i32(y) * p.strideY - p.top + ky * p.dilationY;
    if (fromY < 0 || fromY >= p.fromHeight) { continue; }
    let row = p.origin + u32(fromY) * p.fromRowWords;
    if (isRowEmpty(row, p.fromRowWords)) { continue; }
    for (var kx = 0; kx < p.kernelWidth; kx++) {
      word |= strided(row, 32 * i32(i) * p.strideX - p.left + kx * p.dilationX);
    }
  }
  return word;
}`,
);

/** Marks the outputs whose window holds a changed pixel. */
export function reachWindow(setting: Setting, window: ResolvedWindow): (tile: number) => Call {
  const from = windowOnMask(setting.inputs[0], window);
  return (tile) => call(WINDOW, {...regionOf(setting, tile), ...from}, regionWork(setting.output));
}
