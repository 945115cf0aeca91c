/** How a list is cut into chunks. */
import {MOST_CHUNKS} from './control';

/** Pixels come in units of 4; these are chunks' sizes for them, so that groups of 6 and of 4 stay full. */
const PIXELS = 4;
const GROUP = 12;
/** Chunks for each thread: a worker that is late, or slow, then costs little. */
const CHUNKS_A_THREAD = 6;
/** What a chunk takes at least, in milliseconds: taking one costs some tenths of a microsecond. */
const LEAST_MS = 0.004;

/**
 * Items a chunk, a multiple of the unit.
 * @param itemMs milliseconds that an item takes
 * @param unit items that have to stay together
 */
export function chunkOf(n: number, threads: number, itemMs: number, unit: number): number {
  const group = unit === PIXELS ? GROUP : unit;
  const items = Math.max(n / (threads * CHUNKS_A_THREAD), LEAST_MS / itemMs, n / MOST_CHUNKS);
  return group * Math.ceil(items / group);
}
