/** Batch normalisation and PReLU: ops of one pixel with parameters for each channel, or for each value of the plane. */
import {madd} from './simd';

/** How far into the arrays of parameters those of pixel `i` begin. */
// @ts-ignore: decorator
@inline
function offset(perPixel: i32, ys: usize, xs: usize, i: i32, W: i32, bytes: usize): usize {
  if (!perPixel) return 0;
  const at = (<usize>i) << 2;
  return (<usize>load<u32>(ys + at) * W + load<u32>(xs + at)) * bytes;
}

/** (x - mean) × scale + beta. */
export function normalize(
  from: usize,
  n: i32,
  C: i32,
  mean: usize,
  scale: usize,
  beta: usize,
  perPixel: i32,
  ys: usize,
  xs: usize,
  W: i32,
  to: usize,
): void {
  const bytes = (<usize>C) << 2;
  for (let i = 0; i < n; i++, to += bytes) {
    const pixel: usize = load<u32>(from + ((<usize>i) << 2));
    const own = offset(perPixel, ys, xs, i, W, bytes);
    for (let c: usize = 0; c < bytes; c += 16) {
      const centred = f32x4.sub(v128.load(pixel + c), v128.load(mean + own + c));
      v128.store(to + c, madd(v128.load(beta + own + c), centred, v128.load(scale + own + c)));
    }
  }
}

/** x where it is not negative, alpha × x where it is. */
export function prelu(
  from: usize,
  n: i32,
  C: i32,
  alpha: usize,
  perPixel: i32,
  ys: usize,
  xs: usize,
  W: i32,
  to: usize,
): void {
  const bytes = (<usize>C) << 2;
  for (let i = 0; i < n; i++, to += bytes) {
    const pixel: usize = load<u32>(from + ((<usize>i) << 2));
    const slopes = alpha + offset(perPixel, ys, xs, i, W, bytes);
    for (let c: usize = 0; c < bytes; c += 16) {
      const x = v128.load(pixel + c);
      const negative = f32x4.mul(x, v128.load(slopes + c));
      v128.store(to + c, v128.bitselect(negative, x, f32x4.lt(x, f32x4.splat(0))));
    }
  }
}
