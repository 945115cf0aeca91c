/**
 * Writing what an op computed into the cached activation, in place, and noticing which pixels really changed. And the
 * way back: saving pixels before they are written, and restoring them.
 */
import {laneMask} from './vector';

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
  const bytes = (C as usize) << 2;
  for (let i = 0; i < n; i++, from += bytes) {
    const to = load<u32>(output + ((i as usize) << 2)) as usize;
    const over = !isWithin(from, to, tolerance, C);
    if (over) memory.copy(to, from, bytes);
    store<u8>(flags + i, over as u8);
  }
}

/** Whether |a − b| ≤ tolerance, a comparison that no NaN passes, in all C channels; looks no further than it has to. */
function isWithin(a: usize, b: usize, tolerance: usize, C: i32): bool {
  const end = a + ((C as usize) << 2);
  const whole = a + (((C & ~3) as usize) << 2);
  for (; a < whole; a += 16, b += 16, tolerance += 16) {
    if (!i32x4.all_true(within4(a, b, tolerance))) return false;
  }
  if (a == end) return true;
  const beyond = v128.not(laneMask(C & 3));
  return i32x4.all_true(v128.or(within4(a, b, tolerance), beyond));
}

// @ts-ignore: decorator
@inline
function within4(a: usize, b: usize, tolerance: usize): v128 {
  return f32x4.le(f32x4.abs(f32x4.sub(v128.load(a), v128.load(b))), v128.load(tolerance));
}

/** Copies the listed pixels of `bytes` bytes each, one after the other. */
export function savePixels(addresses: usize, n: i32, bytes: i32, to: usize): void {
  for (let i = 0; i < n; i++, addresses += 4, to += bytes) memory.copy(to, load<u32>(addresses), bytes);
}

/** Puts back what savePixels copied. */
export function restorePixels(addresses: usize, n: i32, bytes: i32, from: usize): void {
  for (let i = 0; i < n; i++, addresses += 4, from += bytes) memory.copy(load<u32>(addresses), from, bytes);
}
