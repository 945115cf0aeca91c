/** Mean and variance of a pixel's channels, which layer normalization takes forwards and backwards. */
import {laneMask, madd, sumLanes} from './vector';

/** The lanes of a pixel's last vector that are its own. */
// @ts-ignore: decorator
@inline
export function ownLanes(channels: i32): v128 {
  return laneMask(((channels - 1) & 3) + 1);
}

/** Bytes from a pixel to its last vector. */
// @ts-ignore: decorator
@inline
export function toLast(channels: i32): usize {
  return (<usize>((channels - 1) >> 2)) << 4;
}

/**
 * A pixel's mean in two parts, a first sum's and what is left, and 1 / √(variance + epsilon). The second pass sums up distances from
 * the first part: however far the values lie from 0, these are small, and so is what rounding does to their sums.
 */
export function momentsOf(pixel: usize, channels: i32, last: usize, mask: v128, epsilon: f32): v128 {
  let sum = v128.and(v128.load(pixel + last), mask);
  for (let c: usize = 0; c < last; c += 16) sum = f32x4.add(sum, v128.load(pixel + c));
  const mean = sumLanes(sum) / <f32>channels;
  const middle = f32x4.splat(mean);
  let distances = v128.and(f32x4.sub(v128.load(pixel + last), middle), mask);
  let squares = f32x4.mul(distances, distances);
  for (let c: usize = 0; c < last; c += 16) {
    const distance = f32x4.sub(v128.load(pixel + c), middle);
    distances = f32x4.add(distances, distance);
    squares = madd(squares, distance, distance);
  }
  const rest = sumLanes(distances) / <f32>channels;
  const variance = max<f32>(0, sumLanes(squares) / <f32>channels - rest * rest);
  return f32x4(mean, rest, 1 / sqrt<f32>(variance + epsilon), 0);
}
