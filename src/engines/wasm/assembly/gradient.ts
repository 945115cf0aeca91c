/**
 * Back through convolutions: the filter's gradient, a sum over the listed pixels' patches, and the input's, which is spread
 * over them. Windows are given as `conv` takes them. A row of `d` is a listed pixel's gradient, `pitch` floats. And through
 * dense layers; depthwise convolutions are in gradient-depthwise.
 */
import {madd, sumLanes} from './vector';

// @ts-ignore: decorator
@inline
function at(list: usize, i: i32): usize {
  return load<u32>(list + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
function add(to: usize, v: v128): void {
  v128.store(to, f32x4.add(v128.load(to), v));
}

/** The sums of 4 floats of the patches, `skip` bytes into them, times 8 channels of the gradient. */
// @ts-ignore: decorator
@inline
function sum4x8(input: usize, n: i32, skip: usize, d: usize, step: usize, to: usize): void {
  let a0 = f32x4.splat(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0;
  for (const end = input + ((<usize>n) << 2); input < end; input += 4, d += step) {
    const x = <usize>load<u32>(input) + skip;
    const da = v128.load(d), db = v128.load(d, 16);
    const x0 = v128.load32_splat(x);
    a0 = madd(a0, x0, da);
    b0 = madd(b0, x0, db);
    const x1 = v128.load32_splat(x, 4);
    a1 = madd(a1, x1, da);
    b1 = madd(b1, x1, db);
    const x2 = v128.load32_splat(x, 8);
    a2 = madd(a2, x2, da);
    b2 = madd(b2, x2, db);
    const x3 = v128.load32_splat(x, 12);
    a3 = madd(a3, x3, da);
    b3 = madd(b3, x3, db);
  }
  add(to, a0);
  add(to + 16, b0);
  add(to + 32, a1);
  add(to + 48, b1);
  add(to + 64, a2);
  add(to + 80, b2);
  add(to + 96, a3);
  add(to + 112, b3);
}

/** The same for one float. */
// @ts-ignore: decorator
@inline
function sum1x8(input: usize, n: i32, skip: usize, d: usize, step: usize, to: usize): void {
  let a = f32x4.splat(0), b = a;
  for (const end = input + ((<usize>n) << 2); input < end; input += 4, d += step) {
    const x = v128.load32_splat(<usize>load<u32>(input) + skip);
    a = madd(a, x, v128.load(d));
    b = madd(b, x, v128.load(d, 16));
  }
  add(to, a);
  add(to + 16, b);
}

// @ts-ignore: decorator
@inline
function sum1x4(input: usize, n: i32, skip: usize, d: usize, step: usize, to: usize): void {
  let a = f32x4.splat(0);
  for (const end = input + ((<usize>n) << 2); input < end; input += 4, d += step)
    a = madd(a, v128.load32_splat(<usize>load<u32>(input) + skip), v128.load(d));
  add(to, a);
}

function sumBias(n: i32, d: usize, step: usize, to: usize, two: bool): void {
  let a = f32x4.splat(0), b = a;
  for (let i = 0; i < n; i++, d += step) {
    a = f32x4.add(a, v128.load(d));
    b = f32x4.add(b, v128.load(d, 16));
  }
  add(to, a);
  if (two) add(to + 16, b);
}

/**
 * Adds the filter's and the bias's gradient to `to`: for each block of 8 output channels (the last one of 4 where that is enough)
 * the bias's, then for each tap and input channel the 8 values.
 * @param input address of each listed pixel's first tap; few enough pixels for their patches to stay in the cache
 * @call input n d to
 * @split channels by 8: d 4, to 4 + rows * runs * runBytes
 * @cost n * rows * runs * (runBytes / 4)
 */
export function filterGradient(
  input: usize, n: i32,
  rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32,
  d: usize, pitch: i32, channels: i32, to: usize,
): void {
  const step = (<usize>pitch) << 2;
  for (let c = 0; c < channels; c += 8, d += 32) {
    const two = channels - c > 4;
    const block: usize = two ? 32 : 16;
    sumBias(n, d, step, to, two);
    to += block;
    let skip: usize = 0;
    for (let row = 0; row < rows; row++, skip += rowSkip) {
      for (let run = 0; run < runs; run++, skip += runSkip) {
        const end = skip + runBytes;
        if (two) {
          for (; skip + 16 <= end; skip += 16, to += 128) sum4x8(input, n, skip, d, step, to);
          for (; skip < end; skip += 4, to += 32) sum1x8(input, n, skip, d, step, to);
        } else for (; skip < end; skip += 4, to += 16) sum1x4(input, n, skip, d, step, to);
      }
    }
  }
}

/** 8 floats of 4 pixels' patches: the sums over the channels, added to the gradients `skip` bytes into the patches. */
// @ts-ignore: decorator
@inline
function spread4x8(input: usize, skip: usize, d: usize, step: usize, channels: i32, w: usize): void {
  let a0 = f32x4.splat(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0;
  const d1 = d + step, d2 = d1 + step, d3 = d2 + step;
  for (let c: usize = 0; c < (<usize>channels) << 2; c += 4, w += 32) {
    const wa = v128.load(w), wb = v128.load(w, 16);
    const x0 = v128.load32_splat(d + c);
    a0 = madd(a0, x0, wa);
    b0 = madd(b0, x0, wb);
    const x1 = v128.load32_splat(d1 + c);
    a1 = madd(a1, x1, wa);
    b1 = madd(b1, x1, wb);
    const x2 = v128.load32_splat(d2 + c);
    a2 = madd(a2, x2, wa);
    b2 = madd(b2, x2, wb);
    const x3 = v128.load32_splat(d3 + c);
    a3 = madd(a3, x3, wa);
    b3 = madd(b3, x3, wb);
  }
  // One after the other: the patches overlap.
  let pixel = at(input, 0) + skip;
  add(pixel, a0);
  add(pixel + 16, b0);
  pixel = at(input, 1) + skip;
  add(pixel, a1);
  add(pixel + 16, b1);
  pixel = at(input, 2) + skip;
  add(pixel, a2);
  add(pixel + 16, b2);
  pixel = at(input, 3) + skip;
  add(pixel, a3);
  add(pixel + 16, b3);
}

// @ts-ignore: decorator
@inline
function spread1x8(input: usize, skip: usize, d: usize, channels: i32, w: usize): void {
  let a = f32x4.splat(0), b = a;
  for (let c: usize = 0; c < (<usize>channels) << 2; c += 4, w += 32) {
    const x = v128.load32_splat(d + c);
    a = madd(a, x, v128.load(w));
    b = madd(b, x, v128.load(w, 16));
  }
  const pixel = at(input, 0) + skip;
  add(pixel, a);
  add(pixel + 16, b);
}

/**
 * Adds the gradient of the input. Past the end of a run up to 7 floats have 0 added. Threads share the blocks of 8 channels, for pixels
 * have floats in common, where their windows overlap.
 * @param gOffset from an activation to its gradient
 * @param filter for each row, run and 8 floats of the run (the last ones padded with zeros) 8 floats a channel
 * @param period bytes of an input pixel, where these are whole blocks of 8 floats; else 0
 * @param block of a period, or else of a run, the first block of 8 floats that is computed; `blocks` is how many are
 * @call input n gOffset d block blocks
 * @split blocks by 1 where period > 0: block 1
 * @cost n * rows * runs * (runBytes / period) * 8 * channels
 */
export function inputGradient(
  input: usize, n: i32, gOffset: i32,
  rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32,
  d: usize, pitch: i32, channels: i32, filter: usize, period: i32, block: i32, blocks: i32,
): void {
  const step = (<usize>pitch) << 2;
  const weights = (<usize>channels) << 5;
  const own = (<usize>block) << 5;
  const end = own + ((<usize>blocks) << 5);
  const whole: usize = period ? period : (runBytes + 31) & ~31;
  let skip: usize = gOffset;
  for (let row = 0; row < rows; row++, skip += rowSkip) {
    for (let run = 0; run < runs; run++, skip += runBytes + runSkip) {
      for (let start: usize = 0; start < <usize>runBytes; start += whole, filter += (whole >> 5) * weights) {
        for (let within = own; within < end; within += 32) {
          const w = filter + (within >> 5) * weights;
          const from = skip + start + within;
          let i = 0;
          for (; i + 4 <= n; i += 4)
            spread4x8(input + ((<usize>i) << 2), from, d + <usize>i * step, step, channels, w);
          for (; i < n; i++) spread1x8(input + ((<usize>i) << 2), from, d + <usize>i * step, channels, w);
        }
      }
    }
  }
}

/**
 * Back through a dense layer, over the listed pixels of its input: each gets the gradient of all frames that used it, the
 * difference of two running sums, taken in float64 before it is rounded.
 * @param weights [pixel][channels][units]; `sumFloats` is the units rounded up to vectors, and what lies beyond them has a gradient of 0
 * @param prefix running sums of the rows' gradients, `sumFloats` float64 each
 * @param last the running sum up to which each pixel of the plane has to get its gradient; then `now`
 * @param row a buffer of `sumFloats` floats for each listed pixel, for threads share these
 * @call n now
 * @split n: ys 4, xs 4, row 4 * sumFloats
 * @cost 2 * channels * sumFloats
 */
export function denseGradient(
  ys: usize, xs: usize, n: i32, width: i32,
  input: usize, rowBytes: i32, channels: i32,
  weights: usize, units: i32, sumFloats: i32, prefix: usize, last: usize, now: i32,
  gOffset: i32, needsInput: i32, to: usize, row: usize,
): void {
  const bytes = (<usize>sumFloats) << 2;
  const unitBytes = (<usize>units) << 2;
  for (let i = 0; i < n; i++) {
    const y = at(ys, i);
    const x = at(xs, i);
    const number = y * width + x;
    const until = load<u32>(last + (number << 2));
    store<u32>(last + (number << 2), now);
    if (!difference(prefix + ((<usize>until * sumFloats) << 3), prefix + ((<usize>now * sumFloats) << 3), sumFloats, row)) continue;
    let pixel = input + y * rowBytes + ((x * channels) << 2);
    let w = weights + number * channels * unitBytes;
    let g = to + number * channels * bytes;
    for (let c = 0; c < channels; c++, pixel += 4) {
      const a = v128.load32_splat(pixel);
      let sum = f32x4.splat(0);
      for (let u: usize = 0; u < bytes; u += 16) {
        const delta = v128.load(row + u);
        v128.store(g + u, madd(v128.load(g + u), a, delta));
        sum = madd(sum, v128.load(w + u), delta);
      }
      g += bytes;
      w += unitBytes;
      if (needsInput) store<f32>(pixel + gOffset, load<f32>(pixel + gOffset) + sumLanes(sum));
    }
  }
}

/** Moves rows of `width` floats, whole vectors, together, so that of each only the first `units` are left. */
export function joinRows(at: usize, rows: i32, width: i32, units: i32): void {
  const bytes = (<usize>width) << 2;
  for (let i = 0, from = at; i < rows; i++, from += bytes, at += (<usize>units) << 2) {
    for (let u: usize = 0; u < bytes; u += 16) v128.store(at + u, v128.load(from + u));
  }
}

/** Writes a − b as float32; returns whether any of it is not 0. */
function difference(a: usize, b: usize, width: i32, to: usize): bool {
  let any = false;
  for (let i = 0; i < width; i++, a += 8, b += 8, to += 4) {
    const value = <f32>(load<f64>(a) - load<f64>(b));
    store<f32>(to, value);
    any = any || value != 0;
  }
  return any;
}
