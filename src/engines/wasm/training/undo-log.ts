/**
 * What recorded frames overwrote, outside of the kernels' heap, which ends at 4 GiB: for each frame the pixels that broke,
 * by value, and what they held before. Only bits that changed are kept; see `assembly/log.ts` for the form.
 */

/** Bytes of a chunk, at least and at most: a quarter of what is held. A larger entry has one of its own. */
const SMALLEST = 1 << 16;
const LARGEST = 1 << 22;

/** The broken pixels of one value in one frame. */
export interface Entry {
  readonly value: number;
  readonly count: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** More was to be held than allowed, or than the host gives. */
export class LogFull extends Error {
  override name = 'LogFull';
}

export class UndoLog {
  private readonly frames: Entry[][] = [];
  private open: Entry[] = [];
  private chunk = new Uint8Array(0);
  private used = 0;
  private held = 0;
  /** Where the frame that is open began. */
  private start = {chunk: this.chunk, used: 0};

  /** Bytes held. */
  get bytes(): number {
    return this.held;
  }

  /** Frames that are closed. */
  get length(): number {
    return this.frames.length;
  }

  /**
   * Keeps an entry of the frame that is open.
   * @throws LogFull where it would hold more than `limit` bytes, or the host has no more
   */
  add(value: number, count: number, bytes: Uint8Array, limit: number): void {
    const kept = this.take(bytes.length, limit);
    kept.set(bytes);
    this.open.push({value, count, bytes: kept});
  }

  /** Entries of the frame that is open. */
  get opened(): readonly Entry[] {
    return this.open;
  }

  close(): void {
    this.frames.push(this.open);
    this.open = [];
    this.start = {chunk: this.chunk, used: this.used};
  }

  /** Forgets the frame that is open; its bytes are used by the next ones, but for those of chunks it filled. */
  forget(): void {
    this.open = [];
    this.used = this.chunk === this.start.chunk ? this.start.used : 0;
  }

  /** The entry of a value in a frame; null where no pixel of it broke. */
  entry(frame: number, value: number): Entry | null {
    return this.frames[frame].find((entry) => entry.value === value) ?? null;
  }

  clear(): void {
    this.frames.length = 0;
    this.open = [];
    this.chunk = new Uint8Array(0);
    this.used = this.held = 0;
    this.start = {chunk: this.chunk, used: 0};
  }

  private take(size: number, limit: number): Uint8Array<ArrayBuffer> {
    if (this.used + size > this.chunk.length) this.extend(size, limit);
    this.used += size;
    return this.chunk.subarray(this.used - size, this.used);
  }

  private extend(least: number, limit: number): void {
    const size = Math.max(least, Math.min(LARGEST, Math.max(SMALLEST, this.held / 4)) | 0);
    if (this.held + size > limit) throw new LogFull();
    try {
      this.chunk = new Uint8Array(size);
    } catch {
      throw new LogFull();
    }
    this.used = 0;
    this.held += size;
  }
}
