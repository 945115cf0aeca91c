/** On how many threads the WebAssembly engine computes, as users ask for it. */
import {numeric} from '../../checks';
import {engineChanged} from '../shared/changes';
import {prepare, startThreads, threadsNow} from './instance';
import {wantThreads} from './threads';

/**
 * Has the WebAssembly engine compute on so many threads, the caller's among them. Without it there are as many as there are cores, 4 at
 * most, and `ready()` starts them. Results are the same, bit for bit, on any number of threads.
 *
 * Threads need memory that workers can share: Node has it, and pages that are cross-origin isolated. Elsewhere there is one thread; so
 * there is where a page's Content-Security-Policy forbids workers from a blob. `lastFrame.threads` says why.
 *
 * @param count 1 to 64; 1 ends the workers
 * @returns resolves once they compute, or it is known that they cannot be had; see `getThreads`
 * @throws (rejects) where `count` is something else
 */
export async function setThreads(count: number): Promise<void> {
  wantThreads(numeric('setThreads(): count', count, {least: 1, most: 64, whole: true}));
  // Programs were compiled with memory for as many as were wanted then.
  engineChanged();
  await prepare();
  await startThreads();
}

/** Threads that the WebAssembly engine computes on now, the caller's among them: 1 before `ready()` or `setThreads()`. */
export function getThreads(): number {
  return threadsNow().count;
}
