/**
 * A transposed convolution as ordinary ones. Output row y and tap ky meet in an input row only where
 * (y + pad − ky) mod stride = 0: so all rows of one phase, (y + pad) mod stride, use the same taps, every `stride`-th of the
 * kernel, over input rows that follow each other; columns likewise. No tensors and no memory here.
 */

/** The taps that a phase uses, in the order of the input rows (or columns) they meet: the last tap first. */
export function tapsOfPhase(phase: number, kernel: number, stride: number): number[] {
  const taps: number[] = [];
  for (let tap = phase; tap < kernel; tap += stride) taps.unshift(tap);
  return taps;
}
