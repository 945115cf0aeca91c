/**
 * Memory that a program's kernels use within a frame and nothing outlives: the list of pixels, their addresses and
 * flags, values before they are written, the incoming frame.
 */
import type {Heap} from './heap';
import type {ValueLayout} from './layout';

/** Pixels whose values are computed before they are written, where an op cannot write in place. */
export const CHUNK = 256;

export class Scratch {
  private readonly block: number;
  /** Lists: coordinates, addresses to read and to write, blocks and groups of blocks; 4 bytes a pixel. */
  readonly ys: number;
  readonly xs: number;
  readonly sources: number;
  readonly targets: number;
  readonly blocks: number;
  readonly groups: number;
  /** A byte a pixel. */
  readonly flags: number;
  /** Up to CHUNK pixels of any value, and two more of these for ops that need them. */
  readonly values: number;
  /** A list of tiles, and what each of `threads` needs to compute some of them. */
  readonly tiles: number;
  readonly products: number;
  /** Two rows of a mask that are shifted, with a margin on each side. */
  readonly rows: number;
  readonly rowBytes: number;
  readonly guard: number;
  /** The incoming frame as it came, by input. */
  readonly frames: readonly number[];

  constructor(
    private readonly heap: Heap,
    layouts: readonly ValueLayout[],
    inputs: readonly ValueLayout[],
    reach: number,
    readonly threads: number,
    tiles: {readonly listBytes: number; readonly threadBytes: number},
  ) {
    const most = (of: (layout: ValueLayout) => number) => Math.max(1, ...layouts.map(of));
    const pixels = most(({height, width}) => height * width);
    this.guard = 4 * (Math.ceil(reach / 32) + 2);
    this.rowBytes = 2 * this.guard + 4 * (Math.ceil((most(({width}) => width) + reach) / 32) + 2);
    const sizes = [
      ...Array.from({length: 6}, () => 4 * pixels),
      pixels,
      CHUNK * most(({pixelBytes}) => pixelBytes),
      tiles.listBytes,
      threads * tiles.threadBytes,
      2 * this.rowBytes,
      // A pixel of a frame has at most 4 values more than the model reads of it: an alpha channel, say.
      ...inputs.map(({height, width, pixelBytes}) => height * width * (pixelBytes + 16)),
    ].map((bytes) => Math.ceil((bytes + 64) / 64) * 64);
    this.block = heap.allocate(sizes.reduce((sum, size) => sum + size, 0));
    let at = this.block;
    const starts = sizes.map((size) => (at += size) - size);
    [
      this.ys,
      this.xs,
      this.sources,
      this.targets,
      this.blocks,
      this.groups,
      this.flags,
      this.values,
      this.tiles,
      this.products,
      this.rows,
    ] = starts;
    this.frames = starts.slice(11);
  }

  dispose(): void {
    this.heap.release(this.block);
  }
}
