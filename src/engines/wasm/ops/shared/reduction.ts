/**
 * The blocks of reductions over a whole plane: dense layers and global pools. A stream keeps one partial sum for each block
 * of pixels and one for each group of blocks; what changed is summed anew, and all groups are added in one fixed order. So
 * nothing drifts, and a result does not depend on what was recomputed.
 */
import {bind} from '../../kernels';
import {pixelsOf, roundUp4} from '../../memory/layout';
import type {Setting} from './op';

/** Blocks a group. */
const GROUP = 32;

/** Pixels a block of a pool, which has no weights: a pixel's partial sum would be the pixel itself. */
export const POOLED = 32;

/**
 * Pixels a block of a dense layer. What a change costs is mostly reading the weights of whole blocks, which lie far from the processor, so
 * a block is one pixel: measured, with 4 pixels a frame took up to 1.5 times as long. Where a pixel has few channels,
 * its partial sum is as large as its weights, and a block has more of them.
 */
const blockOf = (channels: number): number => Math.max(1, Math.floor(8 / channels));

/**
 * @param values in each sum
 * @param blockSize pixels a block
 */
export function blocksOf({inputs: [input]}: Setting, values: number, blockSize = blockOf(input.channels)) {
  const pixels = pixelsOf(input);
  const blocks = Math.ceil(pixels / blockSize);
  const groups = Math.ceil(blocks / GROUP);
  const width = roundUp4(values);
  return {
    pixels,
    blocks,
    groups,
    width,
    blockSize,
    groupSize: GROUP,
    partialFloats: (blocks + groups) * width,
  };
}

/** Adds up the listed groups' partial sums, and then all groups', or takes the largest. */
export function totalOf(
  {kernels, scratch}: Setting,
  {blocks, groups, groupSize, width: sumFloats}: ReturnType<typeof blocksOf>,
  {bias, factor, maximum}: {bias: number; factor: number; maximum: number},
): (partials: number, listed: number, to: number) => void {
  const addGroups = bind.reduceGroups(kernels, {groupSize, blocks, sumFloats, maximum});
  const addTotal = bind.reduceTotal(kernels, {groups, sumFloats, bias, factor, maximum});
  return (partials, listed, to) => {
    const sums = partials + 4 * blocks * sumFloats;
    addGroups(scratch.groups, listed, partials, sums);
    addTotal(sums, to);
  };
}
