/** Whether a frame holds values that are not finite, value by value; as ../finite has it. */

function anyOddIn(at: usize, count: i32, infinite: i32): bool {
  for (const end = at + (<usize>count << 2); at < end; at += 4) {
    const bits = load<u32>(at) & 0x7fffffff;
    if (infinite != 0 ? bits == 0x7f800000 : bits >= 0x7f800000) return true;
  }
  return false;
}

export function holdsOdd(
  frame: usize, stride: i32, height: i32, width: i32, C: i32, mask: usize, infinite: i32,
): i32 {
  const step = <usize>stride << 2;
  for (let y = 0; y < height; y++, frame += <usize>width * step) {
    for (let x = 0; x < width; x++) {
      if (mask != 0 && ((load<u32>(mask + ((x >> 5) << 2)) >> (x & 31)) & 1) == 0) continue;
      if (anyOddIn(frame + <usize>x * step, C, infinite)) return 1;
    }
    if (mask != 0) mask += ((width + 31) >> 5) << 2;
  }
  return 0;
}
