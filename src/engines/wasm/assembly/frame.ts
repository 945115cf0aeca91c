/**
 * A new frame against the cached one: which pixels differ, and taking those over. The frame is read as it came (float32,
 * int32 or bytes, `stride` values a pixel); the cached input is float32, C values a pixel, rows `rowBytes` apart.
 */
import {laneMask} from './vector';

/** How a frame's values are stored. RAW takes 32 bits as they are. */
const RAW = 0;
const INT32 = 1;
const BYTES = 2;

/** Channels of which the values of 4 pixels have a bit each in a word. */
const MOST_BITS = 8;

/** 4 values of a frame as the cache holds them. */
// @ts-ignore: decorator
@inline
function values(frame: usize, index: usize, kind: i32): v128 {
  if (kind === RAW) return v128.load(frame + (index << 2));
  if (kind === INT32) return f32x4.convert_i32x4_s(v128.load(frame + (index << 2)));
  const bytes = v128.load32_zero(frame + index);
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)));
}

/** Lanes in which a new value counts as changed: any bit without a gate, over the gate (or NaN) with one. */
// @ts-ignore: decorator
@inline
function differing(a: v128, b: v128, gate: f32): v128 {
  if (gate <= 0) return v128.xor(a, b);
  return v128.not(f32x4.le(f32x4.abs(f32x4.sub(a, b)), f32x4.splat(gate)));
}

function pixelDiffers(frame: usize, index: usize, kind: i32, cached: usize, C: i32, gate: f32): bool {
  for (let c = 0; c < C; c += 4, index += 4, cached += 16) {
    const lanes = differing(values(frame, index, kind), v128.load(cached), gate);
    if (v128.any_true(v128.and(lanes, laneMask(C - c)))) return true;
  }
  return false;
}

/** A bit for each of 4 values. */
// @ts-ignore: decorator
@inline
function differingBits(frame: usize, index: usize, kind: i32, cached: usize, gate: f32): u32 {
  const lanes = differing(values(frame, index, kind), v128.load(cached), gate);
  // Without a gate the lanes hold differing bits, any of which counts.
  return i32x4.bitmask(gate > 0 ? lanes : i32x4.ne(lanes, i32x4.splat(0))) as u32;
}

/** Which of 4 neighbouring pixels of at most MOST_BITS channels differ, a bit each: a bit for each of their values tells. */
// @ts-ignore: decorator
@inline
function differingOf4(frame: usize, index: usize, kind: i32, cached: usize, C: i32, gate: f32): u32 {
  let bits = differingBits(frame, index, kind, cached, gate);
  if (C === 1) return bits;
  for (let shift = 4; shift < C << 2; shift += 4) {
    index += 4;
    cached += 16;
    bits |= differingBits(frame, index, kind, cached, gate) << shift;
  }
  const pixel: u32 = (1 << C) - 1;
  const first = (bits & pixel) !== 0;
  const second = ((bits >>> C) & pixel) !== 0;
  const third = ((bits >>> (2 * C)) & pixel) !== 0;
  const fourth = ((bits >>> (3 * C)) & pixel) !== 0;
  return (first as u32) | ((second as u32) << 1) | ((third as u32) << 2) | ((fourth as u32) << 3);
}

/** Whether any of 4 neighbouring pixels differs: what lies between the first and the last of their values. */
function groupDiffers(frame: usize, index: usize, kind: i32, cached: usize, C: i32, gate: f32): bool {
  let any = differing(values(frame, index, kind), v128.load(cached), gate);
  for (let c = 1; c < C; c++) {
    index += 4;
    cached += 16;
    any = v128.or(any, differing(values(frame, index, kind), v128.load(cached), gate));
  }
  return v128.any_true(any);
}

/** Whether that many vectors, a multiple of 4, are the same bit for bit. */
// @ts-ignore: decorator
@inline
function isSame(frame: usize, index: usize, kind: i32, cached: usize, vectors: i32): bool {
  for (let i = 0; i < vectors; i += 4, index += 16, cached += 64) {
    const a = v128.xor(values(frame, index, kind), v128.load(cached));
    const b = v128.xor(values(frame, index + 4, kind), v128.load(cached, 16));
    const c = v128.xor(values(frame, index + 8, kind), v128.load(cached, 32));
    const d = v128.xor(values(frame, index + 12, kind), v128.load(cached, 48));
    if (v128.any_true(v128.or(v128.or(a, b), v128.or(c, d)))) return false;
  }
  return true;
}

