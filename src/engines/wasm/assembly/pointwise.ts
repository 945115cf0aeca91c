/** Batch and layer normalisation and PReLU: ops of one pixel with parameters for each channel, or for each value of the plane. */
import {momentsOf, ownLanes, toLast} from './moments';
import {clamp, laneMask, madd} from './vector';

/** How far into the arrays of parameters those of pixel `i` begin. */
// @ts-ignore: decorator
@inline
function offset(perPixel: i32, ys: usize, xs: usize, i: i32, W: i32, bytes: usize): usize {
  if (!perPixel) return 0;
  const at = (<usize>i) << 2;
  return (<usize>load<u32>(ys + at) * W + load<u32>(xs + at)) * bytes;
}

/**
 * (x - mean) × scale + beta.
 * @call from n ys xs to
 * @split n where channels % 4 === 0: from 4, ys 4, xs 4, to 4 * channels
 * @cost 8 * channels
 */
export function normalize(
  from: usize,
  n: i32,
  channels: i32,
  mean: usize,
  scale: usize,
  beta: usize,
  perPixel: i32,
  ys: usize,
  xs: usize,
  width: i32,
  to: usize,
): void {
  const bytes = (<usize>channels) << 2;
  for (let i = 0; i < n; i++, to += bytes) {
    const pixel: usize = load<u32>(from + ((<usize>i) << 2));
    const own = offset(perPixel, ys, xs, i, width, bytes);
    for (let c: usize = 0; c < bytes; c += 16) {
      const centred = f32x4.sub(v128.load(pixel + c), v128.load(mean + own + c));
      v128.store(to + c, madd(v128.load(beta + own + c), centred, v128.load(scale + own + c)));
    }
  }
}

/**
 * The listed pixels, in place: (x - mean) × scale + beta within [low, high], with parameters for each channel. A pixel's
 * flag says whether any bit differs from what was there.
 * @call from n output flags
 * @split n where channels % 4 === 0: from 4, output 4, flags 1
 * @cost 8 * channels
 */
export function normalizeInPlace(
  from: usize,
  n: i32,
  channels: i32,
  mean: usize,
  scale: usize,
  beta: usize,
  low: f32,
  high: f32,
  output: usize,
  flags: usize,
): void {
  const floor = f32x4.splat(low);
  const ceiling = f32x4.splat(high);
  const bytes = (<usize>channels) << 2;
  const last = (<usize>((channels - 1) >> 2)) << 4;
  const mask = laneMask(((channels - 1) & 3) + 1);
  const all = i32x4.splat(-1);
  for (let i = 0; i < n; i++, from += 4, output += 4) {
    const pixel: usize = load<u32>(from);
    const to: usize = load<u32>(output);
    let differs = i32x4.splat(0);
    for (let c: usize = 0; c < bytes; c += 16) {
      const centred = f32x4.sub(v128.load(pixel + c), v128.load(mean + c));
      const value = clamp(madd(v128.load(beta + c), centred, v128.load(scale + c)), floor, ceiling);
      const old = v128.load(to + c);
      const kept = v128.bitselect(value, old, c == last ? mask : all);
      differs = v128.or(differs, v128.xor(kept, old));
      v128.store(to + c, kept);
    }
    store<u8>(flags + i, <u8>v128.any_true(differs));
  }
}

/**
 * x where it is not negative, alpha × x where it is.
 * @call from n ys xs to
 * @split n where channels % 4 === 0: from 4, ys 4, xs 4, to 4 * channels
 * @cost 8 * channels
 */
export function prelu(
  from: usize,
  n: i32,
  channels: i32,
  alpha: usize,
  perPixel: i32,
  ys: usize,
  xs: usize,
  width: i32,
  to: usize,
): void {
  const bytes = (<usize>channels) << 2;
  for (let i = 0; i < n; i++, to += bytes) {
    const pixel: usize = load<u32>(from + ((<usize>i) << 2));
    const slopes = alpha + offset(perPixel, ys, xs, i, width, bytes);
    for (let c: usize = 0; c < bytes; c += 16) {
      const x = v128.load(pixel + c);
      const negative = f32x4.mul(x, v128.load(slopes + c));
      v128.store(to + c, v128.bitselect(negative, x, f32x4.lt(x, f32x4.splat(0))));
    }
  }
}

/** 4 channels of a pixel with these moments: their distances from the mean, over the root of the variance. */
// @ts-ignore: decorator
@inline
function normalizedBy(moments: v128, at: usize): v128 {
  const mean = f32x4.splat(f32x4.extract_lane(moments, 0));
  const rest = f32x4.splat(f32x4.extract_lane(moments, 1));
  const inverse = f32x4.splat(f32x4.extract_lane(moments, 2));
  return f32x4.mul(f32x4.sub(f32x4.sub(v128.load(at), mean), rest), inverse);
}

/**
 * (x - mean) / √(variance + epsilon) × gamma + beta, each pixel by the moments of its own channels.
 * @call from n to
 * @split n where channels % 4 === 0: from 4, to 4 * channels
 * @cost 16 * channels
 */
export function layerNormalize(
  from: usize,
  n: i32,
  channels: i32,
  gamma: usize,
  beta: usize,
  epsilon: f32,
  to: usize,
): void {
  const bytes = (<usize>channels) << 2;
  const last = toLast(channels);
  const mask = ownLanes(channels);
  for (let i = 0; i < n; i++, from += 4, to += bytes) {
    const pixel: usize = load<u32>(from);
    const moments = momentsOf(pixel, channels, last, mask, epsilon);
    for (let c: usize = 0; c < bytes; c += 16)
      v128.store(to + c, madd(v128.load(beta + c), normalizedBy(moments, pixel + c), v128.load(gamma + c)));
  }
}

/**
 * The listed pixels, in place. A pixel's flag says whether any bit differs from what was there.
 * @call from n output flags
 * @split n where channels % 4 === 0: from 4, output 4, flags 1
 * @cost 16 * channels
 */
export function layerNormalizeInPlace(
  from: usize,
  n: i32,
  channels: i32,
  gamma: usize,
  beta: usize,
  epsilon: f32,
  output: usize,
  flags: usize,
): void {
  const bytes = (<usize>channels) << 2;
  const last = toLast(channels);
  const mask = ownLanes(channels);
  const all = i32x4.splat(-1);
  for (let i = 0; i < n; i++, from += 4, output += 4) {
    const pixel: usize = load<u32>(from);
    const to: usize = load<u32>(output);
    const moments = momentsOf(pixel, channels, last, mask, epsilon);
    let differs = i32x4.splat(0);
    for (let c: usize = 0; c < bytes; c += 16) {
      const value = madd(v128.load(beta + c), normalizedBy(moments, pixel + c), v128.load(gamma + c));
      const old = v128.load(to + c);
      const kept = v128.bitselect(value, old, c == last ? mask : all);
      differs = v128.or(differs, v128.xor(kept, old));
      v128.store(to + c, kept);
    }
    store<u8>(flags + i, <u8>v128.any_true(differs));
  }
}
