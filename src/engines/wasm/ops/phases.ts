/**
 * A transposed convolution as ordinary ones. Output row y and tap ky meet in an input row only where
 * (y + pad − ky) mod stride = 0: so all rows of one phase, (y + pad) mod stride, use the same taps, every `stride`-th of the
 * kernel, over input rows that follow each other; columns likewise. No tensors and no memory here.
 */
import type {ConvTransposeOp, Plane} from '../../../graph';

/** The taps that a phase uses, in the order of the input rows (or columns) they meet: the last tap first. */
export function tapsOfPhase(phase: number, kernel: number, stride: number): number[] {
  const taps: number[] = [];
  for (let tap = phase; tap < kernel; tap += stride) taps.unshift(tap);
  return taps;
}

/** How far the taps reach before the input's first row (or column), and past its last. */
function reachPast(
  kernel: number,
  stride: number,
  pad: number,
  size: number,
  input: number,
): {before: number; after: number} {
  let [before, after] = [0, 0];
  for (let y = 0; y < size; y++) {
    const taps = tapsOfPhase((y + pad) % stride, kernel, stride).length;
    if (taps === 0) continue;
    const last = Math.floor((y + pad) / stride);
    before = Math.max(before, taps - 1 - last);
    after = Math.max(after, last - (input - 1));
  }
  return {before, after};
}

/** The zeros around the input that the taps read. */
export function transposedHalo({kernel, strides, pad, size}: ConvTransposeOp, {height, width}: Plane) {
  const rows = reachPast(kernel[0], strides[0], pad.top, size[0], height);
  const columns = reachPast(kernel[1], strides[1], pad.left, size[1], width);
  return {top: rows.before, bottom: rows.after, left: columns.before, right: columns.after};
}
