/**
 * The convolution: groups of listed pixels × 8 output channels, all sums in registers, written in place.
 *
 * A pixel's window is a few rows of taps, and each row one run of values that lie one after the other (or, where the taps
 * are dilated, a run for each tap). So for every pixel of a group one pointer moves along, and one pointer for all moves along the
 * packed filter. Each sum adds its products in the same order whatever the group, so that a pixel's bits do not
 * depend on its neighbours in the list.
 *
 * The packed filter: for each block of 8 output channels (the last one may be of 4) the bias, then for each tap and
 * input channel the 8 values. Channels beyond the last are zeros, and never written.
 */
import {clamp, laneMask, madd} from './vector';

/** Pixels that all blocks of channels see before the next ones: their inputs stay in the processor's cache. */
const CHUNK = 96;

/** Writes two vectors of a pixel's channels, the second one where `lanes` has bits; notes whether anything changed. */
// @ts-ignore: decorator
@inline
function put8(to: usize, flag: usize, a: v128, b: v128, lanes: v128): void {
  const oldA = v128.load(to);
  const oldB = v128.load(to, 16);
  const newB = v128.bitselect(b, oldB, lanes);
  const differs = v128.or(v128.xor(a, oldA), v128.xor(newB, oldB));
  v128.store(to, a);
  v128.store(to, newB, 16);
  store<u8>(flag, load<u8>(flag) | (v128.any_true(differs) as u8));
}

// @ts-ignore: decorator
@inline
function put4(to: usize, flag: usize, a: v128, lanes: v128): void {
  const old = v128.load(to);
  const value = v128.bitselect(a, old, lanes);
  v128.store(to, value);
  store<u8>(flag, load<u8>(flag) | (v128.any_true(v128.xor(value, old)) as u8));
}

// @ts-ignore: decorator
@inline
function at(list: usize, i: i32): usize {
  return load<u32>(list + ((i as usize) << 2)) as usize;
}

/** 6 pixels × 8 channels. Only with a fused multiply-add are 12 sums worth their registers. */
function tile6x8(
  input: usize, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize, lanes: v128,
): void {
  let p0 = at(input, 0), p1 = at(input, 1), p2 = at(input, 2), p3 = at(input, 3), p4 = at(input, 4), p5 = at(input, 5);
  let a0 = v128.load(w), b0 = v128.load(w, 16);
  let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0, a4 = a0, b4 = b0, a5 = a0, b5 = b0;
  w += 32;
  for (let ky = 0; ky < rows; ky++) {
    for (let r = 0; r < runs; r++) {
      for (const end = p0 + runBytes; p0 < end; w += 32) {
        const wa = v128.load(w), wb = v128.load(w, 16);
        const x0 = v128.load32_splat(p0);
        a0 = madd(a0, x0, wa);
        b0 = madd(b0, x0, wb);
        const x1 = v128.load32_splat(p1);
        a1 = madd(a1, x1, wa);
        b1 = madd(b1, x1, wb);
        const x2 = v128.load32_splat(p2);
        a2 = madd(a2, x2, wa);
        b2 = madd(b2, x2, wb);
        const x3 = v128.load32_splat(p3);
        a3 = madd(a3, x3, wa);
        b3 = madd(b3, x3, wb);
        const x4 = v128.load32_splat(p4);
        a4 = madd(a4, x4, wa);
        b4 = madd(b4, x4, wb);
        const x5 = v128.load32_splat(p5);
        a5 = madd(a5, x5, wa);
        b5 = madd(b5, x5, wb);
        p0 += 4;
        p1 += 4;
        p2 += 4;
        p3 += 4;
        p4 += 4;
        p5 += 4;
      }
      p0 += runSkip;
      p1 += runSkip;
      p2 += runSkip;
      p3 += runSkip;
      p4 += runSkip;
      p5 += runSkip;
    }
    p0 += rowSkip;
    p1 += rowSkip;
    p2 += rowSkip;
    p3 += rowSkip;
    p4 += rowSkip;
    p5 += rowSkip;
  }
  put8(at(output, 0) + channel, flags, clamp(a0, low, high), clamp(b0, low, high), lanes);
  put8(at(output, 1) + channel, flags + 1, clamp(a1, low, high), clamp(b1, low, high), lanes);
  put8(at(output, 2) + channel, flags + 2, clamp(a2, low, high), clamp(b2, low, high), lanes);
  put8(at(output, 3) + channel, flags + 3, clamp(a3, low, high), clamp(b3, low, high), lanes);
  put8(at(output, 4) + channel, flags + 4, clamp(a4, low, high), clamp(b4, low, high), lanes);
  put8(at(output, 5) + channel, flags + 5, clamp(a5, low, high), clamp(b5, low, high), lanes);
}

