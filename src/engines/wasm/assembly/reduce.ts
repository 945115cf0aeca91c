/**
 * Dense layers and pools over a whole plane: partial results of blocks of pixels, in row-major order, and their sum or
 * maximum in one fixed order, whichever blocks were computed anew.
 */
import {madd} from './vector';

// @ts-ignore: decorator
@inline
function zero(): v128 {
  return f32x4.splat(0);
}

// @ts-ignore: decorator
@inline
function fill(at: usize, bytes: usize, value: v128): void {
  for (let b: usize = 0; b < bytes; b += 16) v128.store(at + b, value);
}

/** Adds to what a partial sum holds. */
// @ts-ignore: decorator
@inline
function addTo(partial: usize, sum: v128): void {
  v128.store(partial, f32x4.add(v128.load(partial), sum));
}

/** `count` inputs × 8 units, in two times four sums: one alone would wait for itself. */
// @ts-ignore: decorator
@inline
function eightUnits(at: usize, count: i32, weights: usize, stride: usize, partial: usize): void {
  let a0 = zero();
  let a1 = zero();
  let a2 = zero();
  let a3 = zero();
  let b0 = zero();
  let b1 = zero();
  let b2 = zero();
  let b3 = zero();
  const end = at + ((<usize>count) << 2);
  const whole = at + ((<usize>(count & ~3)) << 2);
  for (; at < whole; at += 16) {
    const x0 = v128.load32_splat(at);
    a0 = madd(a0, x0, v128.load(weights));
    b0 = madd(b0, x0, v128.load(weights, 16));
    weights += stride;
    const x1 = v128.load32_splat(at, 4);
    a1 = madd(a1, x1, v128.load(weights));
    b1 = madd(b1, x1, v128.load(weights, 16));
    weights += stride;
    const x2 = v128.load32_splat(at, 8);
    a2 = madd(a2, x2, v128.load(weights));
    b2 = madd(b2, x2, v128.load(weights, 16));
    weights += stride;
    const x3 = v128.load32_splat(at, 12);
    a3 = madd(a3, x3, v128.load(weights));
    b3 = madd(b3, x3, v128.load(weights, 16));
    weights += stride;
  }
  for (; at < end; at += 4, weights += stride) {
    const x = v128.load32_splat(at);
    a0 = madd(a0, x, v128.load(weights));
    b0 = madd(b0, x, v128.load(weights, 16));
  }
  addTo(partial, f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)));
  addTo(partial + 16, f32x4.add(f32x4.add(b0, b1), f32x4.add(b2, b3)));
}

/** `count` inputs × 4 units. */
// @ts-ignore: decorator
@inline
function fourUnits(at: usize, count: i32, weights: usize, stride: usize, partial: usize): void {
  let a0 = zero();
  let a1 = zero();
  let a2 = zero();
  let a3 = zero();
  const end = at + ((<usize>count) << 2);
  const whole = at + ((<usize>(count & ~3)) << 2);
  for (; at < whole; at += 16) {
    a0 = madd(a0, v128.load32_splat(at), v128.load(weights));
    weights += stride;
    a1 = madd(a1, v128.load32_splat(at, 4), v128.load(weights));
    weights += stride;
    a2 = madd(a2, v128.load32_splat(at, 8), v128.load(weights));
    weights += stride;
    a3 = madd(a3, v128.load32_splat(at, 12), v128.load(weights));
    weights += stride;
  }
  for (; at < end; at += 4, weights += stride) a0 = madd(a0, v128.load32_splat(at), v128.load(weights));
  addTo(partial, f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)));
}

/** Four inputs × many units. */
// @ts-ignore: decorator
@inline
function fourOfMany(at: usize, weights: usize, stride: usize, bytes: usize, partial: usize): void {
  const x0 = v128.load32_splat(at);
  const x1 = v128.load32_splat(at, 4);
  const x2 = v128.load32_splat(at, 8);
  const x3 = v128.load32_splat(at, 12);
  for (let u: usize = 0; u < bytes; u += 16) {
    let a = madd(v128.load(partial + u), x0, v128.load(weights + u));
    a = madd(a, x1, v128.load(weights + stride + u));
    a = madd(a, x2, v128.load(weights + 2 * stride + u));
    a = madd(a, x3, v128.load(weights + 3 * stride + u));
    v128.store(partial + u, a);
  }
}

/**
 * `count` inputs × many units: eight inputs at a time along all units, so that the weights, each of which is used once,
 * stream through in their own order. The partial sums stay in the cache.
 */
