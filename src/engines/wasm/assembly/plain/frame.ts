/** A new frame against the cached one, value by value. The kinds of frames are as ../frame has them. */

const RAW = 0;
const INT32 = 1;

/** A value of a frame as the cache holds it: a float's bits. */
// @ts-ignore: decorator
@inline
function bitsOf(frame: usize, index: usize, kind: i32): u32 {
  if (kind == RAW) return load<u32>(frame + (index << 2));
  if (kind == INT32) return reinterpret<u32>(<f32>load<i32>(frame + (index << 2)));
  return reinterpret<u32>(<f32>load<u8>(frame + index));
}

/** Any bit counts without a gate; what is over it, or not a number, with one. */
// @ts-ignore: decorator
@inline
function differs(a: u32, b: u32, gate: f32): bool {
  return gate <= 0 ? a != b : !(abs(reinterpret<f32>(a) - reinterpret<f32>(b)) <= gate);
}

function pixelDiffers(frame: usize, index: usize, kind: i32, cached: usize, C: i32, gate: f32): bool {
  for (let c = 0; c < C; c++, index++, cached += 4) {
    if (differs(bitsOf(frame, index, kind), load<u32>(cached), gate)) return true;
  }
  return false;
}

function takePixel(frame: usize, index: usize, kind: i32, cached: usize, C: i32): void {
  for (let c = 0; c < C; c++, index++, cached += 4) store<u32>(cached, bitsOf(frame, index, kind));
}

export function diffFrame(
  frame: usize, kind: i32, stride: i32,
  cached: usize, rowBytes: i32, height: i32, width: i32, C: i32, gate: f32,
  mask: usize,
): i32 {
  let count = 0;
  let index: usize = 0;
  for (let y = 0; y < height; y++, cached += rowBytes) {
    for (let x = 0; x < width; mask += 4) {
      let word: u32 = 0;
      for (const end = min(width, x + 32); x < end; x++, index += stride) {
        const bit = <u32>pixelDiffers(frame, index, kind, cached + ((x * C) << 2), C, gate);
        word |= bit << (x & 31);
      }
      store<u32>(mask, word);
      count += popcnt(word);
    }
  }
  return count;
}

export function takeFrame(
  frame: usize, kind: i32, stride: i32,
  cached: usize, rowBytes: i32, height: i32, width: i32, C: i32, gate: f32,
  mask: usize, prune: i32,
): i32 {
  let count = 0;
  for (let y = 0; y < height; y++, cached += rowBytes) {
    for (let x = 0; x < width; x += 32, mask += 4) {
      let kept: u32 = 0;
      for (let word = load<u32>(mask); word != 0; word &= word - 1) {
        const bit = ctz(word);
        const index = (y * width + x + bit) * stride;
        const at = cached + (((x + bit) * C) << 2);
        if (prune && !pixelDiffers(frame, index, kind, at, C, gate)) continue;
        takePixel(frame, index, kind, at, C);
        kept |= <u32>1 << bit;
      }
      store<u32>(mask, kept);
      count += popcnt(kept);
    }
  }
  return count;
}
