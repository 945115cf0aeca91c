/** Merging inputs element by element, value by value. */
import {ADD, DIVIDE, EQUAL, MAXIMUM, MINIMUM, MULTIPLY, SUBTRACT} from '../kinds';
import {replace} from './replace';

function apply(fn: i32, a: f32, b: f32): f32 {
  switch (fn) {
    case ADD:
      return a + b;
    case SUBTRACT:
      return a - b;
    case MULTIPLY:
      return a * b;
    case DIVIDE:
      return a / b;
    case EQUAL:
      return a == b ? 1 : 0;
    case MAXIMUM:
      return max(a, b);
    case MINIMUM:
      return min(a, b);
    default:
      return b;
  }
}

export function fold(
  fn: i32,
  from: usize,
  n: i32,
  C: i32,
  oneChannel: i32,
  onePixel: usize,
  to: usize,
): void {
  const step = oneChannel ? 0 : 4;
  for (let i = 0; i < n; i++) {
    let at: usize = onePixel ? onePixel : load<u32>(from + ((<usize>i) << 2));
    for (let c = 0; c < C; c++, at += step, to += 4) store<f32>(to, apply(fn, load<f32>(to), load<f32>(at)));
  }
}

export function mergePair(
  fn: i32,
  a: usize, oneA: i32,
  b: usize, oneB: i32,
  n: i32, C: i32,
  low: f32, high: f32,
  output: usize, flags: usize,
): void {
  const stepA = oneA ? 0 : 4;
  const stepB = oneB ? 0 : 4;
  memory.fill(flags, 0, n);
  for (let i = 0; i < n; i++, a += 4, b += 4, output += 4, flags++) {
    let p: usize = load<u32>(a);
    let q: usize = load<u32>(b);
    let to: usize = load<u32>(output);
    for (let c = 0; c < C; c++, p += stepA, q += stepB, to += 4) {
      replace(to, apply(fn, load<f32>(p), load<f32>(q)), low, high, flags);
    }
  }
}

export function scaleInPlace(at: usize, count: i32, factor: f32): void {
  for (const end = at + ((<usize>count) << 2); at < end; at += 4) store<f32>(at, load<f32>(at) * factor);
}
