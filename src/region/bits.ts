/**
 * Rows of bits in 32-bit words: bit x of a row is bit `x & 31` of its word `x >>> 5`. A row is named by the array that
 * holds it and the index of its first word. Nothing here knows of planes, and nothing is checked: callers have done so.
 */

/** Words that a row of `width` bits takes. */
export function wordsFor(width: number): number {
  return (width + 31) >>> 5;
}

/** The bits of word `index` of a row that lie in columns `from` to `end - 1`; the word must hold at least one. */
export function rangeMask(index: number, from: number, end: number): number {
  const low = Math.max(from - index * 32, 0);
  const high = end - index * 32;
  return (high >= 32 ? -1 : (1 << high) - 1) & (-1 << low);
}

/** The bits of a row's last word that lie inside a row of `width` bits. */
export function lastMask(width: number): number {
  return rangeMask(wordsFor(width) - 1, 0, width);
}

/** How many bits of a word are set. */
export function popcount(word: number): number {
  let v = (word | 0) - ((word >>> 1) & 0x55555555); // as int32: unsigned sums would become doubles
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The index of the lowest set bit of a word that is not 0. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** Whether `count` words from `start` on are all 0. */
export function isZero(words: Uint32Array, start: number, count: number): boolean {
  for (let i = start; i < start + count; i++) if (words[i] !== 0) return false;
  return true;
}

/** Sets the bits of columns `from` to `end - 1`. */
export function setRange(words: Uint32Array, start: number, from: number, end: number): void {
  if (from >= end) return;
  const last = (end - 1) >>> 5;
  for (let i = from >>> 5; i <= last; i++) words[start + i] |= rangeMask(i, from, end);
}

/** The first set column in `from` to `end - 1`, or `end`. */
export function nextSet(words: Uint32Array, start: number, from: number, end: number): number {
  return scan(words, start, from, end, 0);
}

/** The first clear column in `from` to `end - 1`, or `end`. */
export function nextClear(words: Uint32Array, start: number, from: number, end: number): number {
  return scan(words, start, from, end, -1);
}

function scan(words: Uint32Array, start: number, from: number, end: number, flip: number): number {
  if (from >= end) return end;
  const last = (end - 1) >>> 5;
  let i = from >>> 5;
  let word = (words[start + i] ^ flip) & (-1 << (from & 31));
  while (word === 0) {
    if (++i > last) return end;
    word = words[start + i] ^ flip;
  }
  return Math.min(end, i * 32 + lowestBit(word));
}

/** The last set column in `from` to `end - 1`, or -1. */
export function lastSet(words: Uint32Array, start: number, from: number, end: number): number {
  if (from >= end) return -1;
  const first = from >>> 5;
  for (let i = (end - 1) >>> 5; i >= first; i--) {
    const word = words[start + i] & rangeMask(i, from, end);
    if (word !== 0) return i * 32 + 31 - Math.clz32(word);
  }
  return -1;
}

/**
 * `target |= source` moved by `by` columns, to the right where `by` is positive. What falls outside the target's words
 * is dropped; the target's padding bits are the caller's to clear. Source and target may be the same row.
 */
export function orShifted(
  target: Uint32Array,
  targetStart: number,
  targetWords: number,
  source: Uint32Array,
  sourceStart: number,
  sourceWords: number,
  by: number,
): void {
  const whole = by >> 5; // rounds down, so that `part` is never negative
  const part = by & 31;
  const first = Math.max(0, whole);
  const last = Math.min(targetWords - 1, sourceWords + whole);
  // Moving right goes from the right, moving left from the left: in place, no word is read after it was written.
  // In two steps, `>>> 1 >>> rest`, because a shift by 32 would be one by 0.
  const rest = 31 - part;
  if (by < 0) {
    let before = first > whole ? source[sourceStart + first - whole - 1] : 0;
    for (let i = first; i <= last; i++) {
      const word = i - whole < sourceWords ? source[sourceStart + i - whole] : 0;
      target[targetStart + i] |= (word << part) | ((before >>> 1) >>> rest);
      before = word;
    }
    return;
  }
  let word = last - whole < sourceWords ? source[sourceStart + last - whole] : 0;
  for (let i = last; i >= first; i--) {
    const before = i > whole ? source[sourceStart + i - whole - 1] : 0;
    target[targetStart + i] |= (word << part) | ((before >>> 1) >>> rest);
    word = before;
  }
}
