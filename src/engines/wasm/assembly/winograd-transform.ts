/**
 * What becomes of a tile before the products of winograd.ts, and after them.
 *
 * Along one axis, of four values d and three taps g, for two results:
 *
 *     products   m0 = (d0 − d2) · g0               m1 = (d1 + d2) · (g0 + g1 + g2) / 2
 *                m2 = (d2 − d1) · (g0 − g1 + g2) / 2   m3 = (d1 − d3) · g2
 *     results    (m0 + m1) + m2                    (m1 − m2) − m3
 *
 * The first result has d0 to d2 in it, the second one d1 to d3. Both axes together have 4 × 4 products, numbered row by row.
 */
import {clamp, laneMask} from './vector';
import {BYTES_IN, BYTES_OUT, CHANNELS_IN, ROWS} from './winograd-shape';

/** Places of a tile: the upper two are bits 1 and 2, the lower two 4 and 8. */
const UPPER = 0b0011;
const LOWER = 0b1100;
const RIGHT = 0b1010;

/** Writes a row of 4 products' vectors. */
// @ts-ignore: decorator
@inline
function put4(rows: usize, offset: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(load<usize>(rows) + offset, f32x4.sub(a, c));
  v128.store(load<usize>(rows, 4) + offset, f32x4.add(b, c));
  v128.store(load<usize>(rows, 8) + offset, f32x4.sub(c, b));
  v128.store(load<usize>(rows, 12) + offset, f32x4.sub(b, d));
}

/**
 * Makes the 16 vectors of a tile. Its last row and column are read only where a listed pixel has them in its window: at the
 * plane's end there are none.
 * @param from the tile's first tap
 * @param rows the address of each product's next row
 */
export function transformInput(
  from: usize, rowBytes: usize, pixelBytes: usize, channels: i32, listed: u32, rows: usize,
): void {
  const x2 = pixelBytes << 1;
  const x3 = listed & RIGHT ? x2 + pixelBytes : x2;
  let r0 = from, r1 = r0 + rowBytes, r2 = r1 + rowBytes;
  let r3 = listed & LOWER ? r2 + rowBytes : r2;
  let offset: usize = 0;
  for (let c = 0; c < channels; c += 4) {
    const b0 = v128.load(r1), b1 = v128.load(r1 + pixelBytes), b2 = v128.load(r1 + x2), b3 = v128.load(r1 + x3);
    const c0 = v128.load(r2), c1 = v128.load(r2 + pixelBytes), c2 = v128.load(r2 + x2), c3 = v128.load(r2 + x3);
    put4(
      rows, offset,
      f32x4.sub(v128.load(r0), c0), f32x4.sub(v128.load(r0 + pixelBytes), c1),
      f32x4.sub(v128.load(r0 + x2), c2), f32x4.sub(v128.load(r0 + x3), c3),
    );
    put4(rows + 16, offset, f32x4.add(b0, c0), f32x4.add(b1, c1), f32x4.add(b2, c2), f32x4.add(b3, c3));
    put4(rows + 32, offset, f32x4.sub(c0, b0), f32x4.sub(c1, b1), f32x4.sub(c2, b2), f32x4.sub(c3, b3));
    put4(
      rows + 48, offset,
      f32x4.sub(b0, v128.load(r3)), f32x4.sub(b1, v128.load(r3 + pixelBytes)),
      f32x4.sub(b2, v128.load(r3 + x2)), f32x4.sub(b3, v128.load(r3 + x3)),
    );
    r0 += 16;
    r1 += 16;
    r2 += 16;
    r3 += 16;
    offset += 16;
    if ((c & (CHANNELS_IN - 1)) === CHANNELS_IN - 4) offset += (ROWS - 1) * BYTES_IN;
  }
}

/** A column of products as one result: the upper one, or the lower one. */
// @ts-ignore: decorator
@inline
function column(rows: usize, offset: usize, isLower: bool): v128 {
  const m1 = v128.load(load<usize>(rows, 16) + offset), m2 = v128.load(load<usize>(rows, 32) + offset);
  return isLower
    ? f32x4.sub(f32x4.sub(m1, m2), v128.load(load<usize>(rows, 48) + offset))
    : f32x4.add(f32x4.add(v128.load(load<usize>(rows) + offset), m1), m2);
}

/** Writes 4 channels, or the first ones of them where fewer are left; returns which bits changed. */
// @ts-ignore: decorator
@inline
function put(to: usize, value: v128, left: i32): v128 {
  const old = v128.load(to);
  if (left >= 4) {
    v128.store(to, value);
    return v128.xor(value, old);
  }
  v128.store32_lane(to, value, 0);
  if (left > 1) v128.store32_lane(to, value, 1, 4);
  if (left > 2) v128.store32_lane(to, value, 2, 8);
  return v128.and(v128.xor(value, old), laneMask(left));
}

/** The upper or the lower two pixels of a tile, of which those with a target are wanted. */
// @ts-ignore: decorator
@inline
function putRow(
  rows: usize, places: usize, listed: u32, isLower: bool, filters: i32, low: v128, high: v128, output: usize, flags: usize,
): void {
  const hasLeft = (listed & 1) !== 0, hasRight = (listed & 2) !== 0;
  const left = load<u32>(places), right = load<u32>(places, 4);
  let a: usize = hasLeft ? load<u32>(output + (left << 2)) : 0;
  let b: usize = hasRight ? load<u32>(output + (right << 2)) : 0;
  let changedA = i32x4.splat(0), changedB = changedA;
  let offset: usize = 0;
  for (let c = 0; c < filters; c += 4) {
    const m1 = column(rows + 4, offset, isLower), m2 = column(rows + 8, offset, isLower);
    if (hasLeft) {
      const value = f32x4.add(f32x4.add(column(rows, offset, isLower), m1), m2);
      changedA = v128.or(changedA, put(a, clamp(value, low, high), filters - c));
    }
    if (hasRight) {
      const value = f32x4.sub(f32x4.sub(m1, m2), column(rows + 12, offset, isLower));
      changedB = v128.or(changedB, put(b, clamp(value, low, high), filters - c));
    }
    a += 16;
    b += 16;
    offset += c & 4 ? ROWS * BYTES_OUT - 16 : 16;
  }
  if (hasLeft) store<u8>(flags + left, v128.any_true(changedA) as u8);
  if (hasRight) store<u8>(flags + right, v128.any_true(changedB) as u8);
}

/**
 * Makes the listed pixels of a tile of its 16 results, writes them, and flags those that changed.
 * @param rows the address of each product's row
 * @param places where in the list the pixel at each of the four places is
 */
export function transformOutput(
  rows: usize, places: usize, listed: u32, filters: i32, low: v128, high: v128, output: usize, flags: usize,
): void {
  if (listed & UPPER) putRow(rows, places, listed, false, filters, low, high, output, flags);
  if (listed & LOWER) putRow(rows, places + 8, listed >>> 2, true, filters, low, high, output, flags);
}