function tile4x8(
  input: usize, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize, lanes: v128,
): void {
  let p0 = at(input, 0), p1 = at(input, 1), p2 = at(input, 2), p3 = at(input, 3);
  let a0 = v128.load(w), b0 = v128.load(w, 16);
  let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0;
  w += 32;
  for (let ky = 0; ky < rows; ky++) {
    for (let r = 0; r < runs; r++) {
      for (const end = p0 + runBytes; p0 < end; w += 32) {
        const wa = v128.load(w), wb = v128.load(w, 16);
        const x0 = v128.load32_splat(p0);
        a0 = madd(a0, x0, wa);
        b0 = madd(b0, x0, wb);
        const x1 = v128.load32_splat(p1);
        a1 = madd(a1, x1, wa);
        b1 = madd(b1, x1, wb);
        const x2 = v128.load32_splat(p2);
        a2 = madd(a2, x2, wa);
        b2 = madd(b2, x2, wb);
        const x3 = v128.load32_splat(p3);
        a3 = madd(a3, x3, wa);
        b3 = madd(b3, x3, wb);
        p0 += 4;
        p1 += 4;
        p2 += 4;
        p3 += 4;
      }
      p0 += runSkip;
      p1 += runSkip;
      p2 += runSkip;
      p3 += runSkip;
    }
    p0 += rowSkip;
    p1 += rowSkip;
    p2 += rowSkip;
    p3 += rowSkip;
  }
  put8(at(output, 0) + channel, flags, clamp(a0, low, high), clamp(b0, low, high), lanes);
  put8(at(output, 1) + channel, flags + 1, clamp(a1, low, high), clamp(b1, low, high), lanes);
  put8(at(output, 2) + channel, flags + 2, clamp(a2, low, high), clamp(b2, low, high), lanes);
  put8(at(output, 3) + channel, flags + 3, clamp(a3, low, high), clamp(b3, low, high), lanes);
}

function tile2x8(
  input: usize, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize, lanes: v128,
): void {
  let p0 = at(input, 0), p1 = at(input, 1);
  let a0 = v128.load(w), b0 = v128.load(w, 16);
  let a1 = a0, b1 = b0;
  w += 32;
  for (let ky = 0; ky < rows; ky++) {
    for (let r = 0; r < runs; r++) {
      for (const end = p0 + runBytes; p0 < end; w += 32) {
        const wa = v128.load(w), wb = v128.load(w, 16);
        const x0 = v128.load32_splat(p0);
        a0 = madd(a0, x0, wa);
        b0 = madd(b0, x0, wb);
        const x1 = v128.load32_splat(p1);
        a1 = madd(a1, x1, wa);
        b1 = madd(b1, x1, wb);
        p0 += 4;
        p1 += 4;
      }
      p0 += runSkip;
      p1 += runSkip;
    }
    p0 += rowSkip;
    p1 += rowSkip;
  }
  put8(at(output, 0) + channel, flags, clamp(a0, low, high), clamp(b0, low, high), lanes);
  put8(at(output, 1) + channel, flags + 1, clamp(a1, low, high), clamp(b1, low, high), lanes);
}

function tile1x8(
  input: usize, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize, lanes: v128,
): void {
  let p0 = at(input, 0);
  let a0 = v128.load(w), b0 = v128.load(w, 16);
  w += 32;
  for (let ky = 0; ky < rows; ky++) {
    for (let r = 0; r < runs; r++) {
      for (const end = p0 + runBytes; p0 < end; w += 32) {
        const x0 = v128.load32_splat(p0);
        a0 = madd(a0, x0, v128.load(w));
        b0 = madd(b0, x0, v128.load(w, 16));
        p0 += 4;
      }
      p0 += runSkip;
    }
    p0 += rowSkip;
  }
  put8(at(output, 0) + channel, flags, clamp(a0, low, high), clamp(b0, low, high), lanes);
}

