/**
 * The convolution: groups of listed pixels × 8 output channels, all sums in registers, written in place. What is left of
 * the channels is `fewChannels`' work.
 *
 * A pixel's window is a few rows of taps, and each row one run of values that lie one after the other (or, where the taps
 * are dilated, a run for each tap). So for every pixel of a group one pointer moves along, and one pointer for all moves along the
 * packed filter. Each sum adds its products in the same order whatever the group, so that a pixel's bits do not
 * depend on its neighbours in the list. Where a group has fewer pixels than sums, the last one is computed several times:
 * that takes no longer than if its sums were alone, which wait for each other.
 *
 * The packed filter: for each block of 8 output channels the bias, then for each tap and input channel the 8 values; then
 * the blocks of `fewChannels`.
 *
 * How a tile is written decides whether its sums stay in registers. Each has one loop, with the way from run to run in it: an
 * inner loop would be unrolled. It loads the pixels in the reverse of the order in which their sums are read after the
 * loop: TurboFan (V8 before 13) places multiply-adds so. And nothing but sums, pointers and counts is alive around it: the
 * bounds are globals, or Firefox keeps two sums in memory.
 */
import {fewChannels, fewFloats} from './few-channels';
import {notes, setNotes} from './notes';
import {clamp, madd} from './vector';

/** Pixels that all blocks of channels see before the next ones: their inputs stay in the processor's cache. */
const CHUNK = 96;

/** What this call keeps its values between. */
let low: v128 = i32x4(0, 0, 0, 0);
let high: v128 = i32x4(0, 0, 0, 0);

/** Writes 8 of a pixel's channels, kept within the bounds. */
// @ts-ignore: decorator
@inline
function put8(to: usize, flag: usize, a: v128, b: v128): void {
  const newA = clamp(a, low, high);
  const newB = clamp(b, low, high);
  if (!notes) {
    v128.store(to, newA);
    return v128.store(to, newB, 16);
  }
  const differsA = v128.xor(newA, v128.load(to));
  v128.store(to, newA);
  const differsB = v128.xor(newB, v128.load(to, 16));
  v128.store(to, newB, 16);
  store<u8>(flag, load<u8>(flag) | (v128.any_true(v128.or(differsA, differsB)) as u8));
}

// @ts-ignore: decorator
@inline
function at(list: usize, i: i32): usize {
  return load<u32>(list + ((i as usize) << 2)) as usize;
}

/** 6 pixels × 8 channels. Only with a fused multiply-add are 12 sums worth their registers. */
function tile6x8(
  input: usize, last: i32, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  output: usize, channel: usize, flags: usize,
): void {
  const i4 = min(4, last), i5 = min(5, last);
  let p0 = at(input, 0), p1 = at(input, 1), p2 = at(input, 2), p3 = at(input, 3), p4 = at(input, i4), p5 = at(input, i5);
  let a0 = v128.load(w), b0 = v128.load(w, 16);
  let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0, a4 = a0, b4 = b0, a5 = a0, b5 = b0;
  w += 32;
  let run = runs, end = rows > 0 ? p0 + runBytes : p0;
  for (;;) {
    if (p0 < end) {
      const wa = v128.load(w), wb = v128.load(w, 16);
      const x5 = v128.load32_splat(p5);
      a5 = madd(a5, x5, wa);
      b5 = madd(b5, x5, wb);
      const x4 = v128.load32_splat(p4);
      a4 = madd(a4, x4, wa);
      b4 = madd(b4, x4, wb);
      const x3 = v128.load32_splat(p3);
      a3 = madd(a3, x3, wa);
      b3 = madd(b3, x3, wb);
      const x2 = v128.load32_splat(p2);
      a2 = madd(a2, x2, wa);
      b2 = madd(b2, x2, wb);
      const x1 = v128.load32_splat(p1);
      a1 = madd(a1, x1, wa);
      b1 = madd(b1, x1, wb);
      const x0 = v128.load32_splat(p0);
      a0 = madd(a0, x0, wa);
      b0 = madd(b0, x0, wb);
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      p4 += 4;
      p5 += 4;
      w += 32;
      continue;
    }
    let skip = runSkip;
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
    end = p0 + runBytes;
  }
  put8(at(output, 0) + channel, flags, a0, b0);
  put8(at(output, 1) + channel, flags + 1, a1, b1);
  put8(at(output, 2) + channel, flags + 2, a2, b2);
  put8(at(output, 3) + channel, flags + 3, a3, b3);
  put8(at(output, i4) + channel, flags + i4, a4, b4);
  put8(at(output, i5) + channel, flags + i5, a5, b5);
}

