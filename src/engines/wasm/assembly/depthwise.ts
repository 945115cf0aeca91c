/** Depthwise convolution in place, which notes the pixels whose values it changed. */
import {fetchWindows} from './fetch';
import {areNeighbours, neighbours, neighboursFor} from './neighbours';
import {notes, setNotes} from './notes';
import {clamp, laneMask, madd, storeLanes} from './vector';

/** One vector of one pixel with one more tap. */
// @ts-ignore: decorator
@inline
function tap(sum: v128, at: usize, weight: v128): v128 {
  return madd(sum, v128.load(at), weight);
}

/** Stores a vector; returns the bits in which it differs from the one before, if that is noted. */
// @ts-ignore: decorator
@inline
function replace(at: usize, value: v128): v128 {
  if (!notes) {
    v128.store(at, value);
    return value;
  }
  const old = v128.load(at);
  v128.store(at, value);
  return v128.xor(value, old);
}

/** The same for the lanes of a mask: the others are not touched. */
// @ts-ignore: decorator
@inline
function replaceLanes(at: usize, value: v128, mask: v128): v128 {
  const old = v128.load(at);
  storeLanes(at, value, mask);
  return v128.and(v128.xor(value, old), mask);
}

// @ts-ignore: decorator
@inline
function note(flag: usize, difference: v128): void {
  store<u8>(flag, <u8>v128.any_true(difference));
}

/**
 * Four pixels side by side, so that a weight is loaded once for all. Two vectors of channels at a time share the
 * arithmetic of the addresses.
 */
function fourPixels(
  input: usize,
  C: i32,
  taps: usize,
  nTaps: i32,
  filter: usize,
  low: v128,
  high: v128,
  output: usize,
  flags: usize,
): void {
  const from0: usize = load<u32>(input);
  const from1: usize = load<u32>(input, 4);
  const from2: usize = load<u32>(input, 8);
  const from3: usize = load<u32>(input, 12);
  const to0: usize = load<u32>(output);
  const to1: usize = load<u32>(output, 4);
  const to2: usize = load<u32>(output, 8);
  const to3: usize = load<u32>(output, 12);
  const endOfTaps = taps + ((<usize>nTaps) << 2);
  const end = (<usize>C) << 2;
  const whole = (<usize>(C >> 2)) << 4;
  const block = (<usize>(nTaps + 1)) << 4;
  let w = filter;
  let d0 = i32x4.splat(0);
  let d1 = i32x4.splat(0);
  let d2 = i32x4.splat(0);
  let d3 = i32x4.splat(0);
  let c: usize = 0;
  for (; c + 32 <= whole; c += 32) {
    let a0 = v128.load(w);
    let b0 = v128.load(w + block);
    let a1 = a0;
    let b1 = b0;
    let a2 = a0;
    let b2 = b0;
    let a3 = a0;
    let b3 = b0;
    w += 16;
    for (let t = taps; t < endOfTaps; t += 4, w += 16) {
      const at = <usize>load<u32>(t) + c;
      const wa = v128.load(w);
      const wb = v128.load(w + block);
      a0 = madd(a0, v128.load(from0 + at), wa);
      b0 = madd(b0, v128.load(from0 + at, 16), wb);
      a1 = madd(a1, v128.load(from1 + at), wa);
      b1 = madd(b1, v128.load(from1 + at, 16), wb);
      a2 = madd(a2, v128.load(from2 + at), wa);
      b2 = madd(b2, v128.load(from2 + at, 16), wb);
      a3 = madd(a3, v128.load(from3 + at), wa);
      b3 = madd(b3, v128.load(from3 + at, 16), wb);
    }
    w += block;
    d0 = v128.or(d0, replace(to0 + c, clamp(a0, low, high)));
    d0 = v128.or(d0, replace(to0 + c + 16, clamp(b0, low, high)));
    d1 = v128.or(d1, replace(to1 + c, clamp(a1, low, high)));
    d1 = v128.or(d1, replace(to1 + c + 16, clamp(b1, low, high)));
    d2 = v128.or(d2, replace(to2 + c, clamp(a2, low, high)));
    d2 = v128.or(d2, replace(to2 + c + 16, clamp(b2, low, high)));
    d3 = v128.or(d3, replace(to3 + c, clamp(a3, low, high)));
    d3 = v128.or(d3, replace(to3 + c + 16, clamp(b3, low, high)));
  }
  for (; c < end; c += 16) {
    let a0 = v128.load(w);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    w += 16;
    for (let t = taps; t < endOfTaps; t += 4, w += 16) {
      const at = <usize>load<u32>(t) + c;
      const wa = v128.load(w);
      a0 = tap(a0, from0 + at, wa);
      a1 = tap(a1, from1 + at, wa);
      a2 = tap(a2, from2 + at, wa);
      a3 = tap(a3, from3 + at, wa);
    }
    const mask = laneMask(C - <i32>(c >> 2));
    d0 = v128.or(d0, replaceLanes(to0 + c, clamp(a0, low, high), mask));
    d1 = v128.or(d1, replaceLanes(to1 + c, clamp(a1, low, high), mask));
    d2 = v128.or(d2, replaceLanes(to2 + c, clamp(a2, low, high), mask));
    d3 = v128.or(d3, replaceLanes(to3 + c, clamp(a3, low, high), mask));
  }
  note(flags, d0);
  note(flags + 1, d1);
  note(flags + 2, d2);
  note(flags + 3, d3);
}

