/** What the tests of threads share. */
import {currentInstance} from '../../../../src/engines/wasm/instance';
import {getThreads, setThreads} from '../../../../src/engines/wasm/set-threads';
import type {Pool} from '../../../../src/engines/wasm/threads';

/** Resolves once so many threads compute. */
export async function useThreads(count: number): Promise<void> {
  await setThreads(count);
  expect(getThreads()).toBe(count);
}

export const poolNow = (): Pool => currentInstance()!.pool!;

/** Shares no list; and every list, in chunks of a few items. */
export const NOTHING = {sharedMs: Infinity};
export const EVERYTHING = {
  sharedMs: 0,
  wokenMs: 0,
  always: true,
  chunkOf: (n: number, _threads: number, _itemMs: number, unit: number) => unit * (1 + (n % 3)),
};
