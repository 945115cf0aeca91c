/** Whether two runs of values hold the same bits. Two values at a time; it ends at the first that differ. */
export function sameValues(a: usize, b: usize, count: i32): i32 {
  const end = a + ((count as usize) << 2);
  for (; a + 8 <= end; a += 8, b += 8) {
    if (load<u64>(a) !== load<u64>(b)) return 0;
  }
  return (a === end || load<u32>(a) === load<u32>(b)) as i32;
}
