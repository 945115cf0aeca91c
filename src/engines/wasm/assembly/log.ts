/**
 * What a recorded frame overwrote, in a compact form, and the backward pass. A record of k pixels of C channels is k numbers
 * of pixels, then for each a bit for every channel that changed (whole words), then the old values of these.
 */

/** Every listed pixel breaks; those with a value other than 0 before or after; those in which a bit differs. */
const ALL = 0;
const UNLESS_ZERO = 1;

/** By the bits of 4 channels: where each of those that changed begins, one after the other, in bytes. */
const TOGETHER = memory.data<u32>([
  0x00000000, 0x00000000, 0x00000004, 0x00000400, 0x00000008, 0x00000800, 0x00000804, 0x00080400, 0x0000000c, 0x00000c00, 0x00000c04, 0x000c0400, 0x00000c08, 0x000c0800, 0x000c0804, 0x0c080400
]);

/** The lanes of a vector that have a bit, together. */
// @ts-ignore: decorator
@inline
function together(v: v128, bits: i32): v128 {
  const starts = v128.load32_splat(TOGETHER + ((<usize>bits) << 2));
  const each = i8x16.swizzle(starts, i8x16(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3));
  return i8x16.swizzle(v, i8x16.add(each, i32x4.splat(0x03020100)));
}

// @ts-ignore: decorator
@inline
function at(list: usize, i: i32): usize {
  return load<u32>(list + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
function isZero(pixel: usize, bytes: usize): bool {
  for (let c: usize = 0; c < bytes; c += 4) {
    // The sign of a zero says nothing.
    if (load<u32>(pixel + c) << 1 != 0) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function isSame(a: usize, b: usize, bytes: usize): bool {
  for (let c: usize = 0; c < bytes; c += 4) if (load<u32>(a + c) != load<u32>(b + c)) return false;
  return true;
}

/** Flags of the listed pixels that break, by a rule; `old` is what they were, as savePixels left it. */
export function flagBreaks(targets: usize, n: i32, C: i32, old: usize, rule: i32, flags: usize): void {
  if (rule == ALL) {
    memory.fill(flags, 1, n);
    return;
  }
  const bytes = (<usize>C) << 2;
  for (let i = 0; i < n; i++, old += bytes) {
    const now = at(targets, i);
    const stays =
      rule == UNLESS_ZERO ? isZero(now, bytes) && isZero(old, bytes) : isSame(now, old, bytes);
    store<u8>(flags + i, stays ? 0 : 1);
  }
}

/** Writes the record of the flagged pixels, `kept` of them; returns its bytes. */
export function packPixels(
  ys: usize,
  xs: usize,
  width: i32,
  flags: usize,
  n: i32,
  kept: i32,
  C: i32,
  old: usize,
  targets: usize,
  to: usize,
): i32 {
  const bytes = (<usize>C) << 2;
  let number = to;
  let mask = to + ((<usize>kept) << 2);
  let value = mask + <usize>(kept * ((C + 31) >> 5)) * 4;
  for (let i = 0; i < n; i++, old += bytes) {
    if (load<u8>(flags + i) == 0) continue;
    store<u32>(number, <u32>at(ys, i) * width + <u32>at(xs, i));
    number += 4;
    const now = at(targets, i);
    for (let first: usize = 0; first < bytes; first += 128, mask += 4) {
      const end = min(bytes, first + 128);
      let bits: u32 = 0;
      let c = first;
      for (; c + 16 <= end; c += 16) {
        const before = v128.load(old + c);
        const differs = i32x4.bitmask(i32x4.ne(before, v128.load(now + c)));
        bits |= differs << (<u32>(c - first) >> 2);
        v128.store(value, together(before, differs));
        value += (<usize>popcnt(differs)) << 2;
      }
      for (; c < end; c += 4) {
        const before = load<u32>(old + c);
        const differs = <u32>(before != load<u32>(now + c));
        bits |= differs << (<u32>(c - first) >> 2);
        // Written always, and kept only if it counts.
        store<u32>(value, before);
        value += (<usize>differs) << 2;
      }
      store<u32>(mask, bits);
    }
  }
  return <i32>(value - to);
}

/** Lists a record's pixels. */
export function unpackPixels(record: usize, kept: i32, width: i32, ys: usize, xs: usize): void {
  for (let i = 0; i < kept; i++, record += 4, ys += 4, xs += 4) {
    const number = load<u32>(record);
    const y = number / width;
    store<u32>(ys, y);
    store<u32>(xs, number - y * width);
  }
}

/** Puts back what a record holds. */
export function undoPixels(
  record: usize,
  kept: i32,
  width: i32,
  C: i32,
  base: usize,
  rowBytes: i32,
  pixelBytes: i32,
): void {
  const words = (C + 31) >> 5;
  let mask = record + ((<usize>kept) << 2);
  let value = mask + <usize>(kept * words) * 4;
  for (let i = 0; i < kept; i++) {
    const number = at(record, i);
    const y = <i32>(number / width);
    const pixel = base + y * rowBytes + (<i32>number - y * width) * pixelBytes;
    for (let word = 0; word < words; word++, mask += 4) {
      let bits = load<u32>(mask);
      while (bits != 0) {
        store<u32>(pixel + (((<usize>word << 5) + <usize>ctz(bits)) << 2), load<u32>(value));
        value += 4;
        bits &= bits - 1;
      }
    }
  }
}
