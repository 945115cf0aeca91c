/**
 * Regions as bits: a plane's pixels in 32-bit words, every row from a word of its own, as `Region` has them. Which
 * outputs a change reaches is worked out here, on words; nothing here knows of channels or values.
 */
import {lastMask, wordsFor} from './words';

/** Sets every pixel. */
export function fillMask(mask: usize, height: i32, width: i32): void {
  const words = wordsFor(width);
  const last = lastMask(width);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < words - 1; i++, mask += 4) store<u32>(mask, 0xffffffff);
    store<u32>(mask, last);
    mask += 4;
  }
}

/** Adds the pixels of a mask to another one of as many words. */
export function uniteMask(from: usize, into: usize, words: i32): void {
  for (let i = 0; i < words; i++, from += 4, into += 4) store<u32>(into, load<u32>(into) | load<u32>(from));
}

/** How many pixels are set. */
export function countMask(mask: usize, words: i32): i32 {
  let count = 0;
  for (let i = 0; i < words; i++, mask += 4) count += popcnt(load<u32>(mask)) as i32;
  return count;
}

/** ORs `words` words of the row at `from`, moved by `offset` pixels (output x is input x + offset), into the row at `into`. */
function orShifted(from: usize, offset: i32, into: usize, words: i32): void {
  let at = from + ((offset >> 5) << 2);
  const right = (offset & 31) as u32;
  if (right === 0) {
    for (let i = 0; i < words; i++, at += 4, into += 4) store<u32>(into, load<u32>(into) | load<u32>(at));
    return;
  }
  const left = 32 - right;
  let low = load<u32>(at);
  for (let i = 0; i < words; i++, into += 4) {
    at += 4;
    const high = load<u32>(at);
    store<u32>(into, load<u32>(into) | (low >>> right) | (high << left));
    low = high;
  }
}

/** Every second bit of a word, the even ones, moved together. */
// @ts-ignore: decorator
@inline
function evenBits(word: u32): u32 {
  let x = word & 0x55555555;
  x = (x | (x >>> 1)) & 0x33333333;
  x = (x | (x >>> 2)) & 0x0f0f0f0f;
  x = (x | (x >>> 4)) & 0x00ff00ff;
  return (x | (x >>> 8)) & 0x0000ffff;
}

/** Keeps every `stride`-th pixel of a row of `from`: pixel x of `into` is pixel x × stride. */
function sampleRow(from: usize, into: usize, width: i32, stride: i32): void {
  const words = wordsFor(width);
  if (stride === 2) {
    for (let i = 0; i < words; i++, from += 8, into += 4) {
      store<u32>(into, evenBits(load<u32>(from)) | (evenBits(load<u32>(from, 4)) << 16));
    }
    return;
  }
  memory.fill(into, 0, (words as usize) << 2);
  for (let x = 0, at = 0; x < width; x++, at += stride) {
    if (((load<u32>(from + ((at >>> 5) << 2)) >>> ((at & 31) as u32)) & 1) === 0) continue;
    const word = into + ((x >>> 5) << 2);
    store<u32>(word, load<u32>(word) | (1 << ((x & 31) as u32)));
  }
}

/**
 * The outputs of a window op that read a changed input. `rows` is memory for two rows of `rowBytes`: as wide as the input
 * or the strided output, whichever is wider, and on each side `guard` bytes, so that no shift has to look where it ends.
 * @call from into
 */
export function propagateMask(
  from: usize, height: i32, width: i32,
  into: usize, outHeight: i32, outWidth: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, dh: i32, dw: i32, padTop: i32, padLeft: i32,
  rows: usize, rowBytes: usize, guard: usize,
): void {
  const words = wordsFor(width);
  const outWords = wordsFor(outWidth);
  const reach = (outWidth - 1) * sw + 1;
  const reachWords = sw === 1 ? outWords : wordsFor(reach);
  memory.fill(rows, 0, rowBytes * 2);
  const united = rows + guard;
  const spread = rows + rowBytes + guard;
  const last = lastMask(outWidth);
  for (let oy = 0; oy < outHeight; oy++, into += (outWords as usize) << 2) {
    if (!uniteRows(from, height, words, oy * sh - padTop, kh, dh, united)) {
      memory.fill(into, 0, (outWords as usize) << 2);
      continue;
    }
    const target = sw === 1 ? into : spread;
    memory.fill(target, 0, (reachWords as usize) << 2);
    for (let kx = 0; kx < kw; kx++) orShifted(united, kx * dw - padLeft, target, reachWords);
    if (sw > 1) sampleRow(spread, into, outWidth, sw);
    const end = into + ((outWords - 1) << 2);
    store<u32>(end, load<u32>(end) & last);
  }
}

