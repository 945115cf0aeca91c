/**
 * The heap of the kernels: blocks of memory, given out and taken back. It grows and never shrinks (WebAssembly cannot);
 * blocks that are free and lie side by side become one again. Both take a time that grows with the logarithm of how many are
 * free, beside filling a block with zeros.
 */
import {Ordered} from './ordered';

/** Vectors want 16 bytes; a cache line of its own for each block costs nothing. */
const ALIGNMENT = 64;
const PAGE = 65536;

/**
 * What the memory grows by at least, as a share of what there is: each growth replaces its buffer, which costs the host more
 * than it seems. What is not used yet takes no room in the machine.
 */
const SPARE = 1 / 8;

interface Free {
  readonly at: number;
  readonly bytes: number;
}

/** The smaller first; of equal ones the one at the lower address. */
const bySize = (a: Free, b: Free): number => a.bytes - b.bytes || a.at - b.at;

/** No room for a block: the process is at WebAssembly's 4 GiB, or the machine at its end. */
export class OutOfMemory extends Error {
  override name = 'OutOfMemory';
  private readonly held: number;

  constructor(
    readonly bytes: number,
    private readonly heap: Heap,
  ) {
    super(
      `tfjs-reuse: no memory for ${bytes} more bytes beside the ${heap.bytes} held. ` +
        'Dispose models and streams that are no longer used, or set maxBytes.',
    );
    this.held = heap.bytes;
  }

  /** Whether less is held now than when it was made, so that it is worth another try. */
  get isOver(): boolean {
    return this.heap.bytes < this.held;
  }
}

export class Heap {
  /** What is free below `end`: by size, and by the addresses where each starts and ends. No two lie side by side. */
  private readonly free = new Ordered(bySize);
  private readonly starts = new Map<number, Free>();
  private readonly ends = new Map<number, Free>();
  /** Bytes of each block given out, by address. */
  private readonly sizes = new Map<number, number>();
  /** Views of the memory, which are taken anew when it has grown: that replaces its buffer. Asking for the buffer takes time. */
  private isStale = true;
  private floatView = new Float32Array();
  private intView = new Int32Array();
  private byteView = new Uint8Array();
  private allocated = 0;
  /** From here on nobody has written: WebAssembly's memory grows by zeros. */
  private fresh: number;

  /** @param end first address that may be given out; what the memory has beyond may hold anything */
  constructor(
    private readonly memory: WebAssembly.Memory,
    private end: number,
  ) {
    this.fresh = memory.buffer.byteLength;
  }

  /** Bytes given out. */
  get bytes(): number {
    return this.allocated;
  }

  get floats(): Float32Array {
    this.retake();
    return this.floatView;
  }

  get ints(): Int32Array {
    this.retake();
    return this.intView;
  }

  get octets(): Uint8Array {
    this.retake();
    return this.byteView;
  }

  /**
   * A block of zeros.
   * @param isCleared whether it is; else there is in it whatever was there
   * @returns its address, a multiple of 64
   * @throws OutOfMemory; what was given out before stays as it is
   */
  allocate(bytes: number, isCleared = true): number {
    const size = roundUp(bytes);
    const at = this.takeFree(size) ?? this.extend(size);
    this.sizes.set(at, size);
    this.allocated += size;
    if (isCleared && at < this.fresh) this.octets.fill(0, at, Math.min(at + size, this.fresh));
    this.fresh = Math.max(this.fresh, at + size);
    return at;
  }

  /** Whether there is room for a block of so many bytes; the memory grows for it, as far as it can. */
  makeRoom(bytes: number): boolean {
    const size = roundUp(bytes);
    return this.free.firstFrom({at: 0, bytes: size}) !== null || this.reach(this.end + size);
  }

  /** Says that there is no room for a block. */
  shortage(bytes: number): OutOfMemory {
    return new OutOfMemory(roundUp(bytes), this);
  }

  /** Takes back a block that `allocate` gave out. */
  release(at: number): void {
    const bytes = this.sizes.get(at);
    if (bytes === undefined) throw new Error(`Heap: there is no block at ${at} to release.`);
    this.sizes.delete(at);
    this.allocated -= bytes;
    const before = this.ends.get(at);
    const after = this.starts.get(at + bytes);
    if (before) this.forget(before);
    if (after) this.forget(after);
    const start = before?.at ?? at;
    const end = after ? after.at + after.bytes : at + bytes;
    if (end === this.end) this.end = start;
    else this.keep({at: start, bytes: end - start});
  }

  private retake(): void {
    if (!this.isStale) return;
    const {buffer} = this.memory;
    this.floatView = new Float32Array(buffer);
    this.intView = new Int32Array(buffer);
    this.byteView = new Uint8Array(buffer);
    this.isStale = false;
  }

  /** The start of the smallest free block that is large enough. */
  private takeFree(size: number): number | null {
    const best = this.free.firstFrom({at: 0, bytes: size});
    if (best === null) return null;
    this.forget(best);
    const {at, bytes} = best;
    if (bytes > size) this.keep({at: at + size, bytes: bytes - size});
    return at;
  }

  private keep(block: Free): void {
    this.free.add(block);
    this.starts.set(block.at, block);
    this.ends.set(block.at + block.bytes, block);
  }

  private forget(block: Free): void {
    this.free.delete(block);
    this.starts.delete(block.at);
    this.ends.delete(block.at + block.bytes);
  }

  private extend(size: number): number {
    const at = this.end;
    if (!this.reach(at + size)) throw this.shortage(size);
    this.end = at + size;
    return at;
  }

  /** Whether the memory has so many bytes now. */
  private reach(bytes: number): boolean {
    const {byteLength} = this.memory.buffer;
    const missing = bytes - byteLength;
    return missing <= 0 || this.grow(Math.max(missing, byteLength * SPARE)) || this.grow(missing);
  }

  /** Whether there is so much more memory. */
  private grow(bytes: number): boolean {
    try {
      this.memory.grow(Math.ceil(bytes / PAGE));
      this.isStale = true;
      return true;
    } catch {
      return false;
    }
  }
}

const roundUp = (bytes: number): number => Math.ceil(Math.max(1, bytes) / ALIGNMENT) * ALIGNMENT;
