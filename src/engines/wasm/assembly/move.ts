/** Pixels read from elsewhere: copies, and bilinear upsampling. */
import {madd} from './vector';

// @ts-ignore: decorator
@inline
function copyFloats(from: usize, to: usize, bytes: usize): void {
  const vectors = bytes & ~15;
  for (let b: usize = 0; b < vectors; b += 16) v128.store(to + b, v128.load(from + b));
  for (let b = vectors; b < bytes; b += 4) store<u32>(to + b, load<u32>(from + b));
}

// @ts-ignore: decorator
@inline
function clearFloats(to: usize, bytes: usize): void {
  const vectors = bytes & ~15;
  for (let b: usize = 0; b < vectors; b += 16) v128.store(to + b, i32x4.splat(0));
  for (let b = vectors; b < bytes; b += 4) store<u32>(to + b, 0);
}

/**
 * The listed pixels, `bytes` of each (a multiple of 4), `toStride` apart; zeros where the address is 0. Nothing between
 * them is written: other channels lie there.
 * @split n: from 4, to toStride
 * @cost bytes
 */
export function copyPixels(from: usize, n: i32, bytes: i32, to: usize, toStride: i32): void {
  for (const end = from + ((<usize>n) << 2); from < end; from += 4, to += toStride) {
    const pixel: usize = load<u32>(from);
    if (pixel) copyFloats(pixel, to, bytes);
    else clearFloats(to, bytes);
  }
}

/** `a` + (`b` - `a`) × weight. */
// @ts-ignore: decorator
@inline
function lerp(a: v128, b: v128, weight: v128): v128 {
  return madd(a, f32x4.sub(b, a), weight);
}

/**
 * The listed output pixels, between the four of the input around each: along the row above and the row below, then
 * between the two. One that lies on a row or column of the input reads no other: not even an infinity there reaches it.
 * @call ys xs n base to
 * @split n where channels % 4 === 0: ys 4, xs 4, to 4 * channels
 * @cost 16 * channels
 */
export function upsampleBilinear(
  ys: usize,
  xs: usize,
  n: i32,
  base: usize,
  rowBytes: i32,
  height: i32,
  width: i32,
  channels: i32,
  fh: i32,
  fw: i32,
  to: usize,
): void {
  const bytes = (<usize>channels) << 2;
  for (let i = 0; i < n; i++, to += bytes) {
    const y = <i32>load<u32>(ys + ((<usize>i) << 2));
    const x = <i32>load<u32>(xs + ((<usize>i) << 2));
    const row = y / fh;
    const column = x / fw;
    const below = f32x4.splat(<f32>(y % fh) / <f32>fh);
    const right = f32x4.splat(<f32>(x % fw) / <f32>fw);
    const nextRow = y % fh && row + 1 < height ? <usize>rowBytes : 0;
    const nextColumn = x % fw && column + 1 < width ? bytes : 0;
    const at = base + <usize>row * rowBytes + <usize>column * bytes;
    for (let c: usize = 0; c < bytes; c += 16) {
      const p = at + c;
      const upper = lerp(v128.load(p), v128.load(p + nextColumn), right);
      const lower = lerp(v128.load(p + nextRow), v128.load(p + nextRow + nextColumn), right);
      v128.store(to + c, lerp(upper, lower, below));
    }
  }
}

/** Where an output row or column lies between two of the input: byte offsets of both, and the share of the second. */
// @ts-ignore: decorator
@inline
function between(table: usize, list: usize, i: i32): usize {
  return table + (<usize>load<u32>(list + ((<usize>i) << 2))) * 12;
}

/**
 * The listed output pixels, between four of the input by tables: along the row above and the row below, then between the two.
 * @call ys xs n base to
 * @split n where channels % 4 === 0: ys 4, xs 4, to 4 * channels
 * @cost 16 * channels
 */
export function resizeBilinear(
  ys: usize,
  xs: usize,
  n: i32,
  base: usize,
  channels: i32,
  rows: usize,
  columns: usize,
  to: usize,
): void {
  const bytes = (<usize>channels) << 2;
  for (let i = 0; i < n; i++, to += bytes) {
    const row = between(rows, ys, i);
    const column = between(columns, xs, i);
    const below = v128.load32_splat(row, 8);
    const right = v128.load32_splat(column, 8);
    const upper = base + load<u32>(row);
    const lower = base + load<u32>(row, 4);
    const first: usize = load<u32>(column);
    const second: usize = load<u32>(column, 4);
    for (let c: usize = 0; c < bytes; c += 16) {
      const top = lerp(v128.load(upper + first + c), v128.load(upper + second + c), right);
      const bottom = lerp(v128.load(lower + first + c), v128.load(lower + second + c), right);
      v128.store(to + c, lerp(top, bottom, below));
    }
  }
}
