/**
 * Depthwise convolution of pixels side by side, by windows that overlap: each column of the input is loaded once for
 * all the windows it lies in. Every sum takes its taps in the same order as it does alone.
 */
import {notes} from './notes';
import {clamp, laneMask, madd, storeLanes} from './vector';

/** Pixels at a time for windows of this width, as many as pay on most hosts; 0 where there is no kernel. */
export function neighboursFor(width: i32): i32 {
  return width == 3 ? 4 : width == 5 ? 8 : 0;
}

/** Whether the listed pixels follow each other `step` bytes apart. */
export function areNeighbours(list: usize, count: i32, step: usize): bool {
  let at: usize = load<u32>(list);
  for (let i = 1; i < count; i++) {
    at += step;
    if (load<u32>(list + (<usize>i << 2)) != <u32>at) return false;
  }
  return true;
}

/** One vector of a listed pixel: the lanes of the mask are written, and the flag is set where any bit of theirs differs. */
// @ts-ignore: decorator
@inline
function put(listed: usize, c: usize, value: v128, isWhole: bool, mask: v128, flag: usize): void {
  const at = <usize>load<u32>(listed) + c;
  if (!notes && isWhole) return v128.store(at, value);
  const old = v128.load(at);
  const differs = v128.xor(value, old);
  if (isWhole) v128.store(at, value);
  else storeLanes(at, value, mask);
  if (v128.any_true(isWhole ? differs : v128.and(differs, mask))) store<u8>(flag, 1);
}

function fourBy3(
  from: usize, step: usize, C: i32, taps: usize, rows: i32, filter: usize,
  low: v128, high: v128, output: usize, flags: usize,
): void {
  const end = (<usize>C) << 2;
  const endOfRows = taps + (<usize>rows) * 12;
  let w = filter;
  store<u32>(flags, 0);
  for (let c: usize = 0; c < end; c += 16) {
    let a0 = v128.load(w);
    let a1 = a0, a2 = a0, a3 = a0;
    w += 16;
    for (let row = taps; row < endOfRows; row += 12) {
      let p = from + c + <usize>load<u32>(row);
      const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32);
      w += 48;
      let x: v128;
      x = v128.load(p);
      a0 = madd(a0, x, w0);
      p += step;
      x = v128.load(p);
      a0 = madd(a0, x, w1);
      a1 = madd(a1, x, w0);
      p += step;
      x = v128.load(p);
      a0 = madd(a0, x, w2);
      a1 = madd(a1, x, w1);
      a2 = madd(a2, x, w0);
      p += step;
      x = v128.load(p);
      a1 = madd(a1, x, w2);
      a2 = madd(a2, x, w1);
      a3 = madd(a3, x, w0);
      p += step;
      x = v128.load(p);
      a2 = madd(a2, x, w2);
      a3 = madd(a3, x, w1);
      p += step;
      x = v128.load(p);
      a3 = madd(a3, x, w2);
    }
    const lanes = C - <i32>(c >> 2);
    const isWhole = lanes >= 4;
    const mask = laneMask(lanes);
    put(output, c, clamp(a0, low, high), isWhole, mask, flags);
    put(output + 4, c, clamp(a1, low, high), isWhole, mask, flags + 1);
    put(output + 8, c, clamp(a2, low, high), isWhole, mask, flags + 2);
    put(output + 12, c, clamp(a3, low, high), isWhole, mask, flags + 3);
  }
}