/**
 * Marks the pixels that changed; returns how many.
 * @call frame kind stride cached mask
 */
export function diffFrame(
  frame: usize, kind: i32, stride: i32,
  cached: usize, rowBytes: i32, height: i32, width: i32, channels: i32, gate: f32,
  mask: usize,
): i32 {
  if (kind === RAW) return diffRows(frame, RAW, stride, cached, rowBytes, height, width, channels, gate, mask);
  if (kind === INT32) return diffRows(frame, INT32, stride, cached, rowBytes, height, width, channels, gate, mask);
  return diffRows(frame, BYTES, stride, cached, rowBytes, height, width, channels, gate, mask);
}

/** Compiled once for each kind of values. */
// @ts-ignore: decorator
@inline
function diffRows(
  frame: usize, kind: i32, stride: i32,
  cached: usize, rowBytes: i32, height: i32, width: i32, C: i32, gate: f32,
  mask: usize,
): i32 {
  const dense = stride === C;
  let count = 0;
  let index: usize = 0;
  for (let y = 0; y < height; y++, cached += rowBytes) {
    let word: u32 = 0;
    let at = cached;
    for (let x = 0; x < width;) {
      // Most of a frame is as it was: 32 pixels at a time are passed over.
      if (dense && gate <= 0 && x + 32 <= width && (x & 31) === 0 && isSame(frame, index, kind, at, 8 * C)) {
        store<u32>(mask, 0);
        mask += 4;
        x += 32;
        index += 32 * C;
        at += (32 * C) << 2;
        continue;
      }
      if (dense && x + 4 <= width) {
        if (C <= MOST_BITS) {
          word |= differingOf4(frame, index, kind, at, C, gate) << ((x & 31) as u32);
        } else if (groupDiffers(frame, index, kind, at, C, gate)) {
          for (let j = 0; j < 4; j++) {
            const differs = pixelDiffers(frame, index + j * C, kind, at + ((j * C) << 2), C, gate) as u32;
            word |= differs << (((x + j) & 31) as u32);
          }
        }
        x += 4;
        index += 4 * C;
        at += (4 * C) << 2;
      } else {
        word |= (pixelDiffers(frame, index, kind, at, C, gate) as u32) << ((x & 31) as u32);
        x++;
        index += stride;
        at += C << 2;
      }
      if ((x & 31) === 0 || x === width) {
        store<u32>(mask, word);
        mask += 4;
        count += popcnt(word) as i32;
        word = 0;
      }
    }
  }
  return count;
}

/**
 * Takes over the set pixels. With `prune` a pixel that does not differ by more than the gate stays as it was, and leaves
 * the mask. Returns how many were taken over.
 * @call frame kind stride cached gate mask prune
 */
export function takeFrame(
  frame: usize, kind: i32, stride: i32,
  cached: usize, rowBytes: i32, height: i32, width: i32, channels: i32, gate: f32,
  mask: usize, prune: i32,
): i32 {
  const words = (width + 31) >>> 5;
  const asTheyAre = kind === RAW && stride === channels && !prune;
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < words; i++, mask += 4) {
      if (asTheyAre && load<u32>(mask) === <u32>-1) {
        const first = (i << 5) * channels;
        memory.copy(cached + y * rowBytes + (first << 2), frame + ((y * width * channels + first) << 2), channels << 7);
        count += 32;
        continue;
      }
      let kept: u32 = 0;
      for (let word = load<u32>(mask); word !== 0; word &= word - 1) {
        const bit = ctz(word);
        const x = (i << 5) + (bit as i32);
        const index = (y * width + x) * stride;
        const at = cached + y * rowBytes + ((x * channels) << 2);
        if (prune && !pixelDiffers(frame, index, kind, at, channels, gate)) continue;
        takePixel(frame, index, kind, at, channels);
        kept |= (1 as u32) << bit;
      }
      if (kept !== load<u32>(mask)) store<u32>(mask, kept);
      count += popcnt(kept) as i32;
    }
  }
  return count;
}

function takePixel(frame: usize, index: usize, kind: i32, cached: usize, C: i32): void {
  for (let c = 0; c < C; c += 4, index += 4, cached += 16) {
    const value = values(frame, index, kind);
    v128.store(cached, c + 4 <= C ? value : v128.bitselect(value, v128.load(cached), laneMask(C - c)));
  }
}
