/** How a list is cut into chunks. */
import {MOST_CHUNKS} from './control';

/** The kernels' groups of pixels (6 or 4 of a convolution's, 8 of others) divide a chunk, so that these stay full. */
const GROUP = 12;
/** Chunks for each thread: a worker that is late, or slow, then costs little. */
const CHUNKS_A_THREAD = 6;
/** Items that a kernel sees at a time where it has the choice, too. */
const LARGEST = 96;

/** Items a chunk. */
export function chunkOf(n: number, threads: number): number {
  const groups = Math.floor(n / (threads * CHUNKS_A_THREAD * GROUP));
  const wanted = Math.min(LARGEST, GROUP * Math.max(1, groups));
  return Math.max(wanted, Math.ceil(n / MOST_CHUNKS));
}
