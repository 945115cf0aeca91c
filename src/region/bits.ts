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
  if (by < 0) {
    for (let i = first; i <= last; i++) {
      target[targetStart + i] |= shiftedWord(source, sourceStart, sourceWords, i - whole, part);
    }
  } else {
    for (let i = last; i >= first; i--) {
      target[targetStart + i] |= shiftedWord(source, sourceStart, sourceWords, i - whole, part);
    }
  }
}

/** Word `i` of a row moved right by `part` columns, 0 to 31. */
function shiftedWord(words: Uint32Array, start: number, count: number, i: number, part: number): number {
  const word = i < count ? words[start + i] << part : 0;
  // In two steps: a shift by 32 would be one by 0.
  return i > 0 ? word | ((words[start + i - 1] >>> 1) >>> (31 - part)) : word;
}

/** Calls `visit` with the column of each set bit, from the left. */
export function forEachBit(
  words: Uint32Array,
  start: number,
  count: number,
  visit: (column: number) => void,
): void {
  for (let i = 0; i < count; i++) {
    for (let word = words[start + i] | 0; word !== 0; word &= word - 1) visit(i * 32 + lowestBit(word));
  }
}
