/**
 * The convolution for the output channels that are left beside blocks of 8: 4, 2 and 1 of them at a time. Here a vector is 4
 * values of a run, so that a vector of the filter holds no zeros but those at the end of a run. The 4 lanes of a sum
 * are added up last, always in the same order.
 *
 * The packed filter's block: the channels' biases; then for each run and each 4 of its values, the last ones filled up with zeros, a vector
 * for each channel. The loops are written as those of conv.ts, and a group's last pixel is repeated likewise.
 */
import {clamp, laneMask, madd} from './vector';

/** Floats of a packed block of `size` channels. */
export function fewFloats(size: i32, runs: i32, runBytes: i32): i32 {
  return size + ((runs * ((runBytes + 15) >> 4) * size) << 2);
}

/** The sums over the lanes of four vectors. */
// @ts-ignore: decorator
@inline
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return f32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

/** Writes a pixel's channels, and notes whether they changed. */
// @ts-ignore: decorator
@inline
function put4(to: usize, flag: usize, value: v128): void {
  const differs = v128.xor(value, v128.load(to));
  v128.store(to, value);
  store<u8>(flag, load<u8>(flag) | (v128.any_true(differs) as u8));
}

// @ts-ignore: decorator
@inline
function put2(to: usize, flag: usize, value: i64): void {
  const differs = load<i64>(to) != value;
  store<i64>(to, value);
  store<u8>(flag, load<u8>(flag) | (differs as u8));
}

// @ts-ignore: decorator
@inline
function put1(to: usize, flag: usize, value: i32): void {
  const differs = load<i32>(to) != value;
  store<i32>(to, value);
  store<u8>(flag, load<u8>(flag) | (differs as u8));
}

// @ts-ignore: decorator
@inline
function at(list: usize, i: i32): usize {
  return load<u32>(list + ((i as usize) << 2)) as usize;
}

function tile2x4(
  input: usize, last: i32, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize,
): void {
  const i1 = min(1, last);
  let p0 = at(input, 0), p1 = at(input, i1);
  let a0 = v128.load32_zero(w), b0 = v128.load32_zero(w, 4), c0 = v128.load32_zero(w, 8), d0 = v128.load32_zero(w, 12);
  let a1 = a0, b1 = b0, c1 = c0, d1 = d0;
  w += 16;
  const rest = rows > 0 ? runBytes & 15 : 0, mask = laneMask((rest >> 2) as i32);
  let run = runs, end = rows > 0 ? p0 + runBytes - rest : p0;
  for (;;) {
    if (p0 < end) {
      const wa = v128.load(w);
      const wb = v128.load(w, 16);
      const wc = v128.load(w, 32);
      const wd = v128.load(w, 48);
      const x1 = v128.load(p1);
      a1 = madd(a1, x1, wa);
      b1 = madd(b1, x1, wb);
      c1 = madd(c1, x1, wc);
      d1 = madd(d1, x1, wd);
      const x0 = v128.load(p0);
      a0 = madd(a0, x0, wa);
      b0 = madd(b0, x0, wb);
      c0 = madd(c0, x0, wc);
      d0 = madd(d0, x0, wd);
      p0 += 16;
      p1 += 16;
      w += 64;
      continue;
    }
    let skip = rest + runSkip;
    if (rest > 0) {
      const wa = v128.load(w);
      const wb = v128.load(w, 16);
      const wc = v128.load(w, 32);
      const wd = v128.load(w, 48);
      const x1 = v128.and(v128.load(p1), mask);
      a1 = madd(a1, x1, wa);
      b1 = madd(b1, x1, wb);
      c1 = madd(c1, x1, wc);
      d1 = madd(d1, x1, wd);
      const x0 = v128.and(v128.load(p0), mask);
      a0 = madd(a0, x0, wa);
      b0 = madd(b0, x0, wb);
      c0 = madd(c0, x0, wc);
      d0 = madd(d0, x0, wd);
      w += 64;
    }
    if (--run == 0) {
      if (--rows <= 0) break;
      skip += rowSkip;
      run = runs;
    }
    p0 += skip;
    p1 += skip;
    end = p0 + runBytes - rest;
  }
  const first = clamp(sums(a0, b0, c0, d0), low, high);
  const second = clamp(sums(a1, b1, c1, d1), low, high);
  put4(at(output, 0) + channel, flags, first);
  put4(at(output, i1) + channel, flags + i1, second);
}