// @ts-ignore: decorator
@inline
function manyUnits(at: usize, count: i32, weights: usize, stride: usize, bytes: usize, partial: usize): void {
  const end = at + ((<usize>count) << 2);
  const whole = at + ((<usize>(count & ~7)) << 2);
  for (; at < whole; at += 32, weights += 8 * stride) {
    const x0 = v128.load32_splat(at);
    const x1 = v128.load32_splat(at, 4);
    const x2 = v128.load32_splat(at, 8);
    const x3 = v128.load32_splat(at, 12);
    const x4 = v128.load32_splat(at, 16);
    const x5 = v128.load32_splat(at, 20);
    const x6 = v128.load32_splat(at, 24);
    const x7 = v128.load32_splat(at, 28);
    const half = weights + 4 * stride;
    for (let u: usize = 0; u < bytes; u += 16) {
      let a = madd(v128.load(partial + u), x0, v128.load(weights + u));
      let b = f32x4.mul(x4, v128.load(half + u));
      a = madd(a, x1, v128.load(weights + stride + u));
      b = madd(b, x5, v128.load(half + stride + u));
      a = madd(a, x2, v128.load(weights + 2 * stride + u));
      b = madd(b, x6, v128.load(half + 2 * stride + u));
      a = madd(a, x3, v128.load(weights + 3 * stride + u));
      b = madd(b, x7, v128.load(half + 3 * stride + u));
      v128.store(partial + u, f32x4.add(a, b));
    }
  }
  if (at + 16 <= end) {
    fourOfMany(at, weights, stride, bytes, partial);
    at += 16;
    weights += 4 * stride;
  }
  for (; at < end; at += 4, weights += stride) {
    const x = v128.load32_splat(at);
    for (let u: usize = 0; u < bytes; u += 16) {
      v128.store(partial + u, madd(v128.load(partial + u), x, v128.load(weights + u)));
    }
  }
}

/** Adds `count` inputs that lie side by side, times their weights, to a partial sum. */
// @ts-ignore: decorator
@inline
function addProducts(at: usize, count: i32, weights: usize, units: i32, bytes: usize, partial: usize): void {
  const stride = (<usize>units) << 2;
  if (bytes == 16) fourUnits(at, count, weights, stride, partial);
  else if (bytes == 32) eightUnits(at, count, weights, stride, partial);
  else manyUnits(at, count, weights, stride, bytes, partial);
}

/**
 * The partial sums of the listed blocks of `blockSize` pixels of a dense layer, whole vectors each; lanes beyond the units hold
 * anything. Its weights are [pixel][channels][units], as the model has them, so those of a row's pixels lie side by side like
 * the pixels. Up to 3 floats are read beyond the last.
 * @call blocks n base partials
 * @split n: blocks 4
 * @cost 2 * blockSize * channels * units
 */
export function denseBlocks(
  blocks: usize,
  n: i32,
  blockSize: i32,
  pixels: i32,
  width: i32,
  base: usize,
  rowBytes: i32,
  channels: i32,
  weights: usize,
  units: i32,
  partials: usize,
): void {
  const bytes = ((<usize>units + 3) & ~3) << 2;
  const pixelBytes = (<usize>channels) << 2;
  for (let i = 0; i < n; i++) {
    const block = <i32>load<u32>(blocks + ((<usize>i) << 2));
    const partial = partials + <usize>block * bytes;
    const end = min(block * blockSize + blockSize, pixels);
    fill(partial, bytes, zero());
    for (let pixel = block * blockSize; pixel < end;) {
      const row = pixel / width;
      const next = min(end, (row + 1) * width);
      const at = base + <usize>row * rowBytes + <usize>(pixel - row * width) * pixelBytes;
      addProducts(at, (next - pixel) * channels, weights + <usize>pixel * <usize>units * pixelBytes, units, bytes, partial);
      pixel = next;
    }
  }
}

