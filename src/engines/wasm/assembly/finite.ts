/** Whether a frame of float32 holds values that are not finite, or infinities. Told by their bits. */
import {laneMask} from './simd';

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
  if (mask === 0 && stride === C) return anyOddIn(frame, height * width * C, infinite) as i32;
  const step = (stride as usize) << 2;
  for (let y = 0; y < height; y++, frame += (width as usize) * step) {
    for (let x = 0; x < width; x += 32) {
      const rest = width - x;
      let word: u32 = rest < 32 ? ((1 as u32) << (rest as u32)) - 1 : 0xffffffff;
      if (mask !== 0) {
        word = load<u32>(mask);
        mask += 4;
      }
      for (; word !== 0; word &= word - 1) {
        const pixel = x + (ctz(word) as i32);
        if (anyOddIn(frame + (pixel as usize) * step, C, infinite)) return 1;
      }
    }
  }
  return 0;
}
