/**
 * The gate of an input, after the pixels over it are marked: which of them count as changed. The rules are those of
 * src/region/gate.ts.
 */
import {lastMask, wordsFor} from './words';

/** For each of 32 pixels, how many of its neighbours are set: a number of four bits, one word a bit. */
let ones: u32 = 0;
let twos: u32 = 0;
let fours: u32 = 0;
let eights: u32 = 0;
/** Pixels all of whose neighbours are set, as far as they lie in the plane. */
let all: u32 = 0;

/** @param orOutside the same word, and set besides where it would lie outside of the plane */
// @ts-ignore: decorator
@inline
function count(word: u32, orOutside: u32): void {
  all &= orOutside;
  let carry = word & ones;
  ones ^= word;
  const more = carry & twos;
  twos ^= carry;
  carry = more & fours;
  fours ^= more;
  eights |= carry;
}

/** Pixels for which at least `least` were counted. */
function countedAtLeast(least: i32): u32 {
  let greater: u32 = 0;
  let equal: u32 = 0xffffffff;
  for (let bit = 8; bit > 0; bit >>= 1) {
    const word = bit === 8 ? eights : bit === 4 ? fours : bit === 2 ? twos : ones;
    if ((least & bit) !== 0) {
      equal &= word;
    } else {
      greater |= equal & word;
      equal &= ~word;
    }
  }
  return greater | equal;
}

/** Counts the neighbours in one row; those in the middle are not counted of a pixel's own row. */
function countRow(row: usize, i: i32, words: i32, border: u32, isOwn: bool): void {
  const at = row + ((i as usize) << 2);
  const word = load<u32>(at);
  const left = (word << 1) | (i > 0 ? load<u32>(at - 4) >>> 31 : 0);
  const right = (word >>> 1) | (i + 1 < words ? load<u32>(at, 4) << 31 : 0);
  count(left, i > 0 ? left : left | 1);
  count(right, i + 1 < words ? right : right | border);
  if (!isOwn) count(word, word);
}

/** Leaves of `from`, in `into`, the pixels of whose neighbours at least `least` are set, or all in the plane. */
function keepCrowded(from: usize, height: i32, width: i32, least: i32, into: usize): void {
  const words = wordsFor(width);
  const rowBytes = (words as usize) << 2;
  const border: u32 = (1 as u32) << (((width - 1) & 31) as u32);
  for (let y = 0; y < height; y++, from += rowBytes) {
    for (let i = 0; i < words; i++, into += 4) {
      const own = load<u32>(from + ((i as usize) << 2));
      if (own === 0) {
        store<u32>(into, 0);
        continue;
      }
      ones = twos = fours = eights = 0;
      all = 0xffffffff;
      if (y > 0) countRow(from - rowBytes, i, words, border, false);
      countRow(from, i, words, border, true);
      if (y + 1 < height) countRow(from + rowBytes, i, words, border, false);
      store<u32>(into, own & (countedAtLeast(least) | all));
    }
  }
}

/** Three rows, as far as they lie in the plane, in one word. */
// @ts-ignore: decorator
@inline
function column(at: usize, rowBytes: usize, hasAbove: bool, hasBelow: bool): u32 {
  let word = load<u32>(at);
  if (hasAbove) word |= load<u32>(at - rowBytes);
  if (hasBelow) word |= load<u32>(at + rowBytes);
  return word;
}

/** The set pixels of `from` and their neighbours. */
function growByOne(from: usize, height: i32, width: i32, into: usize): void {
  const words = wordsFor(width);
  const rowBytes = (words as usize) << 2;
  const last = lastMask(width);
  for (let y = 0; y < height; y++) {
    const above = y > 0;
    const below = y + 1 < height;
    let before: u32 = 0;
    let own = column(from, rowBytes, above, below);
    for (let i = 0; i < words; i++, from += 4, into += 4) {
      const after: u32 = i + 1 < words ? column(from + 4, rowBytes, above, below) : 0;
      const spread = own | (own << 1) | (own >>> 1) | (before >>> 31) | (after << 31);
      store<u32>(into, i + 1 < words ? spread : spread & last);
      before = own;
      own = after;
    }
  }
}

/**
 * Leaves the set pixels that are not alone, and grows what is left by `grow` pixels, in place.
 * @param copy memory for another mask of this size
 * @returns how many pixels are set then
 */
export function gateMask(mask: usize, height: i32, width: i32, least: i32, grow: i32, copy: usize): i32 {
  const words = height * wordsFor(width);
  const bytes = (words as usize) << 2;
  if (least > 0) {
    memory.copy(copy, mask, bytes);
    keepCrowded(copy, height, width, least, mask);
  }
  for (let i = 0; i < grow; i++) {
    memory.copy(copy, mask, bytes);
    growByOne(copy, height, width, mask);
  }
  let pixels = 0;
  for (let end = mask + bytes; mask < end; mask += 4) pixels += popcnt(load<u32>(mask)) as i32;
  return pixels;
}