function eightBy5(
  from: usize, step: usize, C: i32, taps: usize, rows: i32, filter: usize,
  low: v128, high: v128, output: usize, flags: usize,
): void {
  const end = (<usize>C) << 2;
  const endOfRows = taps + (<usize>rows) * 20;
  let w = filter;
  store<u64>(flags, 0);
  for (let c: usize = 0; c < end; c += 16) {
    let a0 = v128.load(w);
    let a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
    w += 16;
    for (let row = taps; row < endOfRows; row += 20) {
      let p = from + c + <usize>load<u32>(row);
      const w0 = v128.load(w), w1 = v128.load(w, 16), w2 = v128.load(w, 32), w3 = v128.load(w, 48), w4 = v128.load(w, 64);
      w += 80;
      let x: v128;
      x = v128.load(p);
      a0 = madd(a0, x, w0);
      p += step;
      x = v128.load(p);
      a0 = madd(a0, x, w1);
      a1 = madd(a1, x, w0);
      p += step;
      x = v128.load(p);
      a0 = madd(a0, x, w2);
      a1 = madd(a1, x, w1);
      a2 = madd(a2, x, w0);
      p += step;
      x = v128.load(p);
      a0 = madd(a0, x, w3);
      a1 = madd(a1, x, w2);
      a2 = madd(a2, x, w1);
      a3 = madd(a3, x, w0);
      p += step;
      x = v128.load(p);
      a0 = madd(a0, x, w4);
      a1 = madd(a1, x, w3);
      a2 = madd(a2, x, w2);
      a3 = madd(a3, x, w1);
      a4 = madd(a4, x, w0);
      p += step;
      x = v128.load(p);
      a1 = madd(a1, x, w4);
      a2 = madd(a2, x, w3);
      a3 = madd(a3, x, w2);
      a4 = madd(a4, x, w1);
      a5 = madd(a5, x, w0);
      p += step;
      x = v128.load(p);
      a2 = madd(a2, x, w4);
      a3 = madd(a3, x, w3);
      a4 = madd(a4, x, w2);
      a5 = madd(a5, x, w1);
      a6 = madd(a6, x, w0);
      p += step;
      x = v128.load(p);
      a3 = madd(a3, x, w4);
      a4 = madd(a4, x, w3);
      a5 = madd(a5, x, w2);
      a6 = madd(a6, x, w1);
      a7 = madd(a7, x, w0);
      p += step;
      x = v128.load(p);
      a4 = madd(a4, x, w4);
      a5 = madd(a5, x, w3);
      a6 = madd(a6, x, w2);
      a7 = madd(a7, x, w1);
      p += step;
      x = v128.load(p);
      a5 = madd(a5, x, w4);
      a6 = madd(a6, x, w3);
      a7 = madd(a7, x, w2);
      p += step;
      x = v128.load(p);
      a6 = madd(a6, x, w4);
      a7 = madd(a7, x, w3);
      p += step;
      x = v128.load(p);
      a7 = madd(a7, x, w4);
    }
    const lanes = C - <i32>(c >> 2);
    const isWhole = lanes >= 4;
    const mask = laneMask(lanes);
    put(output, c, clamp(a0, low, high), isWhole, mask, flags);
    put(output + 4, c, clamp(a1, low, high), isWhole, mask, flags + 1);
    put(output + 8, c, clamp(a2, low, high), isWhole, mask, flags + 2);
    put(output + 12, c, clamp(a3, low, high), isWhole, mask, flags + 3);
    put(output + 16, c, clamp(a4, low, high), isWhole, mask, flags + 4);
    put(output + 20, c, clamp(a5, low, high), isWhole, mask, flags + 5);
    put(output + 24, c, clamp(a6, low, high), isWhole, mask, flags + 6);
    put(output + 28, c, clamp(a7, low, high), isWhole, mask, flags + 7);
  }
}

/**
 * @param from address of the first pixel's first tap; `step` is the way from a pixel, and from a tap of a row, to the next
 * @param taps distances of all taps from the first one, of which those that begin a row are looked at
 */
export function neighbours(
  width: i32, from: usize, step: usize, C: i32, taps: usize, rows: i32, filter: usize,
  low: v128, high: v128, output: usize, flags: usize,
): void {
  if (width == 3) fourBy3(from, step, C, taps, rows, filter, low, high, output, flags);
  else eightBy5(from, step, C, taps, rows, filter, low, high, output, flags);
}
