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

/** A product's 4 channels. */
// @ts-ignore: decorator
@inline
function product(rows: usize, k: usize, offset: usize): v128 {
  return v128.load(load<usize>(rows + (k << 2)) + offset);
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

/** The address of the pixel at a place of a tile. */
// @ts-ignore: decorator
@inline
function target(places: usize, place: usize, output: usize): usize {
  return load<u32>(output + (load<u32>(places + (place << 2)) << 2));
}

// @ts-ignore: decorator
@inline
function flag(places: usize, place: usize, changed: v128, flags: usize): void {
  store<u8>(flags + load<u32>(places + (place << 2)), v128.any_true(changed) as u8);
}

/**
 * Makes the four pixels of a tile of its 16 products, writes those that are listed, and flags those that changed. Of the others the
 * products may be anything.
 * @param rows the address of each product's row
 * @param places where in the list the pixel at each of the four places is
 */
export function transformOutput(
  rows: usize, places: usize, listed: u32, filters: i32, low: v128, high: v128, output: usize, flags: usize,
): void {
  const hasA = (listed & 1) !== 0, hasB = (listed & 2) !== 0, hasC = (listed & 4) !== 0, hasD = (listed & 8) !== 0;
  let a: usize = hasA ? target(places, 0, output) : 0, b: usize = hasB ? target(places, 1, output) : 0;
  let c: usize = hasC ? target(places, 2, output) : 0, d: usize = hasD ? target(places, 3, output) : 0;
  let changedA = i32x4.splat(0), changedB = changedA, changedC = changedA, changedD = changedA;
  let offset: usize = 0;
  for (let left = filters; left > 0; left -= 4) {
    const m4 = product(rows, 4, offset), m5 = product(rows, 5, offset), m6 = product(rows, 6, offset), m7 = product(rows, 7, offset);
    const m8 = product(rows, 8, offset), m9 = product(rows, 9, offset), m10 = product(rows, 10, offset), m11 = product(rows, 11, offset);
    if (listed & UPPER) {
      const x0 = f32x4.add(f32x4.add(product(rows, 0, offset), m4), m8);
      const x1 = f32x4.add(f32x4.add(product(rows, 1, offset), m5), m9);
      const x2 = f32x4.add(f32x4.add(product(rows, 2, offset), m6), m10);
      const x3 = f32x4.add(f32x4.add(product(rows, 3, offset), m7), m11);
      if (hasA) changedA = v128.or(changedA, put(a, clamp(f32x4.add(f32x4.add(x0, x1), x2), low, high), left));
      if (hasB) changedB = v128.or(changedB, put(b, clamp(f32x4.sub(f32x4.sub(x1, x2), x3), low, high), left));
    }
    if (listed & LOWER) {
      const x0 = f32x4.sub(f32x4.sub(m4, m8), product(rows, 12, offset));
      const x1 = f32x4.sub(f32x4.sub(m5, m9), product(rows, 13, offset));
      const x2 = f32x4.sub(f32x4.sub(m6, m10), product(rows, 14, offset));
      const x3 = f32x4.sub(f32x4.sub(m7, m11), product(rows, 15, offset));
      if (hasC) changedC = v128.or(changedC, put(c, clamp(f32x4.add(f32x4.add(x0, x1), x2), low, high), left));
      if (hasD) changedD = v128.or(changedD, put(d, clamp(f32x4.sub(f32x4.sub(x1, x2), x3), low, high), left));
    }
    a += 16;
    b += 16;
    c += 16;
    d += 16;
    offset += (filters - left) & 4 ? ROWS * BYTES_OUT - 16 : 16;
  }
  if (hasA) flag(places, 0, changedA, flags);
  if (hasB) flag(places, 1, changedB, flags);
  if (hasC) flag(places, 2, changedC, flags);
  if (hasD) flag(places, 3, changedD, flags);
}
