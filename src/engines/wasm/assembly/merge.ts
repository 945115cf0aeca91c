/** Merging inputs element by element: two in place, or any number one after another into the result so far. */
import {ADD, COPY, DIVIDE, EQUAL, MAXIMUM, MINIMUM, MULTIPLY, SUBTRACT} from './kinds';
import {clamp, laneMask, within} from './vector';

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
 * @call from n onePixel to
 * @split n where channels % 4 === 0: from 4, to 4 * channels
 * @cost 8 * channels
 */
export function fold(
  fn: i32,
  from: usize,
  n: i32,
  channels: i32,
  oneChannel: i32,
  onePixel: usize,
  to: usize,
): void {
  switch (fn) {
    case ADD:
      return foldPixels(ADD, from, n, channels, oneChannel, onePixel, to);
    case SUBTRACT:
      return foldPixels(SUBTRACT, from, n, channels, oneChannel, onePixel, to);
    case MULTIPLY:
      return foldPixels(MULTIPLY, from, n, channels, oneChannel, onePixel, to);
    case EQUAL:
      return foldPixels(EQUAL, from, n, channels, oneChannel, onePixel, to);
    case DIVIDE:
      return foldPixels(DIVIDE, from, n, channels, oneChannel, onePixel, to);
    case MAXIMUM:
      return foldPixels(MAXIMUM, from, n, channels, oneChannel, onePixel, to);
    case MINIMUM:
      return foldPixels(MINIMUM, from, n, channels, oneChannel, onePixel, to);
    case COPY:
      return foldPixels(COPY, from, n, channels, oneChannel, onePixel, to);
  }
}

// @ts-ignore: decorator
@inline
function pairPixel(
  fn: i32, a: usize, oneA: bool, b: usize, oneB: bool, whole: usize, rest: v128, low: v128, high: v128, to: usize,
): bool {
  let differs = i32x4.splat(0);
  for (let c: usize = 0; c < whole; c += 16) {
    const value = clamp(apply(fn, operand(oneA, a, c), operand(oneB, b, c)), low, high);
    differs = v128.or(differs, v128.xor(value, v128.load(to + c)));
    v128.store(to + c, value);
  }
  if (v128.any_true(rest)) {
    const old = v128.load(to + whole);
    const value = clamp(apply(fn, operand(oneA, a, whole), operand(oneB, b, whole)), low, high);
    const kept = v128.bitselect(value, old, rest);
    differs = v128.or(differs, v128.xor(kept, old));
    v128.store(to + whole, kept);
  }
  return v128.any_true(differs);
}

/** Whether any channel is over its tolerance; looks no further than it has to, and writes nothing. */
// @ts-ignore: decorator
@inline
function isOver(
  fn: i32, a: usize, oneA: bool, b: usize, oneB: bool, whole: usize, rest: v128, low: v128, high: v128, tolerance: usize,
  to: usize,
): bool {
  for (let c: usize = 0; c < whole; c += 16) {
    const value = clamp(apply(fn, operand(oneA, a, c), operand(oneB, b, c)), low, high);
    if (!i32x4.all_true(within(value, v128.load(to + c), v128.load(tolerance + c)))) return true;
  }
  if (!v128.any_true(rest)) return false;
  const value = clamp(apply(fn, operand(oneA, a, whole), operand(oneB, b, whole)), low, high);
  return v128.any_true(v128.andnot(rest, within(value, v128.load(to + whole), v128.load(tolerance + whole))));
}

// @ts-ignore: decorator
@inline
function pairPixels(
  fn: i32, a: usize, oneA: i32, b: usize, oneB: i32, n: i32, C: i32, low: v128, high: v128, tolerance: usize,
  output: usize, flags: usize,
): void {
  const whole = (<usize>(C & ~3)) << 2;
  const rest = laneMask(C & 3);
  for (let i = 0; i < n; i++, a += 4, b += 4, output += 4) {
    const p: usize = load<u32>(a), q: usize = load<u32>(b), to: usize = load<u32>(output);
    const over = tolerance !== 0;
    if (over && !isOver(fn, p, <bool>oneA, q, <bool>oneB, whole, rest, low, high, tolerance, to)) {
      store<u8>(flags + i, 0);
      continue;
    }
    const differs = oneA | oneB
      ? pairPixel(fn, p, <bool>oneA, q, <bool>oneB, whole, rest, low, high, to)
      : pairPixel(fn, p, false, q, false, whole, rest, low, high, to);
    store<u8>(flags + i, <u8>(over || differs));
  }
}

/**
 * The listed pixels, in place: fn(a, b) within [low, high]. `a` and `b` list the inputs' pixels, of C channels each or of
 * one for all. A pixel's flag says whether any bit differs from what was there; with tolerances (an address, not 0), one a channel,
 * whether any channel is over its own: else the pixel stays as it was.
 * @call a b n tolerance output flags
 * @split n where channels % 4 === 0: a 4, b 4, output 4, flags 1
 * @cost 8 * channels
 */
export function mergePair(
  fn: i32,
  a: usize,
  oneA: i32,
  b: usize,
  oneB: i32,
  n: i32,
  channels: i32,
  low: f32,
  high: f32,
  tolerance: usize,
  output: usize,
  flags: usize,
): void {
  const l = f32x4.splat(low);
  const h = f32x4.splat(high);
  switch (fn) {
    case ADD:
      return pairPixels(ADD, a, oneA, b, oneB, n, channels, l, h, tolerance, output, flags);
    case SUBTRACT:
      return pairPixels(SUBTRACT, a, oneA, b, oneB, n, channels, l, h, tolerance, output, flags);
    case MULTIPLY:
      return pairPixels(MULTIPLY, a, oneA, b, oneB, n, channels, l, h, tolerance, output, flags);
    case COPY:
      return pairPixels(COPY, a, oneA, b, oneB, n, channels, l, h, tolerance, output, flags);
    case DIVIDE:
      return pairPixels(DIVIDE, a, oneA, b, oneB, n, channels, l, h, tolerance, output, flags);
    case EQUAL:
      return pairPixels(EQUAL, a, oneA, b, oneB, n, channels, l, h, tolerance, output, flags);
    case MAXIMUM:
      return pairPixels(MAXIMUM, a, oneA, b, oneB, n, channels, l, h, tolerance, output, flags);
    case MINIMUM:
      return pairPixels(MINIMUM, a, oneA, b, oneB, n, channels, l, h, tolerance, output, flags);
  }
}

/** `count` floats times `factor`. May touch up to 12 bytes past the end. */
export function scaleInPlace(at: usize, count: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  for (const end = at + ((<usize>count) << 2); at < end; at += 16)
    v128.store(at, f32x4.mul(v128.load(at), by));
}
