/**
 * Writing what an op computed into the cached activation, in place, and noticing which pixels really changed. And the
 * way back: saving pixels before they are written, and restoring them.
 */
import {laneMask, storeLanes, within} from './vector';

/**
 * Writes n pixels of C values to the listed addresses, and flags those in which any bit differs.
 * @split n where C % 4 === 0: from 4 * C, output 4, flags 1
 * @cost 8 * C
 */
export function commitExact(from: usize, n: i32, C: i32, output: usize, flags: usize): void {
  const whole = C & ~3;
  const tail = laneMask(C - whole);
  for (let i = 0; i < n; i++) {
    let to = load<u32>(output + ((i as usize) << 2)) as usize;
    let differs = i32x4.splat(0);
    for (let c = 0; c < whole; c += 4, from += 16, to += 16) {
      const value = v128.load(from);
      differs = v128.or(differs, v128.xor(value, v128.load(to)));
      v128.store(to, value);
    }
    if (whole < C) {
      const old = v128.load(to);
      const value = v128.bitselect(v128.load(from), old, tail);
      differs = v128.or(differs, v128.xor(value, old));
      v128.store(to, value);
      from += ((C - whole) as usize) << 2;
    }
    store<u8>(flags + i, v128.any_true(differs) as u8);
  }
}

/**
 * The same with a tolerance for each channel: a pixel all of whose values are within it stays as it was, another one is
 * written with all its channels. Anything compared with a NaN is over the tolerance.
 * @split n: from 4 * C, output 4, flags 1
 * @cost 8 * C
 */
export function commitWithin(
  from: usize,
  n: i32,
  C: i32,
  tolerance: usize,
  output: usize,
  flags: usize,
): void {
  const whole = ((C & ~3) as usize) << 2;
  const bytes = (C as usize) << 2;
  const rest = laneMask(C & 3);
  for (let i = 0; i < n; i++, from += bytes, output += 4) {
    const to: usize = load<u32>(output);
    const over = isOver(from, to, tolerance, whole, rest);
    store<u8>(flags + i, over as u8);
    if (!over) continue;
    for (let c: usize = 0; c < whole; c += 16) v128.store(to + c, v128.load(from + c));
    if (whole < bytes) storeLanes(to + whole, v128.load(from + whole), rest);
  }
}

/** Whether any channel is over its tolerance; looks no further than it has to. */
// @ts-ignore: decorator
@inline
function isOver(a: usize, b: usize, tolerance: usize, whole: usize, rest: v128): bool {
  let c: usize = 0;
  for (; c + 16 < whole; c += 32) {
    const both = v128.and(within4(a + c, b + c, tolerance + c), within4(a + c + 16, b + c + 16, tolerance + c + 16));
    if (!i32x4.all_true(both)) return true;
  }
  if (c < whole && !i32x4.all_true(within4(a + c, b + c, tolerance + c))) return true;
  if (!v128.any_true(rest)) return false;
  return v128.any_true(v128.andnot(rest, within4(a + whole, b + whole, tolerance + whole)));
}

// @ts-ignore: decorator
@inline
function within4(a: usize, b: usize, tolerance: usize): v128 {
  return within(v128.load(a), v128.load(b), v128.load(tolerance));
}

/** Copies the listed pixels of `bytes` bytes each, one after the other. */
export function savePixels(addresses: usize, n: i32, bytes: i32, to: usize): void {
  for (let i = 0; i < n; i++, addresses += 4, to += bytes) memory.copy(to, load<u32>(addresses), bytes);
}

/** Puts back what savePixels copied. */
export function restorePixels(addresses: usize, n: i32, bytes: i32, from: usize): void {
  for (let i = 0; i < n; i++, addresses += 4, from += bytes) memory.copy(load<u32>(addresses), from, bytes);
}
