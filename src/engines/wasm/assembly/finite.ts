/** Whether a frame of float32 holds values that are not finite, or infinities. Told by their bits. */
import {laneMask} from './vector';

function anyOddIn(at: usize, count: i32, infinite: i32): bool {
  const limit = i32x4.splat(0x7f800000);
  for (let i = 0; i < count; i += 4, at += 16) {
    const bits = v128.and(v128.load(at), i32x4.splat(0x7fffffff));
    const odd = infinite ? i32x4.eq(bits, limit) : i32x4.ge_s(bits, limit);
    if (v128.any_true(odd)) return v128.any_true(v128.and(odd, laneMask(count - i)));
  }
  return false;
}

/**
 * Whether the first C of a set pixel's `stride` values are not finite, or, with `infinite`, are infinite, any of them; of all
 * pixels where there is no mask.
 */
export function holdsOdd(
  frame: usize, stride: i32, height: i32, width: i32, C: i32, mask: usize, infinite: i32,
): i32 {
  const step = (stride as usize) << 2;
  for (let y = 0; y < height; y++, frame += (width as usize) * step) {
    for (let x = 0; x < width; x += 32) {
      const rest = min(width - x, 32);
      const all: u32 = 0xffffffff >>> ((32 - rest) as u32);
      let word = all;
      if (mask !== 0) {
        word = load<u32>(mask);
        mask += 4;
      }
      const at = frame + (x as usize) * step;
      if (word === all && stride === C) {
        if (anyOddIn(at, rest * C, infinite)) return 1;
        continue;
      }
      for (; word !== 0; word &= word - 1) {
        if (anyOddIn(at + (ctz(word) as usize) * step, C, infinite)) return 1;
      }
    }
  }
  return 0;
}
