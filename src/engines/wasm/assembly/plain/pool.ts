/** Pools over windows that are clipped to the input's plane, value by value. */

/** A value of the window whose first row and column of taps are `top` and `left`. */
function poolValue(
  base: usize,
  rowBytes: i32,
  pixelBytes: i32,
  H: i32,
  W: i32,
  top: i32,
  left: i32,
  kh: i32,
  kw: i32,
  dh: i32,
  dw: i32,
  average: i32,
): f32 {
  let result: f32 = average ? 0 : -Infinity;
  let count = 0;
  for (let ky = 0, y = top; ky < kh; ky++, y += dh) {
    if (y < 0 || y >= H) continue;
    for (let kx = 0, x = left; kx < kw; kx++, x += dw) {
      if (x < 0 || x >= W) continue;
      const value = load<f32>(base + y * rowBytes + x * pixelBytes);
      if (average) result += value;
      else if (value > result) result = value;
      count++;
    }
  }
  return average ? result / <f32>count : result;
}

export function pool(
  ys: usize,
  xs: usize,
  n: i32,
  base: usize,
  rowBytes: i32,
  H: i32,
  W: i32,
  C: i32,
  kh: i32,
  kw: i32,
  sh: i32,
  sw: i32,
  dh: i32,
  dw: i32,
  padTop: i32,
  padLeft: i32,
  average: i32,
  to: usize,
): void {
  for (let i = 0; i < n; i++, ys += 4, xs += 4) {
    const top = load<i32>(ys) * sh - padTop;
    const left = load<i32>(xs) * sw - padLeft;
    for (let c = 0; c < C; c++, to += 4) {
      const channel = base + ((<usize>c) << 2);
      store<f32>(to, poolValue(channel, rowBytes, C << 2, H, W, top, left, kh, kw, dh, dw, average));
    }
  }
}