/** ORs the rows a kernel's taps read; false where nothing in them is set (`into` is then left as it is). */
function uniteRows(from: usize, height: i32, words: i32, top: i32, kh: i32, dh: i32, into: usize): bool {
  let any: u32 = 0;
  let first = true;
  for (let ky = 0; ky < kh; ky++) {
    const y = top + ky * dh;
    if (y < 0 || y >= height) continue;
    let at = from + ((y * words) << 2);
    for (let i = 0; i < words; i++, at += 4) {
      const to = into + ((i as usize) << 2);
      const word = first ? load<u32>(at) : load<u32>(to) | load<u32>(at);
      store<u32>(to, word);
      any |= word;
    }
    first = false;
  }
  return any !== 0;
}

/**
 * ORs a mask, moved by (dy, dx), into another; what leaves the plane is lost. The rest as in propagateMask.
 * @call from into
 */
export function translateMask(
  from: usize, height: i32, width: i32,
  into: usize, outHeight: i32, outWidth: i32,
  dy: i32, dx: i32,
  rows: usize, rowBytes: usize, guard: usize,
): void {
  const words = wordsFor(width);
  const outWords = wordsFor(outWidth);
  const last = lastMask(outWidth);
  memory.fill(rows, 0, rowBytes);
  const row = rows + guard;
  for (let y = max(0, -dy); y < height && y + dy < outHeight; y++) {
    memory.copy(row, from + ((y * words) << 2), (words as usize) << 2);
    const to = into + (((y + dy) * outWords) << 2);
    orShifted(row, -dx, to, outWords);
    const end = to + ((outWords - 1) << 2);
    store<u32>(end, load<u32>(end) & last);
  }
}

/** Sets `length` pixels of a row from column x on. */
function setRun(row: usize, x: i32, length: i32): void {
  for (let end = x + length; x < end; x++) {
    const word = row + ((x >>> 5) << 2);
    store<u32>(word, load<u32>(word) | (1 << ((x & 31) as u32)));
  }
}

/**
 * The pixels that each set pixel (y, x) reaches where an op enlarges by (fh, fw): rows y × fh − beforeY and on for
 * reachY rows, columns likewise, as far as they lie in the output.
 * @call from into
 */
export function spreadMask(
  from: usize, height: i32, width: i32,
  into: usize, outHeight: i32, outWidth: i32,
  fh: i32, fw: i32, reachY: i32, reachX: i32, beforeY: i32, beforeX: i32,
): void {
  const words = wordsFor(width);
  const outWords = wordsFor(outWidth);
  memory.fill(into, 0, ((outHeight * outWords) as usize) << 2);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < words; i++, from += 4) {
      for (let word = load<u32>(from); word !== 0; word &= word - 1) {
        const x = (i << 5) + (ctz(word) as i32);
        const left = max(0, x * fw - beforeX);
        const right = min(outWidth, x * fw - beforeX + reachX);
        const bottom = min(outHeight, y * fh - beforeY + reachY);
        for (let oy = max(0, y * fh - beforeY); oy < bottom; oy++) {
          setRun(into + ((oy * outWords) << 2), left, right - left);
        }
      }
    }
  }
}

/**
 * The same values seen as pixels of another plane: a pixel is set where any of its values belongs to a set one.
 * @call from into
 */
export function reinterpretMask(
  from: usize, height: i32, width: i32, channels: i32,
  into: usize, outHeight: i32, outWidth: i32, outChannels: i32,
): void {
  const words = wordsFor(width);
  const outWords = wordsFor(outWidth);
  memory.fill(into, 0, ((outHeight * outWords) as usize) << 2);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < words; i++, from += 4) {
      for (let word = load<u32>(from); word !== 0; word &= word - 1) {
        const first = (y * width + (i << 5) + (ctz(word) as i32)) * channels;
        const end = (first + channels - 1) / outChannels;
        for (let pixel = first / outChannels; pixel <= end; pixel++) {
          setRun(into + (((pixel / outWidth) * outWords) << 2), pixel % outWidth, 1);
        }
      }
    }
  }
}
