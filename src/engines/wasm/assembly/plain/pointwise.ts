/** Batch normalisation and PReLU, value by value. */
import {replace} from './replace';

// @ts-ignore: decorator
@inline
function offset(perPixel: i32, ys: usize, xs: usize, i: i32, W: i32, bytes: usize): usize {
  if (!perPixel) return 0;
  const at = <usize>i << 2;
  return (<usize>load<u32>(ys + at) * W + load<u32>(xs + at)) * bytes;
}

export function normalize(
  from: usize, n: i32, C: i32,
  mean: usize, scale: usize, beta: usize,
  perPixel: i32, ys: usize, xs: usize, W: i32,
  to: usize,
): void {
  const bytes = <usize>C << 2;
  for (let i = 0; i < n; i++, to += bytes) {
    const pixel: usize = load<u32>(from + (<usize>i << 2));
    const own = offset(perPixel, ys, xs, i, W, bytes);
    for (let c: usize = 0; c < bytes; c += 4) {
      const centred = load<f32>(pixel + c) - load<f32>(mean + own + c);
      store<f32>(to + c, load<f32>(beta + own + c) + centred * load<f32>(scale + own + c));
    }
  }
}

export function normalizeInPlace(
  from: usize, n: i32, C: i32,
  mean: usize, scale: usize, beta: usize,
  low: f32, high: f32,
  output: usize, flags: usize,
): void {
  const bytes = <usize>C << 2;
  memory.fill(flags, 0, n);
  for (let i = 0; i < n; i++, from += 4, output += 4, flags++) {
    const pixel: usize = load<u32>(from);
    const to: usize = load<u32>(output);
    for (let c: usize = 0; c < bytes; c += 4) {
      const centred = load<f32>(pixel + c) - load<f32>(mean + c);
      replace(to + c, load<f32>(beta + c) + centred * load<f32>(scale + c), low, high, flags);
    }
  }
}

export function prelu(
  from: usize, n: i32, C: i32,
  alpha: usize,
  perPixel: i32, ys: usize, xs: usize, W: i32,
  to: usize,
): void {
  const bytes = <usize>C << 2;
  for (let i = 0; i < n; i++, to += bytes) {
    const pixel: usize = load<u32>(from + (<usize>i << 2));
    const slopes = alpha + offset(perPixel, ys, xs, i, W, bytes);
    for (let c: usize = 0; c < bytes; c += 4) {
      const x = load<f32>(pixel + c);
      store<f32>(to + c, x < 0 ? x * load<f32>(slopes + c) : x);
    }
  }
}
