/** What the tests of threads share. */
import {currentInstance, startThreads, threadCount} from '../../../../src/engines/wasm/instance';
import {wantThreads} from '../../../../src/engines/wasm/threads';

/** Resolves once so many threads compute. */
export async function useThreads(count: number): Promise<void> {
  currentInstance();
  wantThreads(count);
  await startThreads();
  expect(threadCount()).toBe(count);
}
