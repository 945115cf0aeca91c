/** Rows of bits in 32-bit words: bit x of a row is bit `x & 31` of its word `x >>> 5`. */

/** Words that a row takes. */
// @ts-ignore: decorator
@inline
export function wordsFor(width: i32): i32 {
  return (width + 31) >>> 5;
}

/** The bits of a row's last word that lie within the width. */
// @ts-ignore: decorator
@inline
export function lastMask(width: i32): u32 {
  return (0xffffffff as u32) >>> (((-width) & 31) as u32);
}
