/** The ops this engine has kernels for, by kind; the others run through the model itself. */
import type {Op, OpKind} from '../../../graph';
import {depthToSpace, padChannels, sliceChannels} from './channels';
import {conv2d, depthwiseConv2d} from './conv';
import {conv2dTranspose} from './conv-transpose';
import {activation, affine, batchNorm, prelu} from './elementwise';
import {concat, merge} from './merge';
import {pad2d, reshape, upsample2d} from './move';
import type {PixelOp, Setting} from './op';
import {gather2d, resize2d} from './pick';
import {pool2d} from './pool';
import {dense, globalPool, type ReduceOp} from './reduce';

type Makers<Made, Kinds extends OpKind> = {
  readonly [K in Kinds]: (setting: Setting<Extract<Op, {kind: K}>>) => Made;
};
type ReductionKind = 'dense' | 'globalPool';

const pixelOps: Makers<PixelOp, Exclude<OpKind, ReductionKind | 'external'>> = {
  conv2d,
  depthwiseConv2d,
  conv2dTranspose,
  pool2d,
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
  depthToSpace,
  padChannels,
  reshape,
};

const reductions: Makers<ReduceOp, ReductionKind> = {dense, globalPool};

// The tables pair each kind with its own maker; TypeScript cannot follow that through a computed key.

export function pixelOpOf(setting: Setting): PixelOp | null {
  const make = (pixelOps as Partial<Record<OpKind, (setting: Setting) => PixelOp>>)[setting.op.kind];
  return make?.(setting) ?? null;
}

export function reductionOf(setting: Setting): ReduceOp | null {
  const make = (reductions as Partial<Record<OpKind, (setting: Setting) => ReduceOp>>)[setting.op.kind];
  return make?.(setting) ?? null;
}

export type {PixelOp, ReduceOp, Setting};
