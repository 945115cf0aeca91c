/** Channels to pixels. */
import {receptiveField, resolveWindow, type ResolvedWindow} from '../../region';
import {noHalo, noMacs, TAKES_NOTHING, type OpDefinition} from '../definition';
import {expectRank, known} from '../forms';
import type {Plane} from '../plane';
import {transposedReads} from '../window';

/**
 * [H, W, C] to [H·b, W·b, C/b²], in TensorFlow's order: pixel (y, x) takes the channels from
 * ((y mod b)·b + x mod b)·C/b² on of pixel (⌊y/b⌋, ⌊x/b⌋).
 */
export interface DepthToSpaceOp {
  readonly kind: 'depthToSpace';
  readonly block: number;
}

/** The window over the output that holds the pixels of one of the input's. */
function blockWindow({block}: DepthToSpaceOp, {height, width}: Plane): ResolvedWindow {
  return resolveWindow({
    input: [height, width],
    kernel: [block, block],
    strides: [block, block],
    padding: 'valid',
  });
}

export const depthToSpace: OpDefinition<DepthToSpaceOp> = {
  outputs({kind, block}, inputs) {
    const [{shape}] = known(kind, inputs);
    expectRank(kind, shape, 3, 'height, width, channels');
    const [height, width, channels] = shape;
    if (!Number.isInteger(block) || block < 1 || channels % (block * block) !== 0) {
      throw new Error(
        `depthToSpace: expected a block whose square divides the ${channels} channels, got ${block}.`,
      );
    }
    return [{shape: [height * block, width * block, channels / (block * block)]}];
  },
  affected: (op, _inputs, {plane}, [changed]) => receptiveField(changed, blockWindow(op, plane)),
  macs: noMacs,
  reads: (op, {axis, output}) => transposedReads(blockWindow(op, output), axis),
  halo: noHalo,
  effect: () => 'copy',
  takes: TAKES_NOTHING,
  gradient: () => 'none',
  handsOn: () => false,
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
