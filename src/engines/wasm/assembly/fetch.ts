/**
 * Reading through memory in the order of its addresses, before a kernel goes through it in another one. So the processor
 * foresees what is needed next, and waits less for memory far away. No result depends on it.
 */

/** What was read, or the compiler would leave it out. */
let seen: i32 = 0;

function readThrough(at: usize, end: usize): void {
  let all = seen;
  for (; at + 192 < end; at += 256) all |= load<i32>(at) | load<i32>(at, 64) | load<i32>(at, 128) | load<i32>(at, 192);
  for (; at < end; at += 64) all |= load<i32>(at);
  seen = all;
}

/** Shorter rows of pixels are not worth it. */
const LEAST = 8;

/**
 * Fetches the outputs of the listed pixels, `bytes` each, and of their windows the last rows from the tap `firstTap` on, which the pixels
 * above did not see. Windows side by side are one stretch of memory.
 */
export function fetchWindows(
  input: usize, n: i32, bytes: usize, taps: usize, firstTap: i32, tapCount: i32, tapsPerRow: i32, output: usize,
): void {
  if (n < LEAST) return;
  const step = load<u32>(input, 4) - load<u32>(input);
  // So far apart are pixels one above the other.
  if (step > <u32>bytes << 2) return;
  for (let i = 0; i < n; ) {
    const start = i;
    const first = load<u32>(input + ((<usize>i) << 2));
    let last = first;
    for (i++; i < n && load<u32>(input + ((<usize>i) << 2)) == last + step; i++) last += step;
    if (i - start < LEAST) continue;
    readThrough(load<u32>(output + ((<usize>start) << 2)), load<u32>(output + ((<usize>(i - 1)) << 2)) + bytes);
    for (let t = firstTap; t < tapCount; t += tapsPerRow) {
      const row = taps + ((<usize>t) << 2);
      readThrough(first + load<u32>(row), last + load<u32>(row + ((<usize>(tapsPerRow - 1)) << 2)) + bytes);
    }
  }
}
