/** Merging inputs element by element, one input after another into the result so far. */
import {ADD, COPY, DIVIDE, EQUAL, MAXIMUM, MINIMUM, MULTIPLY, SUBTRACT} from './kinds';
import {laneMask} from './simd';

/** `fn` is a constant, by which the compiler chooses. What is not a number stays so in a maximum and a minimum. */
// @ts-ignore: decorator
@inline
function apply(fn: i32, a: v128, b: v128): v128 {
  if (fn == ADD) return f32x4.add(a, b);
  if (fn == SUBTRACT) return f32x4.sub(a, b);
  if (fn == MULTIPLY) return f32x4.mul(a, b);
  if (fn == DIVIDE) return f32x4.div(a, b);
  if (fn == EQUAL) return v128.and(f32x4.eq(a, b), f32x4.splat(1));
  if (fn == MAXIMUM) return f32x4.max(a, b);
  if (fn == MINIMUM) return f32x4.min(a, b);
  return b;
}

// @ts-ignore: decorator
@inline
function operand(oneChannel: bool, pixel: usize, c: usize): v128 {
  return oneChannel ? v128.load32_splat(pixel) : v128.load(pixel + c);
}

/** The last vector keeps what lies beyond the pixel: it is the next one's result so far. */
// @ts-ignore: decorator
@inline
function foldPixel(fn: i32, oneChannel: bool, pixel: usize, to: usize, last: usize, mask: v128): void {
  for (let c: usize = 0; c < last; c += 16) {
    v128.store(to + c, apply(fn, v128.load(to + c), operand(oneChannel, pixel, c)));
  }
  const old = v128.load(to + last);
  v128.store(to + last, v128.bitselect(apply(fn, old, operand(oneChannel, pixel, last)), old, mask));
}

// @ts-ignore: decorator
@inline
function foldPixels(fn: i32, from: usize, n: i32, C: i32, oneChannel: i32, onePixel: usize, to: usize): void {
  const bytes = (<usize>C) << 2;
  const last = (<usize>((C - 1) >> 2)) << 4;
  const mask = laneMask(((C - 1) & 3) + 1);
  for (let i = 0; i < n; i++, to += bytes) {
    const pixel: usize = onePixel ? onePixel : load<u32>(from + ((<usize>i) << 2));
    if (oneChannel) foldPixel(fn, true, pixel, to, last, mask);
    else foldPixel(fn, false, pixel, to, last, mask);
  }
}

/**
 * `to` = fn(`to`, input). The input's pixels are listed, or `onePixel` for all of them; it has C channels, or one for all
 * of them.
 */
export function fold(
  fn: i32,
  from: usize,
  n: i32,
  C: i32,
  oneChannel: i32,
  onePixel: usize,
  to: usize,
): void {
  switch (fn) {
    case ADD:
      return foldPixels(ADD, from, n, C, oneChannel, onePixel, to);
    case SUBTRACT:
      return foldPixels(SUBTRACT, from, n, C, oneChannel, onePixel, to);
    case MULTIPLY:
      return foldPixels(MULTIPLY, from, n, C, oneChannel, onePixel, to);
    case EQUAL:
      return foldPixels(EQUAL, from, n, C, oneChannel, onePixel, to);
    case DIVIDE:
      return foldPixels(DIVIDE, from, n, C, oneChannel, onePixel, to);
    case MAXIMUM:
      return foldPixels(MAXIMUM, from, n, C, oneChannel, onePixel, to);
    case MINIMUM:
      return foldPixels(MINIMUM, from, n, C, oneChannel, onePixel, to);
    case COPY:
      return foldPixels(COPY, from, n, C, oneChannel, onePixel, to);
  }
}

/** `count` floats times `factor`. May touch up to 12 bytes past the end. */
export function scaleInPlace(at: usize, count: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  for (const end = at + ((<usize>count) << 2); at < end; at += 16)
    v128.store(at, f32x4.mul(v128.load(at), by));
}