function tile4x4(
  input: usize, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize, lanes: v128,
): void {
  let p0 = at(input, 0), p1 = at(input, 1), p2 = at(input, 2), p3 = at(input, 3);
  let a0 = v128.load(w);
  let a1 = a0, a2 = a0, a3 = a0;
  w += 16;
  for (let ky = 0; ky < rows; ky++) {
    for (let r = 0; r < runs; r++) {
      for (const end = p0 + runBytes; p0 < end; w += 16) {
        const wa = v128.load(w);
        a0 = madd(a0, v128.load32_splat(p0), wa);
        a1 = madd(a1, v128.load32_splat(p1), wa);
        a2 = madd(a2, v128.load32_splat(p2), wa);
        a3 = madd(a3, v128.load32_splat(p3), wa);
        p0 += 4;
        p1 += 4;
        p2 += 4;
        p3 += 4;
      }
      p0 += runSkip;
      p1 += runSkip;
      p2 += runSkip;
      p3 += runSkip;
    }
    p0 += rowSkip;
    p1 += rowSkip;
    p2 += rowSkip;
    p3 += rowSkip;
  }
  put4(at(output, 0) + channel, flags, clamp(a0, low, high), lanes);
  put4(at(output, 1) + channel, flags + 1, clamp(a1, low, high), lanes);
  put4(at(output, 2) + channel, flags + 2, clamp(a2, low, high), lanes);
  put4(at(output, 3) + channel, flags + 3, clamp(a3, low, high), lanes);
}

function tile1x4(
  input: usize, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize, lanes: v128,
): void {
  let p0 = at(input, 0);
  let a0 = v128.load(w);
  w += 16;
  for (let ky = 0; ky < rows; ky++) {
    for (let r = 0; r < runs; r++) {
      for (const end = p0 + runBytes; p0 < end; w += 16) {
        a0 = madd(a0, v128.load32_splat(p0), v128.load(w));
        p0 += 4;
      }
      p0 += runSkip;
    }
    p0 += rowSkip;
  }
  put4(at(output, 0) + channel, flags, clamp(a0, low, high), lanes);
}

/**
 * Computes the listed pixels.
 * @param input address of each pixel's first tap; where there is padding, its zeros are in memory
 * @param rows rows of taps; `runs` is the runs in each, `runBytes` the length of a run, `runSkip` the way from its end to
 *   the next one's start, and `rowSkip` what is left to the next row after that
 * @param output address of each pixel's first output channel
 * @param flags a byte a pixel: set to 1 where any value changed
 * @call input n output flags
 */
export function conv(
  input: usize, n: i32,
  filter: usize, channels: i32,
  rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32,
  low: f32, high: f32,
  output: usize, flags: usize,
): void {
  memory.fill(flags, 0, n);
  const l = f32x4.splat(low);
  const h = f32x4.splat(high);
  const values = (rows * runs * runBytes) >>> 2;
  for (let first = 0; first < n; first += CHUNK) {
    const count = min(CHUNK, n - first);
    const list = input + ((first as usize) << 2);
    const to = output + ((first as usize) << 2);
    let w = filter;
    let c = 0;
    for (; channels - c > 4; c += 8, w += (values + 1) << 5) {
      const lanes = laneMask(min(4, channels - c - 4));
      block8(list, count, w, rows, rowSkip, runs, runBytes, runSkip, l, h, to, (c as usize) << 2, flags + first, lanes);
    }
    if (c < channels) {
      block4(list, count, w, rows, rowSkip, runs, runBytes, runSkip, l, h, to, (c as usize) << 2, flags + first, laneMask(channels - c));
    }
  }
}

function block8(
  input: usize, n: i32, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize, lanes: v128,
): void {
  let i = 0;
  if (ASC_FEATURE_RELAXED_SIMD) {
    for (; i + 6 <= n; i += 6, input += 24, output += 24, flags += 6) {
      tile6x8(input, w, rows, rowSkip, runs, runBytes, runSkip, low, high, output, channel, flags, lanes);
    }
  }
  for (; i + 4 <= n; i += 4, input += 16, output += 16, flags += 4) {
    tile4x8(input, w, rows, rowSkip, runs, runBytes, runSkip, low, high, output, channel, flags, lanes);
  }
  for (; i + 2 <= n; i += 2, input += 8, output += 8, flags += 2) {
    tile2x8(input, w, rows, rowSkip, runs, runBytes, runSkip, low, high, output, channel, flags, lanes);
  }
  if (i < n) tile1x8(input, w, rows, rowSkip, runs, runBytes, runSkip, low, high, output, channel, flags, lanes);
}

function block4(
  input: usize, n: i32, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: v128, high: v128, output: usize, channel: usize, flags: usize, lanes: v128,
): void {
  let i = 0;
  for (; i + 4 <= n; i += 4, input += 16, output += 16, flags += 4) {
    tile4x4(input, w, rows, rowSkip, runs, runBytes, runSkip, low, high, output, channel, flags, lanes);
  }
  for (; i < n; i++, input += 4, output += 4, flags++) {
    tile1x4(input, w, rows, rowSkip, runs, runBytes, runSkip, low, high, output, channel, flags, lanes);
  }
}