function tile4x8(
  input: usize, last: i32, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  output: usize, channel: usize, flags: usize,
): void {
  const i3 = min(3, last);
  let p0 = at(input, 0), p1 = at(input, 1), p2 = at(input, 2), p3 = at(input, i3);
  let a0 = v128.load(w), b0 = v128.load(w, 16);
  let a1 = a0, b1 = b0, a2 = a0, b2 = b0, a3 = a0, b3 = b0;
  w += 32;
  let run = runs, end = rows > 0 ? p0 + runBytes : p0;
  for (;;) {
    if (p0 < end) {
      const wa = v128.load(w), wb = v128.load(w, 16);
      const x3 = v128.load32_splat(p3);
      a3 = madd(a3, x3, wa);
      b3 = madd(b3, x3, wb);
      const x2 = v128.load32_splat(p2);
      a2 = madd(a2, x2, wa);
      b2 = madd(b2, x2, wb);
      const x1 = v128.load32_splat(p1);
      a1 = madd(a1, x1, wa);
      b1 = madd(b1, x1, wb);
      const x0 = v128.load32_splat(p0);
      a0 = madd(a0, x0, wa);
      b0 = madd(b0, x0, wb);
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      w += 32;
      continue;
    }
    let skip = runSkip;
    if (--run == 0) {
      if (--rows <= 0) break;
      skip += rowSkip;
      run = runs;
    }
    p0 += skip;
    p1 += skip;
    p2 += skip;
    p3 += skip;
    end = p0 + runBytes;
  }
  put8(at(output, 0) + channel, flags, a0, b0);
  put8(at(output, 1) + channel, flags + 1, a1, b1);
  put8(at(output, 2) + channel, flags + 2, a2, b2);
  put8(at(output, i3) + channel, flags + i3, a3, b3);
}

function tile2x8(
  input: usize, last: i32, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  output: usize, channel: usize, flags: usize,
): void {
  const i1 = min(1, last);
  let p0 = at(input, 0), p1 = at(input, i1);
  let a0 = v128.load(w), b0 = v128.load(w, 16);
  let a1 = a0, b1 = b0;
  w += 32;
  let run = runs, end = rows > 0 ? p0 + runBytes : p0;
  for (;;) {
    if (p0 < end) {
      const wa = v128.load(w), wb = v128.load(w, 16);
      const x1 = v128.load32_splat(p1);
      a1 = madd(a1, x1, wa);
      b1 = madd(b1, x1, wb);
      const x0 = v128.load32_splat(p0);
      a0 = madd(a0, x0, wa);
      b0 = madd(b0, x0, wb);
      p0 += 4;
      p1 += 4;
      w += 32;
      continue;
    }
    let skip = runSkip;
    if (--run == 0) {
      if (--rows <= 0) break;
      skip += rowSkip;
      run = runs;
    }
    p0 += skip;
    p1 += skip;
    end = p0 + runBytes;
  }
  put8(at(output, 0) + channel, flags, a0, b0);
  put8(at(output, i1) + channel, flags + i1, a1, b1);
}

/**
 * Computes the listed pixels.
 * @param input address of each pixel's first tap; where there is padding, its zeros are in memory
 * @param rows rows of taps; `runs` is the runs in each, `runBytes` the length of a run, `runSkip` the way from its end to
 *   the next one's start, and `rowSkip` what is left to the next row after that
 * @param output address of each pixel's first output channel
 * @param flags a byte a pixel: set to 1 where any value changed
 * @param notes whether the flags are asked for; where it is 0 they say nothing
 * @call input n output flags notes
 * @split n: input 4, output 4, flags 1
 * @cost rows * runs * (runBytes / 4) * channels
 */
export function conv(
  input: usize, n: i32,
  filter: usize, channels: i32,
  rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32,
  low: f32, high: f32,
  output: usize, flags: usize, notes: i32,
): void {
  memory.fill(flags, 0, n);
  setBounds(low, high);
  setNotes(notes);
  const block = ((rows * runs * runBytes) as usize + 4) << 3;
  for (let first = 0; first < n; first += CHUNK) {
    const count = min(CHUNK, n - first);
    const list = input + ((first as usize) << 2);
    const to = output + ((first as usize) << 2);
    let w = filter;
    let c = 0;
    for (; c + 8 <= channels; c += 8, w += block) {
      block8(list, count, w, rows, rowSkip, runs, runBytes, runSkip, to, (c as usize) << 2, flags + first);
    }
    for (let size = 4; c < channels; size >>= 1) {
      if (channels - c < size) continue;
      fewChannels(size, list, count, w, rows, rowSkip, runs, runBytes, runSkip, f32x4.splat(low), f32x4.splat(high), to, (c as usize) << 2, flags + first);
      w += fewFloats(size, rows * runs, runBytes) << 2;
      c += size;
    }
  }
}

function setBounds(least: f32, most: f32): void {
  low = f32x4.splat(least);
  high = f32x4.splat(most);
}

function block8(
  input: usize, n: i32, w: usize, rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  output: usize, channel: usize, flags: usize,
): void {
  let i = 0;
  if (ASC_FEATURE_RELAXED_SIMD) {
    for (; i + 5 <= n; i += 6, input += 24, output += 24, flags += 6) {
      tile6x8(input, n - i - 1, w, rows, rowSkip, runs, runBytes, runSkip, output, channel, flags);
    }
  }
  for (; i + 3 <= n; i += 4, input += 16, output += 16, flags += 4) {
    tile4x8(input, n - i - 1, w, rows, rowSkip, runs, runBytes, runSkip, output, channel, flags);
  }
  if (i < n) tile2x8(input, n - i - 1, w, rows, rowSkip, runs, runBytes, runSkip, output, channel, flags);
}