/** A maximum of what is not a number is not a number. */
// @ts-ignore: decorator
@inline
function combine(maximum: bool, a: v128, b: v128): v128 {
  return maximum ? f32x4.max(a, b) : f32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
function identity(maximum: bool): v128 {
  return f32x4.splat(maximum ? -Infinity : 0);
}

/** Combines `count` runs of `bytes` bytes, `stride` apart, into `to`: four vectors at a time, for one would wait for itself. */
// @ts-ignore: decorator
@inline
function combineRuns(maximum: bool, from: usize, count: i32, stride: usize, bytes: usize, to: usize): void {
  let b: usize = 0;
  for (; b + 64 <= bytes; b += 64) {
    let v0 = v128.load(to + b), v1 = v128.load(to + b, 16), v2 = v128.load(to + b, 32), v3 = v128.load(to + b, 48);
    for (let i = 0, at = from + b; i < count; i++, at += stride) {
      v0 = combine(maximum, v0, v128.load(at));
      v1 = combine(maximum, v1, v128.load(at, 16));
      v2 = combine(maximum, v2, v128.load(at, 32));
      v3 = combine(maximum, v3, v128.load(at, 48));
    }
    v128.store(to + b, v0);
    v128.store(to + b, v1, 16);
    v128.store(to + b, v2, 32);
    v128.store(to + b, v3, 48);
  }
  for (; b < bytes; b += 16) {
    let v = v128.load(to + b);
    for (let i = 0, at = from + b; i < count; i++, at += stride) v = combine(maximum, v, v128.load(at));
    v128.store(to + b, v);
  }
}

// @ts-ignore: decorator
@inline
function reduceRuns(maximum: bool, from: usize, count: i32, stride: usize, bytes: usize, to: usize): void {
  fill(to, bytes, identity(maximum));
  combineRuns(maximum, from, count, stride, bytes, to);
}

// @ts-ignore: decorator
@inline
function poolBlock(
  maximum: bool,
  start: i32,
  end: i32,
  W: i32,
  base: usize,
  rowBytes: i32,
  C: i32,
  bytes: usize,
  partial: usize,
): void {
  const pixelBytes = (<usize>C) << 2;
  fill(partial, bytes, identity(maximum));
  for (let pixel = start; pixel < end;) {
    const row = pixel / W;
    const next = min(end, (row + 1) * W);
    const at = base + <usize>row * rowBytes + <usize>(pixel - row * W) * pixelBytes;
    combineRuns(maximum, at, next - pixel, pixelBytes, bytes, partial);
    pixel = next;
  }
}

/**
 * The sums or maxima of the listed blocks' pixels, channel by channel. Lanes beyond the channels hold anything.
 * @call blocks n base partials
 * @split n: blocks 4
 * @cost 8 * blockSize * channels
 */
export function poolBlocks(
  blocks: usize,
  n: i32,
  blockSize: i32,
  pixels: i32,
  width: i32,
  base: usize,
  rowBytes: i32,
  channels: i32,
  sumFloats: i32,
  maximum: i32,
  partials: usize,
): void {
  const bytes = (<usize>sumFloats) << 2;
  for (let i = 0; i < n; i++) {
    const block = <i32>load<u32>(blocks + ((<usize>i) << 2));
    const partial = partials + <usize>block * bytes;
    const start = block * blockSize;
    const end = min(start + blockSize, pixels);
    if (maximum) poolBlock(true, start, end, width, base, rowBytes, channels, bytes, partial);
    else poolBlock(false, start, end, width, base, rowBytes, channels, bytes, partial);
  }
}

/**
 * The sums or maxima of the listed groups of `groupSize` blocks.
 * @call groups n partials sums
 */
export function reduceGroups(
  groups: usize,
  n: i32,
  groupSize: i32,
  blocks: i32,
  sumFloats: i32,
  partials: usize,
  sums: usize,
  maximum: i32,
): void {
  const bytes = (<usize>sumFloats) << 2;
  for (let i = 0; i < n; i++) {
    const group = <i32>load<u32>(groups + ((<usize>i) << 2));
    const first = group * groupSize;
    const count = min(groupSize, blocks - first);
    const from = partials + <usize>first * bytes;
    const to = sums + <usize>group * bytes;
    if (maximum) reduceRuns(true, from, count, bytes, bytes, to);
    else reduceRuns(false, from, count, bytes, bytes, to);
  }
}

/**
 * The sum or maximum of all groups, times `factor`, plus `bias` where there is one.
 * @call sums to
 */
export function reduceTotal(
  sums: usize,
  groups: i32,
  sumFloats: i32,
  bias: usize,
  factor: f32,
  maximum: i32,
  to: usize,
): void {
  const bytes = (<usize>sumFloats) << 2;
  const by = f32x4.splat(factor);
  if (maximum) reduceRuns(true, sums, groups, bytes, bytes, to);
  else reduceRuns(false, sums, groups, bytes, bytes, to);
  for (let u: usize = 0; u < bytes; u += 16) {
    const total = v128.load(to + u);
    v128.store(to + u, bias ? madd(v128.load(bias + u), total, by) : f32x4.mul(total, by));
  }
}
