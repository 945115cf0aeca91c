/**
 * Reductions over a whole plane: dense layers and global pools. A stream keeps one partial sum for each block of pixels
 * and one for each group of blocks; what changed is summed anew, and all groups are added in one fixed order. So nothing
 * drifts, and a result does not depend on what was recomputed.
 */
import {LINEAR, type Activation, type DenseOp, type GlobalPoolOp} from '../../../graph';
import {pixelsOf, roundUp4, type Setting} from './op';

/** Blocks a group. */
const GROUP = 32;

/**
 * Pixels a block. What a change costs is mostly reading the weights of whole blocks, which lie far from the processor, so
 * a block is one pixel: measured, with 4 pixels a frame took up to 1.5 times as long. Where a pixel has few channels,
 * its partial sum is as large as its weights, and a block has more of them.
 */
const blockOf = (channels: number): number => Math.max(1, Math.floor(8 / channels));

export interface ReduceOp {
  /** Floats of partial sums a stream keeps: the blocks', and then the groups'. */
  readonly partialFloats: number;
  readonly blockSize: number;
  readonly groupSize: number;
  readonly blocks: number;
  /** Floats in each partial sum. */
  readonly width: number;
  /** Address of the packed weights, `width` floats for each value of the input; 0 where there are none. */
  readonly weights: number;
  /** Sums up the listed blocks and groups, and adds up all of them. */
  compute(at: number, partials: number, blocks: number, groups: number, to: number): void;
  readonly activation: Activation;
  /** What a block takes, in multiply-adds of a convolution that take as long; a rough number, for forecasts. */
  readonly cost: number;
}

function form(setting: Setting, values: number) {
  const pixels = pixelsOf(setting.inputs[0]);
  const blockSize = blockOf(setting.inputs[0].channels);
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

export function dense(setting: Setting<DenseOp>): ReduceOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const shape = form(setting as Setting, op.units);
  const {pixels, blocks: allBlocks, groups: allGroups, width} = shape;
  const count = pixels * input.channels;
  const weights = setting.weights((count + 1) * width, ({kernel, bias}, into) => {
    for (let i = 0; i < count; i++) {
      for (let u = 0; u < op.units; u++) into[i * width + u] = kernel[i * op.units + u];
    }
    if (bias) into.set(bias, count * width);
  });
  const bias = weights + 4 * count * width;
  return {
    ...shape,
    weights,
    compute(at, partials, blocks, groups, to) {
      kernels.denseBlocks(
        scratch.blocks,
        blocks,
        shape.blockSize,
        pixels,
        input.width,
        at + input.at,
        input.rowBytes,
        input.channels,
        weights,
        width,
        partials,
      );
      const sums = partials + 4 * allBlocks * width;
      kernels.reduceGroups(scratch.groups, groups, GROUP, allBlocks, width, partials, sums, 0);
      kernels.reduceTotal(sums, allGroups, width, bias, 1, 0, to);
    },
    activation: op.activation,
    // A block's weights are read once, and from far away.
    cost: 2 * shape.blockSize * input.channels * width,
  };
}

export function globalPool(setting: Setting<GlobalPoolOp>): ReduceOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const shape = form(setting as Setting, input.channels);
  const {pixels, blocks: allBlocks, groups: allGroups, width} = shape;
  const maximum = op.mode === 'max' ? 1 : 0;
  const factor = maximum ? 1 : 1 / pixels;
  return {
    ...shape,
    weights: 0,
    compute(at, partials, blocks, groups, to) {
      kernels.poolBlocks(
        scratch.blocks,
        blocks,
        shape.blockSize,
        pixels,
        input.width,
        at + input.at,
        input.rowBytes,
        input.channels,
        width,
        maximum,
        partials,
      );
      const sums = partials + 4 * allBlocks * width;
      kernels.reduceGroups(scratch.groups, groups, GROUP, allBlocks, width, partials, sums, maximum);
      kernels.reduceTotal(sums, allGroups, width, 0, factor, maximum, to);
    },
    activation: LINEAR,
    cost: 2 * shape.blockSize * input.channels,
  };
}
