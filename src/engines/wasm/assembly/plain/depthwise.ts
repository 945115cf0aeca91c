/** Depthwise convolution in place, value by value. */
import {replace} from './replace';

export function depthwise(
  input: usize,
  n: i32,
  C: i32,
  multiplier: i32,
  taps: usize,
  nTaps: i32,
  _width: i32,
  weights: usize,
  bias: usize,
  low: f32,
  high: f32,
  output: usize,
  flags: usize,
): void {
  memory.fill(flags, 0, n);
  const stride = (<usize>((C + 3) >> 2)) << 4;
  const endOfTaps = taps + ((<usize>nTaps) << 2);
  for (let i = 0; i < n; i++, input += 4, output += 4) {
    for (let o = 0; o < C; o++) {
      const at = <usize>load<u32>(input) + ((<usize>(o / multiplier)) << 2);
      const channel = (<usize>o) << 2;
      let sum = load<f32>(bias + channel);
      for (let t = taps, w = weights + channel; t < endOfTaps; t += 4, w += stride) {
        sum += load<f32>(at + load<u32>(t)) * load<f32>(w);
      }
      replace(<usize>load<u32>(output) + channel, sum, low, high, flags + i);
    }
  }
}
