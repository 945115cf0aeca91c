/** Merging inputs element by element, value by value. */
import {ADD, DIVIDE, EQUAL, MAXIMUM, MINIMUM, MULTIPLY, SUBTRACT} from '../kinds';

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

export function scaleInPlace(at: usize, count: i32, factor: f32): void {
  for (const end = at + ((<usize>count) << 2); at < end; at += 4) store<f32>(at, load<f32>(at) * factor);
}
