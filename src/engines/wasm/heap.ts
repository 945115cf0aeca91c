/**
 * The heap of the kernels: blocks of memory, given out and taken back. It grows and never shrinks (WebAssembly cannot);
 * blocks that are free and lie side by side become one again.
 */

/** Vectors want 16 bytes; a cache line of its own for each block costs nothing. */
const ALIGNMENT = 64;
const PAGE = 65536;

interface Free {
  readonly at: number;
  readonly bytes: number;
}

/** No room for a block: the process is at WebAssembly's 4 GiB, or the machine at its end. */
export class OutOfMemory extends Error {
  override name = 'OutOfMemory';
}

export class Heap {
  /** What is free below `end`, by address. */
  private free: Free[] = [];
  private readonly sizes = new Map<number, number>();
  /** Views of the memory, and the buffer they are of: growing replaces it. */
  private buffer: ArrayBuffer | null = null;
  private floatView = new Float32Array();
  private intView = new Int32Array();
  private byteView = new Uint8Array();
  private allocated = 0;

  /** @param end first address that may be given out */
  constructor(
    private readonly memory: WebAssembly.Memory,
    private end: number,
  ) {}

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
   * @returns its address, a multiple of 64
   * @throws OutOfMemory; what was given out before stays as it is
   */
  allocate(bytes: number): number {
    const size = Math.ceil(Math.max(1, bytes) / ALIGNMENT) * ALIGNMENT;
    const at = this.takeFree(size) ?? this.extend(size);
    this.sizes.set(at, size);
    this.allocated += size;
    this.octets.fill(0, at, at + size);
    return at;
  }

  /** Takes back a block that `allocate` gave out. */
  release(at: number): void {
    const bytes = this.sizes.get(at);
    if (bytes === undefined) throw new Error(`Heap: there is no block at ${at} to release.`);
    this.sizes.delete(at);
    this.allocated -= bytes;
    this.free.push({at, bytes});
    this.free.sort((a, b) => a.at - b.at);
    this.free = this.free.reduce<Free[]>(joinNeighbours, []);
    const last = this.free[this.free.length - 1];
    if (last.at + last.bytes !== this.end) return;
    this.free.pop();
    this.end = last.at;
  }

  private retake(): void {
    if (this.buffer === this.memory.buffer) return;
    this.buffer = this.memory.buffer;
    this.floatView = new Float32Array(this.buffer);
    this.intView = new Int32Array(this.buffer);
    this.byteView = new Uint8Array(this.buffer);
  }

  /** The smallest free block that is large enough. */
  private takeFree(size: number): number | null {
    let best: Free | null = null;
    for (const block of this.free) {
      if (block.bytes >= size && (best === null || block.bytes < best.bytes)) best = block;
    }
    if (best === null) return null;
    const {at, bytes} = best;
    this.free = this.free.flatMap((block) => {
      if (block !== best) return [block];
      return bytes > size ? [{at: at + size, bytes: bytes - size}] : [];
    });
    return at;
  }

  private extend(size: number): number {
    const at = this.end;
    const missing = at + size - this.memory.buffer.byteLength;
    if (missing > 0) {
      try {
        this.memory.grow(Math.ceil(missing / PAGE));
      } catch {
        throw new OutOfMemory(
          `tfjs-reuse: no memory for ${size} more bytes beside the ${this.allocated} held. ` +
            'Dispose models and streams that are no longer used, or set maxBytes.',
        );
      }
    }
    this.end = at + size;
    return at;
  }
}

function joinNeighbours(blocks: Free[], {at, bytes}: Free): Free[] {
  const last = blocks[blocks.length - 1];
  if (last && last.at + last.bytes === at) {
    return [...blocks.slice(0, -1), {at: last.at, bytes: last.bytes + bytes}];
  }
  return [...blocks, {at, bytes}];
}
