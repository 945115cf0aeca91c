/**
 * What simulated streams show: frames of blocks, each with the number of the picture it holds. Two frames differ where their
 * blocks do, so that what a cache lacks of a later frame, or of a scene that came back, follows from the frames alone.
 */
import {below, type Random} from '../../examples/reinforce/random';

export const BLOCKS = 64;

/** One frame. `kind` is what somebody knows who sees it and knows the source; `home` a scene that may come back. */
export interface Shown {
  readonly kind: string;
  readonly home: number;
  readonly blocks: Int32Array;
}

/** Share of the blocks in which two frames differ, 0 to 1. */
export function apart(a: Shown, b: Shown): number {
  let count = 0;
  for (let i = 0; i < BLOCKS; i++) if (a.blocks[i] !== b.blocks[i]) count++;
  return count / BLOCKS;
}

/** A picture that changes; `show` takes a frame of it. */
export class Screen {
  private blocks = new Int32Array(BLOCKS);
  private static pictures = 0;

  constructor(
    private readonly random: Random,
    private readonly home = 0,
  ) {
    this.cut();
  }

  /** Everything is another picture. */
  cut(): this {
    for (let i = 0; i < BLOCKS; i++) this.blocks[i] = ++Screen.pictures;
    return this;
  }

  /** `count` blocks in a row change: something that moves is in one place. */
  move(count: number): this {
    const from = below(BLOCKS, this.random);
    for (let i = 0; i < count; i++) this.blocks[(from + i) % BLOCKS] = ++Screen.pictures;
    return this;
  }

  show(kind: string): Shown {
    return {kind, home: this.home, blocks: this.blocks.slice()};
  }
}
