/** Writing what an op computed into the cached activation, value by value. */
export {restorePixels, savePixels} from '../commit';

export function commitExact(from: usize, n: i32, C: i32, output: usize, flags: usize): void {
  const bytes = (<usize>C) << 2;
  for (let i = 0; i < n; i++, output += 4, from += bytes) {
    const to: usize = load<u32>(output);
    let differs: u32 = 0;
    for (let c: usize = 0; c < bytes; c += 4) {
      const value = load<u32>(from + c);
      differs |= value ^ load<u32>(to + c);
      store<u32>(to + c, value);
    }
    store<u8>(flags + i, u8(differs != 0));
  }
}

export function commitWithin(from: usize, n: i32, C: i32, tolerance: usize, output: usize, flags: usize): void {
  const bytes = (<usize>C) << 2;
  for (let i = 0; i < n; i++, from += bytes) {
    const to: usize = load<u32>(output + ((<usize>i) << 2));
    const over = !isWithin(from, to, tolerance, bytes);
    if (over) memory.copy(to, from, bytes);
    store<u8>(flags + i, u8(over));
  }
}

function isWithin(a: usize, b: usize, tolerance: usize, bytes: usize): bool {
  for (let c: usize = 0; c < bytes; c += 4) {
    if (!(abs(load<f32>(a + c) - load<f32>(b + c)) <= load<f32>(tolerance + c))) return false;
  }
  return true;
}
