/** What a frame overwrote, so that it can be put back: for variants of a frame that leave the cache as it was. */
import type {Kernels} from '../kernels';
import type {Heap} from './heap';

interface Entry {
  readonly block: number;
  readonly count: number;
  readonly bytes: number;
}

export class RollbackLog {
  private readonly entries: Entry[] = [];

  constructor(
    private readonly kernels: Kernels,
    private readonly heap: Heap,
  ) {}

  /** Saves `count` pieces of `bytes` each, whose addresses are listed, before they are written. */
  save(addresses: number, count: number, bytes: number): void {
    const block = this.heap.allocate(count * (4 + bytes));
    this.heap.octets.copyWithin(block, addresses, addresses + 4 * count);
    this.kernels.savePixels(block, count, bytes, block + 4 * count);
    this.entries.push({block, count, bytes});
  }

  /** Puts everything back, the last written first. */
  rollback(): void {
    for (const {block, count, bytes} of this.entries.reverse()) {
      this.kernels.restorePixels(block, count, bytes, block + 4 * count);
      this.heap.release(block);
    }
    this.entries.length = 0;
  }

  /** Forgets everything. */
  drop(): void {
    for (const {block} of this.entries) this.heap.release(block);
    this.entries.length = 0;
  }
}
