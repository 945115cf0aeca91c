/**
 * How a region goes through a window op: forwards, the outputs that read any of these inputs; backwards, the inputs that
 * any of these outputs reads. Pure arithmetic on whole words, and exact: nothing is added for safety. Work grows with
 * the rows that hold pixels. What an op's weights or values do to a region is not asked here.
 */
import {isZero, lastMask, lowestBit, orShifted, wordsFor} from './bits';
import {requireObject} from './checks';
import {ownRegion, Region} from './region';
import {resolveWindow, type Pair, type ResolvedWindow, type Window} from './window';

/**
 * The outputs affected: those whose window holds a pixel of the region.
 * @param given changed inputs, of the window's input plane
 * @returns a region of the window's output plane
 * @throws RangeError if the region's plane is not the window's input, or the window is not valid
 */
export function propagate(given: Region, window: Window | ResolvedWindow): Region {
  const region = ownRegion('propagate: the region', given);
  const resolved = resolvedWindow(window);
  requireSide('propagate', region, resolved.input, 'input');
  if (isIdentity(resolved)) return region.clone();

  const {kernel, strides, dilations, pad} = resolved;
  const out = new Region(...resolved.output);
  const padded = new Uint32Array(wordsFor(pad.left + region.width + pad.right));
  const row = strides[1] === 1 ? padded : new Uint32Array(out.wordsPerRow);
  for (let y = 0; y < region.height; y++) {
    const start = y * region.wordsPerRow;
    if (isZero(region.words, start, region.wordsPerRow)) continue;
    padded.fill(0);
    orShifted(padded, 0, padded.length, region.words, start, region.wordsPerRow, pad.left);
    spread(padded, kernel[1], -dilations[1]);
    if (row !== padded) thinOut(padded, strides[1], row);
    row[out.wordsPerRow - 1] &= lastMask(out.width);
    for (let k = 0; k < kernel[0]; k++) {
      const outY = (y + pad.top - k * dilations[0]) / strides[0];
      if (outY < 0) break;
      if (outY < out.height && Number.isInteger(outY)) orRow(out, outY, row);
    }
  }
  return out;
}

/**
 * The inputs needed: the pixels of the input plane that lie in the window of any of these outputs.
 * @param given outputs, of the window's output plane
 * @returns a region of the window's input plane
 * @throws RangeError if the region's plane is not the window's output, or the window is not valid
 */
export function receptiveField(given: Region, window: Window | ResolvedWindow): Region {
  const region = ownRegion('receptiveField: the region', given);
  const resolved = resolvedWindow(window);
  requireSide('receptiveField', region, resolved.output, 'output');
  if (isIdentity(resolved)) return region.clone();

  const {kernel, strides, dilations, pad} = resolved;
  const out = new Region(...resolved.input);
  const padded = new Uint32Array(wordsFor(pad.left + out.width + pad.right));
  const row = new Uint32Array(out.wordsPerRow);
  for (let y = 0; y < region.height; y++) {
    const start = y * region.wordsPerRow;
    if (isZero(region.words, start, region.wordsPerRow)) continue;
    spaceOut(region.words, start, region.wordsPerRow, strides[1], padded);
    spread(padded, kernel[1], dilations[1]);
    row.fill(0);
    orShifted(row, 0, row.length, padded, 0, padded.length, -pad.left);
    row[row.length - 1] &= lastMask(out.width);
    for (let k = 0; k < kernel[0]; k++) {
      const inY = y * strides[0] - pad.top + k * dilations[0];
      if (inY >= out.height) break;
      if (inY >= 0) orRow(out, inY, row);
    }
  }
  return out;
}

function resolvedWindow(window: Window | ResolvedWindow): ResolvedWindow {
  requireObject('Window', window, 'an object like {input, kernel}');
  return 'pad' in window ? window : resolveWindow(window);
}

/** Not where the planes differ: a transposed window's input may be larger than what its outputs read. */
function isIdentity({input, output, kernel, strides, pad}: ResolvedWindow): boolean {
  const padding = pad.top + pad.bottom + pad.left + pad.right;
  const isSame = input[0] === output[0] && input[1] === output[1];
  return isSame && padding === 0 && [...kernel, ...strides].every((n) => n === 1);
}

/** Sets every bit's copies at 0, `step`, … `(taps - 1) * step` columns from it. Copies double with each pass. */
function spread(row: Uint32Array, taps: number, step: number): void {
  for (let done = 1; done < taps;) {
    const more = Math.min(done, taps - done);
    orShifted(row, 0, row.length, row, 0, row.length, more * step);
    done += more;
  }
}

/** `target` becomes every `stride`-th bit of `row`, from column 0 on, as far as both go. */
function thinOut(row: Uint32Array, stride: number, target: Uint32Array): void {
  target.fill(0);
  if (stride === 2) {
    for (let i = 0; i < Math.min(row.length, 2 * target.length); i++) {
      target[i >>> 1] |= evenBits(row[i]) << ((i & 1) * 16);
    }
    return;
  }
  const end = Math.min(target.length * 32, Math.ceil((row.length * 32) / stride));
  for (let x = 0, from = 0; x < end; x++, from += stride) {
    target[x >>> 5] |= ((row[from >>> 5] >>> (from & 31)) & 1) << (x & 31);
  }
}

/** `target` becomes the row with its bits moved `stride` times as far from column 0; it must have room for them. */
function spaceOut(
  words: Uint32Array,
  start: number,
  count: number,
  stride: number,
  target: Uint32Array,
): void {
  target.fill(0);
  if (stride === 1) {
    orShifted(target, 0, target.length, words, start, count, 0);
    return;
  }
  if (stride === 2) {
    for (let i = 0; i < Math.min(target.length, 2 * count); i++) {
      target[i] = spacedBits(words[start + (i >>> 1)] >>> ((i & 1) * 16));
    }
    return;
  }
  for (let i = 0; i < count; i++) {
    for (let word = words[start + i] | 0; word !== 0; word &= word - 1) {
      const to = (i * 32 + lowestBit(word)) * stride;
      target[to >>> 5] |= 1 << (to & 31);
    }
  }
}

/** Bits 0, 2, … 30 of a word, moved together into bits 0 to 15. */
function evenBits(word: number): number {
  let v = word & 0x55555555;
  v = (v | (v >>> 1)) & 0x33333333;
  v = (v | (v >>> 2)) & 0x0f0f0f0f;
  v = (v | (v >>> 4)) & 0x00ff00ff;
  return (v | (v >>> 8)) & 0xffff;
}

/** Bits 0 to 15 of a word, moved apart into bits 0, 2, … 30. */
function spacedBits(word: number): number {
  let v = word & 0xffff;
  v = (v | (v << 8)) & 0x00ff00ff;
  v = (v | (v << 4)) & 0x0f0f0f0f;
  v = (v | (v << 2)) & 0x33333333;
  return (v | (v << 1)) & 0x55555555;
}

function orRow(region: Region, y: number, row: Uint32Array): void {
  const start = y * region.wordsPerRow;
  for (let i = 0; i < region.wordsPerRow; i++) region.words[start + i] |= row[i];
}

function requireSide(who: string, region: Region, [height, width]: Pair, side: string): void {
  if (region.height === height && region.width === width) return;
  throw new RangeError(
    `${who}: the window's ${side} plane is ${height}×${width}, but the region's is ${region.height}×${region.width}.`,
  );
}
