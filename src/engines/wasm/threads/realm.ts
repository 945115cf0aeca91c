/**
 * What all copies of this package in one realm agree on: how many threads are wanted. Each copy has kernels, a memory and workers of
 * its own; they compute in turns, for they are called on one thread, and workers that have nothing to do sleep.
 */
import {coreCount} from './host';

interface Realm {
  wanted: number | null;
}

function realm(): Realm {
  const key = Symbol.for('tfjs-reuse.threads');
  return ((globalThis as {[key]?: Realm})[key] ??= {wanted: null});
}

/** More than these gain little, and take cores from everyone else. */
const MOST_BY_DEFAULT = 4;

export const wantedThreads = (): number => realm().wanted ?? Math.min(coreCount(), MOST_BY_DEFAULT);

export function wantThreads(count: number): void {
  realm().wanted = count;
}
