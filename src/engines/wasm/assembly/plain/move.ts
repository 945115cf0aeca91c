/** Pixels read from elsewhere, value by value. */

export function copyPixels(from: usize, n: i32, bytes: i32, to: usize, toStride: i32): void {
  for (let i = 0; i < n; i++, from += 4, to += toStride) {
    const pixel: usize = load<u32>(from);
    if (pixel) memory.copy(to, pixel, bytes);
    else memory.fill(to, 0, bytes);
  }
}

// @ts-ignore: decorator
@inline
function lerp(a: f32, b: f32, weight: f32): f32 {
  return a + (b - a) * weight;
}

export function upsampleBilinear(
  ys: usize, xs: usize, n: i32,
  base: usize, rowBytes: i32, H: i32, W: i32, C: i32, fh: i32, fw: i32,
  to: usize,
): void {
  const bytes = C << 2;
  for (let i = 0; i < n; i++, ys += 4, xs += 4) {
    const y = load<i32>(ys);
    const x = load<i32>(xs);
    const below = <f32>(y % fh) / <f32>fh;
    const right = <f32>(x % fw) / <f32>fw;
    // A pixel that lies on a row or column of the input reads no other.
    const nextRow = y % fh && y / fh + 1 < H ? rowBytes : 0;
    const nextColumn = x % fw && x / fw + 1 < W ? bytes : 0;
    let p = base + (y / fh) * rowBytes + (x / fw) * bytes;
    for (let c = 0; c < C; c++, p += 4, to += 4) {
      const upper = lerp(load<f32>(p), load<f32>(p + nextColumn), right);
      const lower = lerp(load<f32>(p + nextRow), load<f32>(p + nextRow + nextColumn), right);
      store<f32>(to, lerp(upper, lower, below));
    }
  }
}

export function resizeBilinear(
  ys: usize, xs: usize, n: i32,
  base: usize, C: i32, rows: usize, columns: usize,
  to: usize,
): void {
  const bytes = C << 2;
  for (let i = 0; i < n; i++, ys += 4, xs += 4) {
    const row = rows + <usize>load<u32>(ys) * 12;
    const column = columns + <usize>load<u32>(xs) * 12;
    const upper = base + load<u32>(row);
    const lower = base + load<u32>(row, 4);
    const first: usize = load<u32>(column);
    const second: usize = load<u32>(column, 4);
    for (let c = 0; c < bytes; c += 4, to += 4) {
      const top = lerp(load<f32>(upper + first + c), load<f32>(upper + second + c), load<f32>(column, 8));
      const bottom = lerp(load<f32>(lower + first + c), load<f32>(lower + second + c), load<f32>(column, 8));
      store<f32>(to, lerp(top, bottom, load<f32>(row, 8)));
    }
  }
}
