/** Blocks of an input's pixels, for the ops that read all of them and keep a partial result for each block. */
import type {Region} from '../../../region';

/** The blocks of `size` pixels that hold a changed pixel. */
export function changedBlocks(changed: Region, size: number): Int32Array {
  const blocks: number[] = [];
  for (const pixel of changed.pixels()) {
    const block = Math.floor(pixel / size);
    if (blocks[blocks.length - 1] !== block) blocks.push(block);
  }
  return Int32Array.from(blocks);
}
