/** The convolution: pixel by pixel, four output channels at a time. The packed filter is as ../conv has it. */
import {replace} from './replace';

/** `lanes` of four channels of one pixel, whose weights lie `step` bytes apart. */
// @ts-ignore: decorator
@inline
function fourChannels(
  input: usize, w: usize, step: usize,
  rows: i32, rowSkip: usize, runs: i32, runBytes: usize, runSkip: usize,
  low: f32, high: f32, output: usize, lanes: i32, flag: usize,
): void {
  let s0 = load<f32>(w);
  let s1 = load<f32>(w, 4);
  let s2 = load<f32>(w, 8);
  let s3 = load<f32>(w, 12);
  w += step;
  for (let row = 0; row < rows; row++, input += rowSkip) {
    for (let run = 0; run < runs; run++, input += runSkip) {
      for (const end = input + runBytes; input < end; input += 4, w += step) {
        const x = load<f32>(input);
        s0 += x * load<f32>(w);
        s1 += x * load<f32>(w, 4);
        s2 += x * load<f32>(w, 8);
        s3 += x * load<f32>(w, 12);
      }
    }
  }
  replace(output, s0, low, high, flag);
  if (lanes > 1) replace(output + 4, s1, low, high, flag);
  if (lanes > 2) replace(output + 8, s2, low, high, flag);
  if (lanes > 3) replace(output + 12, s3, low, high, flag);
}

export function conv(
  input: usize, n: i32,
  filter: usize, channels: i32,
  rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32,
  low: f32, high: f32,
  output: usize, flags: usize,
): void {
  memory.fill(flags, 0, n);
  const values = (rows * runs * runBytes) >>> 2;
  for (let i = 0; i < n; i++, input += 4, output += 4, flags++) {
    for (let c = 0, w = filter; c < channels; c += 4) {
      // Of a block of 8 channels the second half begins 16 bytes on; a block of 4 is always the last.
      const second = (c & 4) != 0;
      const step: usize = second || channels - c > 4 ? 32 : 16;
      const to = <usize>load<u32>(output) + (<usize>c << 2);
      const lanes = min(4, channels - c);
      fourChannels(load<u32>(input), w, step, rows, rowSkip, runs, runBytes, runSkip, low, high, to, lanes, flags);
      w += second ? <usize>(values << 5) + 16 : 16;
    }
  }
}
