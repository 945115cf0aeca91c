/** Back through convolutions, depthwise ones and dense layers, float by float; layouts as ../gradient has them. */

// @ts-ignore: decorator
@inline
function at(list: usize, i: i32): usize {
  return load<u32>(list + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
function add(to: usize, value: f32): void {
  store<f32>(to, load<f32>(to) + value);
}

export function filterGradient(
  input: usize, n: i32,
  rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32,
  d: usize, pitch: i32, channels: i32, to: usize,
): void {
  const step = (<usize>pitch) << 2;
  for (let c = 0; c < channels; c += 8, d += 32) {
    const size = channels - c > 4 ? 8 : 4;
    for (let k = 0; k < size; k++, to += 4) {
      let sum: f32 = 0;
      for (let i = 0; i < n; i++) sum += load<f32>(d + <usize>i * step + ((<usize>k) << 2));
      add(to, sum);
    }
    let skip: usize = 0;
    for (let row = 0; row < rows; row++, skip += rowSkip) {
      for (let run = 0; run < runs; run++, skip += runSkip) {
        for (const end = skip + runBytes; skip < end; skip += 4) {
          for (let k = 0; k < size; k++, to += 4) {
            let sum: f32 = 0;
            for (let i = 0; i < n; i++)
              sum += load<f32>(at(input, i) + skip) * load<f32>(d + <usize>i * step + ((<usize>k) << 2));
            add(to, sum);
          }
        }
      }
    }
  }
}

export function inputGradient(
  input: usize, n: i32, gOffset: i32,
  rows: i32, rowSkip: i32, runs: i32, runBytes: i32, runSkip: i32,
  d: usize, pitch: i32, channels: i32, filter: usize,
): void {
  const step = (<usize>pitch) << 2;
  const block = (<usize>channels) << 5;
  let skip: usize = gOffset;
  for (let row = 0; row < rows; row++, skip += rowSkip) {
    for (let run = 0; run < runs; run++, skip += runBytes + runSkip) {
      for (let within: usize = 0; within < <usize>runBytes; within += 32, filter += block) {
        const used = min(32, <usize>runBytes - within);
        for (let i = 0; i < n; i++) {
          const pixel = at(input, i) + skip + within;
          for (let k: usize = 0; k < used; k += 4) {
            let sum: f32 = 0;
            for (let c = 0; c < channels; c++)
              sum += load<f32>(d + <usize>i * step + ((<usize>c) << 2)) * load<f32>(filter + ((<usize>c) << 5) + k);
            add(pixel + k, sum);
          }
        }
      }
    }
  }
}

export function depthwiseGradient(
  input: usize, n: i32, channels: i32, multiplier: i32,
  taps: usize, tapCount: i32, weights: usize,
  gOffset: i32, needsInput: i32, d: usize, pitch: i32, to: usize,
): void {
  const row = (<usize>((channels + 3) & ~3)) << 2;
  const bias = to + <usize>tapCount * row;
  for (let i = 0; i < n; i++, d += (<usize>pitch) << 2) {
    for (let tap = 0, skip: usize = 0; tap < tapCount; tap++, skip += row) {
      const pixel = at(input, i) + at(taps, tap);
      for (let c = 0; c < channels; c++) {
        const value = (<usize>c) << 2;
        const x = pixel + ((<usize>(c / multiplier)) << 2);
        add(to + skip + value, load<f32>(x) * load<f32>(d + value));
        if (needsInput) add(x + gOffset, load<f32>(weights + skip + value) * load<f32>(d + value));
      }
    }
    for (let c: usize = 0; c < (<usize>channels) << 2; c += 4) add(bias + c, load<f32>(d + c));
  }
}

export function denseGradient(
  ys: usize, xs: usize, n: i32, planeWidth: i32,
  input: usize, rowBytes: i32, C: i32,
  weights: usize, width: i32, prefix: usize, last: usize, now: i32,
  gOffset: i32, needsInput: i32, to: usize, row: usize,
): void {
  const bytes = (<usize>width) << 2;
  for (let i = 0; i < n; i++) {
    const y = at(ys, i);
    const x = at(xs, i);
    const number = y * planeWidth + x;
    const until = load<u32>(last + (number << 2));
    store<u32>(last + (number << 2), now);
    const a = prefix + ((<usize>until * width) << 3);
    const b = prefix + ((<usize>now * width) << 3);
    let any = false;
    for (let u: usize = 0; u < bytes; u += 4) {
      const delta = <f32>(load<f64>(a + 2 * u) - load<f64>(b + 2 * u));
      store<f32>(row + u, delta);
      any = any || delta != 0;
    }
    if (!any) continue;
    let pixel = input + y * rowBytes + ((x * C) << 2);
    let w = weights + number * C * bytes;
    let g = to + number * C * bytes;
    for (let c = 0; c < C; c++, pixel += 4, w += bytes, g += bytes) {
      let sum: f32 = 0;
      for (let u: usize = 0; u < bytes; u += 4) {
        add(g + u, load<f32>(pixel) * load<f32>(row + u));
        sum += load<f32>(w + u) * load<f32>(row + u);
      }
      if (needsInput) add(pixel + gOffset, sum);
    }
  }
}