/** Four output channels' inputs, where an input channel has several. */
// @ts-ignore: decorator
@inline
function spread(at: usize, o: i32, multiplier: i32): v128 {
  const x = v128.load32_splat(at + ((<usize>(o / multiplier)) << 2));
  const y = v128.load32_lane(at + ((<usize>((o + 1) / multiplier)) << 2), x, 1);
  const z = v128.load32_lane(at + ((<usize>((o + 2) / multiplier)) << 2), y, 2);
  return v128.load32_lane(at + ((<usize>((o + 3) / multiplier)) << 2), z, 3);
}

/** One pixel, the same sums in the same order. */
function onePixel(
  from: usize,
  C: i32,
  multiplier: i32,
  taps: usize,
  nTaps: i32,
  filter: usize,
  low: v128,
  high: v128,
  to: usize,
  flag: usize,
): void {
  const endOfTaps = taps + ((<usize>nTaps) << 2);
  let w = filter;
  let difference = i32x4.splat(0);
  for (let o = 0; o < C; o += 4) {
    const c = (<usize>o) << 2;
    let sum = v128.load(w);
    w += 16;
    for (let t = taps; t < endOfTaps; t += 4, w += 16) {
      const at = from + load<u32>(t);
      const x = multiplier == 1 ? v128.load(at + c) : spread(at, o, multiplier);
      sum = madd(sum, x, v128.load(w));
    }
    difference = v128.or(difference, replaceLanes(to + c, clamp(sum, low, high), laneMask(C - o)));
  }
  note(flag, difference);
}

/**
 * The listed pixels, in place: bias + the sum over the taps, within [low, high]. A pixel's flag says whether any bit
 * differs from what was there. `input` lists the windows' first taps, `taps` all taps' distances from it, in bytes, row by
 * row of `tapsPerRow`; the filter has for each 4 channels their biases, and then their values of each tap. Output channel o reads input channel o / multiplier.
 * Where `notes` is 0 the flags say nothing.
 * @call input n output flags notes
 * @split n: input 4, output 4, flags 1
 * @cost 2 * tapCount * channels
 */
export function depthwise(
  input: usize,
  n: i32,
  channels: i32,
  multiplier: i32,
  taps: usize,
  tapCount: i32,
  tapsPerRow: i32,
  filter: usize,
  freshTaps: i32,
  fetch: i32,
  low: f32,
  high: f32,
  output: usize,
  flags: usize,
  notes: i32,
): void {
  setNotes(notes);
  const floor = f32x4.splat(low);
  const ceiling = f32x4.splat(high);
  let i = 0;
  if (multiplier == 1) {
    const group = neighboursFor(tapsPerRow);
    const step: usize = group > 0 ? load<u32>(taps, 4) : 0;
    const rows = group > 0 ? tapCount / tapsPerRow : 0;
    let fetched = fetch > 0 ? 0 : n;
    while (i + 4 <= n) {
      const from = input + ((<usize>i) << 2);
      const to = output + ((<usize>i) << 2);
      if (i >= fetched) {
        fetched = min(i + fetch, n);
        fetchWindows(from, fetched - i, (<usize>channels) << 2, taps, tapCount - freshTaps, tapCount, tapsPerRow, to);
      }
      if (group > 0 && i + group <= n && areNeighbours(from, group, step)) {
        neighbours(tapsPerRow, load<u32>(from), step, channels, taps, rows, filter, floor, ceiling, to, flags + i);
        i += group;
      } else {
        fourPixels(from, channels, taps, tapCount, filter, floor, ceiling, to, flags + i);
        i += 4;
      }
    }
  }
  for (; i < n; i++) {
    const from: usize = load<u32>(input + ((<usize>i) << 2));
    const to: usize = load<u32>(output + ((<usize>i) << 2));
    onePixel(from, channels, multiplier, taps, tapCount, filter, floor, ceiling, to, flags + i);
  }
}
