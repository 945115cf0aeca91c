/** Sharing a kernel's list among threads, as the kernels know of it. */

export interface Forks {
  /** What a list must take at least, in multiply-adds of a convolution, to be shared; Infinity where there is one thread. */
  readonly least: number;
  /** Threads that may compute parts of a list, the caller's among them; their numbers are below this. */
  readonly threads: number;
  /**
   * Runs a kernel over a list, in chunks. It is done when this returns.
   * @param kernel its number
   * @param n how long the list is; `place` is where the kernel takes that
   * @param cost of an item, in multiply-adds of a convolution
   * @param unit items that have to stay together
   * @param steps how far each argument moves on with each item
   * @throws LostThread
   */
  run(
    kernel: number,
    n: number,
    cost: number,
    place: number,
    unit: number,
    args: readonly number[],
    steps: readonly number[],
  ): void;
}

/** A function of WebAssembly. Its arguments and its result are numbers. */
export type Kernel = (...args: number[]) => unknown;

/** A thread did not do its part: what it was to write may yet be written, at any time. */
export class LostThread extends Error {
  override name = 'LostThread';

  constructor() {
    super(
      'tfjs-reuse: a thread that computes kernels did not end its part of a frame. The frame is lost, and what was cached; ' +
        'the next frame is computed in full, on one thread. setThreads(n) starts others.',
    );
  }
}
