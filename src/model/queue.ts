/** Asynchronous frames of one stream: they are computed one after another, in the order they were asked for. */
export class Queue {
  private pending = 0;
  private last: Promise<unknown> = Promise.resolve();
  /** What is done once the frame is finished that was asked for last. */
  private afterLast: (() => void)[] = [];

  /** Whether no frame is under way. */
  get isIdle(): boolean {
    return this.pending === 0;
  }

  /** @throws where a frame is under way */
  checkIdle(): void {
    if (this.isIdle) return;
    throw new Error(
      'An asynchronous frame of this stream is still under way; await it, or give this call a stream() of its own.',
    );
  }

  /** Does some work after the frames that were asked for before, whatever became of them. */
  add<T>(work: () => Promise<T>): Promise<T> {
    const before = this.last;
    const after: (() => void)[] = [];
    this.afterLast = after;
    this.pending++;
    const result = (async () => {
      await before.catch(() => undefined);
      try {
        return await work();
      } finally {
        this.pending--;
        after.forEach((next) => next());
      }
    })();
    this.last = result;
    return result;
  }

  /** Does something once the frames that were asked for until now are finished; at once where none is under way. */
  afterAll(work: () => void): void {
    if (this.isIdle) work();
    else this.afterLast.push(work);
  }
}