function tile4x2(
  input: usize, last: i32, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize,
): void {
  const i1 = min(1, last), i2 = min(2, last), i3 = min(3, last);
  let p0 = at(input, 0), p1 = at(input, i1), p2 = at(input, i2), p3 = at(input, i3);
  let a0 = v128.load32_zero(w), b0 = v128.load32_zero(w, 4);
  let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0;
  w += 8;
  const rest = rows > 0 ? runBytes & 15 : 0, mask = laneMask((rest >> 2) as i32);
  let run = runs, end = rows > 0 ? p0 + runBytes - rest : p0;
  for (;;) {
    if (p0 < end) {
      const wa = v128.load(w);
      const wb = v128.load(w, 16);
      const x3 = v128.load(p3);
      a3 = madd(a3, x3, wa);
      b3 = madd(b3, x3, wb);
      const x2 = v128.load(p2);
      a2 = madd(a2, x2, wa);
      b2 = madd(b2, x2, wb);
      const x1 = v128.load(p1);
      a1 = madd(a1, x1, wa);
      b1 = madd(b1, x1, wb);
      const x0 = v128.load(p0);
      a0 = madd(a0, x0, wa);
      b0 = madd(b0, x0, wb);
      p0 += 16;
      p1 += 16;
      p2 += 16;
      p3 += 16;
      w += 32;
      continue;
    }
    let skip = rest + runSkip;
    if (rest > 0) {
      const wa = v128.load(w);
      const wb = v128.load(w, 16);
      const x3 = v128.and(v128.load(p3), mask);
      a3 = madd(a3, x3, wa);
      b3 = madd(b3, x3, wb);
      const x2 = v128.and(v128.load(p2), mask);
      a2 = madd(a2, x2, wa);
      b2 = madd(b2, x2, wb);
      const x1 = v128.and(v128.load(p1), mask);
      a1 = madd(a1, x1, wa);
      b1 = madd(b1, x1, wb);
      const x0 = v128.and(v128.load(p0), mask);
      a0 = madd(a0, x0, wa);
      b0 = madd(b0, x0, wb);
      w += 32;
    }
    if (--run == 0) {
      if (--rows <= 0) break;
      skip += rowSkip;
      run = runs;
    }
    p0 += skip;
    p1 += skip;
    p2 += skip;
    p3 += skip;
    end = p0 + runBytes - rest;
  }
  const first = clamp(sums(a0, b0, a1, b1), low, high);
  const second = clamp(sums(a2, b2, a3, b3), low, high);
  put2(at(output, 0) + channel, flags, i64x2.extract_lane(first, 0));
  put2(at(output, i1) + channel, flags + i1, i64x2.extract_lane(first, 1));
  put2(at(output, i2) + channel, flags + i2, i64x2.extract_lane(second, 0));
  put2(at(output, i3) + channel, flags + i3, i64x2.extract_lane(second, 1));
}

