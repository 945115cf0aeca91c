/** The ops the portable engine computes by regions. Reshapes are views and external nodes compute themselves. */
import type {Op, OpKind} from '../../../graph';
import {activation, affine, batchNorm, prelu} from './activation';
import {depthToSpace, padChannels, sliceChannels} from './channels';
import {conv2d, depthwiseConv2d} from './conv';
import {conv2dTranspose} from './conv-transpose';
import {dense} from './dense';
import {concat, merge} from './merge';
import {pad2d, upsample2d} from './move';
import type {OpKernel} from './op-kernel';
import {globalPool, pool2d} from './pool';
import {gather2d, resize2d} from './resize';

export type ComputedKind = Exclude<OpKind, 'reshape' | 'external'>;

const kernels: {readonly [K in ComputedKind]: OpKernel<Extract<Op, {kind: K}>>} = {
  conv2d,
  depthwiseConv2d,
  conv2dTranspose,
  dense,
  pool2d,
  globalPool,
  activation,
  batchNorm,
  prelu,
  affine,
  merge,
  concat,
  pad2d,
  upsample2d,
  resize2d,
  gather2d,
  sliceChannels,
  padChannels,
  depthToSpace,
};

/** The kernel of an op, or null where it needs none. */
export function kernelOf(op: Op): OpKernel<Op> | null {
  if (op.kind === 'reshape' || op.kind === 'external') return null;
  // The table pairs each kind with its own kernel; TypeScript cannot follow that through a computed key.
  return kernels[op.kind] as unknown as OpKernel<Op>;
}
