/** How a list is cut into chunks. */
import {MOST_CHUNKS} from './control';

/** The kernels' groups of pixels (6 or 4 of a convolution's, 8 of others), and vectors, divide a chunk, so that these stay full. */
const GROUP = 12;
/** Chunks for each thread: a worker that is late, or slow, then costs little. */
const CHUNKS_A_THREAD = 6;
/** What a chunk takes at least, in milliseconds: taking one costs some tenths of a microsecond. */
const LEAST_MS = 0.004;

/**
 * Items a chunk, a multiple of 12.
 * @param itemMs milliseconds that an item takes
 */
export function chunkOf(n: number, threads: number, itemMs: number): number {
  const items = Math.max(n / (threads * CHUNKS_A_THREAD), LEAST_MS / itemMs, n / MOST_CHUNKS);
  return GROUP * Math.ceil(items / GROUP);
}
