/**
 * Back through depthwise convolutions: the gradients of the filter, the bias and the input. A row of `d` is a listed pixel's
 * gradient, `pitch` floats.
 */
import {laneMask, madd} from './vector';

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

// @ts-ignore: decorator
@inline
function addValue(to: usize, value: f32): void {
  store<f32>(to, load<f32>(to) + value);
}

/** The sums of one tap's products with 16 channels of the gradient: four sums, for one would wait for itself. */
// @ts-ignore: decorator
@inline
function sumTap16(input: usize, n: i32, skip: usize, d: usize, step: usize, to: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
  for (const end = input + ((<usize>n) << 2); input < end; input += 4, d += step) {
    const x = <usize>load<u32>(input) + skip;
    a0 = madd(a0, v128.load(x), v128.load(d));
    a1 = madd(a1, v128.load(x, 16), v128.load(d, 16));
    a2 = madd(a2, v128.load(x, 32), v128.load(d, 32));
    a3 = madd(a3, v128.load(x, 48), v128.load(d, 48));
  }
  add(to, a0);
  add(to + 16, a1);
  add(to + 32, a2);
  add(to + 48, a3);
}

/** The same for up to 4 channels, those of `mask`. */
// @ts-ignore: decorator
@inline
function sumTap4(input: usize, n: i32, skip: usize, d: usize, step: usize, mask: v128, to: usize): void {
  let a = f32x4.splat(0);
  for (const end = input + ((<usize>n) << 2); input < end; input += 4, d += step)
    a = madd(a, v128.load(<usize>load<u32>(input) + skip), v128.load(d));
  add(to, v128.and(a, mask));
}

/** An input channel for each output channel. */
function sumTaps(
  input: usize, n: i32, channels: i32, taps: usize, tapCount: i32, row: usize, d: usize, step: usize, to: usize,
): void {
  const whole = ((<usize>channels) << 2) & ~63;
  for (let tap = 0; tap < tapCount; tap++, to += row) {
    const skip = at(taps, tap);
    for (let c: usize = 0; c < whole; c += 64) sumTap16(input, n, skip + c, d + c, step, to + c);
    for (let c = whole; c < row; c += 16)
      sumTap4(input, n, skip + c, d + c, step, laneMask(channels - <i32>(c >> 2)), to + c);
  }
}

/** Past the last channel weights and gradients are 0, and so is what is added there. */
function spreadTaps(
  input: usize, n: i32, gOffset: i32, taps: usize, tapCount: i32, row: usize, d: usize, step: usize, weights: usize,
): void {
  for (let i = 0; i < n; i++, d += step) {
    for (let tap = 0, w = weights; tap < tapCount; tap++, w += row) {
      const own = at(input, i) + at(taps, tap) + gOffset;
      for (let c: usize = 0; c < row; c += 16)
        v128.store(own + c, madd(v128.load(own + c), v128.load(w + c), v128.load(d + c)));
    }
  }
}

/** Several output channels for each input channel, which lie in no common vector: value by value. */
function eachProduct(
  input: usize, n: i32, channels: i32, multiplier: i32, taps: usize, tapCount: i32, row: usize, weights: usize,
  gOffset: i32, needsInput: i32, d: usize, step: usize, to: usize,
): void {
  for (let i = 0; i < n; i++, d += step) {
    for (let tap = 0, skip: usize = 0; tap < tapCount; tap++, skip += row) {
      const pixel = at(input, i) + at(taps, tap);
      for (let c = 0; c < channels; c++) {
        const value = (<usize>c) << 2;
        const x = pixel + ((<usize>(c / multiplier)) << 2);
        addValue(to + skip + value, load<f32>(x) * load<f32>(d + value));
        if (needsInput) addValue(x + gOffset, load<f32>(weights + skip + value) * load<f32>(d + value));
      }
    }
  }
}

/**
 * Adds the gradients of a depthwise convolution's filter and bias, and of its input, past each of whose pixels up to 3
 * floats have 0 added.
 * @param input address of each listed pixel's first tap; `taps` are all taps' distances from it, in bytes
 * @param weights as `depthwise` takes them
 * @param to the gradients of the filter, [taps][channels rounded up to 4], and then of the bias
 * @call input n gOffset d to
 */
export function depthwiseGradient(
  input: usize, n: i32, channels: i32, multiplier: i32,
  taps: usize, tapCount: i32, weights: usize,
  gOffset: i32, needsInput: i32, d: usize, pitch: i32, to: usize,
): void {
  const row = (<usize>((channels + 3) & ~3)) << 2;
  const step = (<usize>pitch) << 2;
  if (multiplier == 1) {
    sumTaps(input, n, channels, taps, tapCount, row, d, step, to);
    if (needsInput) spreadTaps(input, n, gOffset, taps, tapCount, row, d, step, weights);
  } else {
    eachProduct(input, n, channels, multiplier, taps, tapCount, row, weights, gOffset, needsInput, d, step, to);
  }
  const bias = to + <usize>tapCount * row;
  for (let i = 0; i < n; i++, d += step) {
    for (let c: usize = 0; c < row; c += 16) add(bias + c, v128.load(d + c));
  }
}
