/**
 * The dense layer's partial sums: for each block of inputs that changed, its product with its rows of the kernel; then
 * the sum of all blocks, in their order. Sums are carried in float64, blocks are kept in float32.
 */
import type {TensorInfo} from '@tensorflow/tfjs-core';
import type {Storage} from './storage';

export interface BlockDotAttrs {
  /** Indices of the blocks to recompute. */
  readonly blocks: Int32Array;
  /** Input values a block; the last block may be shorter. */
  readonly blockSize: number;
}

/** Updates `partials` [blocks, units] in place and returns their sum [1, units]. */
export function blockDot(
  storage: Storage,
  x: TensorInfo,
  kernel: TensorInfo,
  partials: TensorInfo,
  {blocks, blockSize}: BlockDotAttrs,
): TensorInfo {
  const [inputs, units] = kernel.shape;
  const out = storage.output([1, units], 'float32');
  const values = storage.view(x);
  const weights = storage.view(kernel);
  const sums = storage.view(partials);
  const sum = new Float64Array(units);
  for (const block of blocks) {
    const first = block * blockSize;
    const end = Math.min(first + blockSize, inputs);
    sum.fill(0);
    for (let i = first, row = first * units; i < end; i++, row += units) {
      const value = values[i];
      for (let u = 0; u < units; u++) sum[u] += value * weights[row + u];
    }
    sums.set(sum, block * units);
  }
  sum.fill(0);
  for (let at = 0; at < sums.length; at += units) {
    for (let u = 0; u < units; u++) sum[u] += sums[at + u];
  }
  storage.view(out).set(sum);
  return out;
}