function tile8x1(
  input: usize, last: i32, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize,
): void {
  const i1 = min(1, last), i2 = min(2, last), i3 = min(3, last), i4 = min(4, last), i5 = min(5, last), i6 = min(6, last), i7 = min(7, last);
  let p0 = at(input, 0), p1 = at(input, i1), p2 = at(input, i2), p3 = at(input, i3);
  let p4 = at(input, i4), p5 = at(input, i5), p6 = at(input, i6), p7 = at(input, i7);
  let a0 = v128.load32_zero(w);
  let a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
  w += 4;
  const rest = rows > 0 ? runBytes & 15 : 0, mask = laneMask((rest >> 2) as i32);
  let run = runs, end = rows > 0 ? p0 + runBytes - rest : p0;
  for (;;) {
    if (p0 < end) {
      const wa = v128.load(w);
      const x7 = v128.load(p7);
      a7 = madd(a7, x7, wa);
      const x6 = v128.load(p6);
      a6 = madd(a6, x6, wa);
      const x5 = v128.load(p5);
      a5 = madd(a5, x5, wa);
      const x4 = v128.load(p4);
      a4 = madd(a4, x4, wa);
      const x3 = v128.load(p3);
      a3 = madd(a3, x3, wa);
      const x2 = v128.load(p2);
      a2 = madd(a2, x2, wa);
      const x1 = v128.load(p1);
      a1 = madd(a1, x1, wa);
      const x0 = v128.load(p0);
      a0 = madd(a0, x0, wa);
      p0 += 16;
      p1 += 16;
      p2 += 16;
      p3 += 16;
      p4 += 16;
      p5 += 16;
      p6 += 16;
      p7 += 16;
      w += 16;
      continue;
    }
    let skip = rest + runSkip;
    if (rest > 0) {
      const wa = v128.load(w);
      const x7 = v128.and(v128.load(p7), mask);
      a7 = madd(a7, x7, wa);
      const x6 = v128.and(v128.load(p6), mask);
      a6 = madd(a6, x6, wa);
      const x5 = v128.and(v128.load(p5), mask);
      a5 = madd(a5, x5, wa);
      const x4 = v128.and(v128.load(p4), mask);
      a4 = madd(a4, x4, wa);
      const x3 = v128.and(v128.load(p3), mask);
      a3 = madd(a3, x3, wa);
      const x2 = v128.and(v128.load(p2), mask);
      a2 = madd(a2, x2, wa);
      const x1 = v128.and(v128.load(p1), mask);
      a1 = madd(a1, x1, wa);
      const x0 = v128.and(v128.load(p0), mask);
      a0 = madd(a0, x0, wa);
      w += 16;
    }
    if (--run == 0) {
      if (--rows <= 0) break;
      skip += rowSkip;
      run = runs;
    }
    p0 += skip;
    p1 += skip;
    p2 += skip;
    p3 += skip;
    p4 += skip;
    p5 += skip;
    p6 += skip;
    p7 += skip;
    end = p0 + runBytes - rest;
  }
  const first = clamp(sums(a0, a1, a2, a3), low, high);
  const second = clamp(sums(a4, a5, a6, a7), low, high);
  put1(at(output, 0) + channel, flags, i32x4.extract_lane(first, 0));
  put1(at(output, i1) + channel, flags + i1, i32x4.extract_lane(first, 1));
  put1(at(output, i2) + channel, flags + i2, i32x4.extract_lane(first, 2));
  put1(at(output, i3) + channel, flags + i3, i32x4.extract_lane(first, 3));
  put1(at(output, i4) + channel, flags + i4, i32x4.extract_lane(second, 0));
  put1(at(output, i5) + channel, flags + i5, i32x4.extract_lane(second, 1));
  put1(at(output, i6) + channel, flags + i6, i32x4.extract_lane(second, 2));
  put1(at(output, i7) + channel, flags + i7, i32x4.extract_lane(second, 3));
}

/** Computes `size` channels (4, 2 or 1) of the listed pixels; the rest as in `conv`. */
export function fewChannels(
  size: i32, input: usize, n: i32, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize,
): void {
  const pixels = 8 / size;
  for (let last = n - 1; last >= 0; last -= pixels) {
    if (size == 4) tile2x4(input, last, w, rows, rowSkip, runs, runBytes, runSkip, low, high, output, channel, flags);
    else if (size == 2) tile4x2(input, last, w, rows, rowSkip, runs, runBytes, runSkip, low, high, output, channel, flags);
    else tile8x1(input, last, w, rows, rowSkip, runs, runBytes, runSkip, low, high, output, channel, flags);
    input += pixels << 2;
    output += pixels << 2;
    flags += pixels;
  }
}
