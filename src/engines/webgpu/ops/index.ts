/** The ops this engine has kernels for: all but external ones, which compute themselves. */
import type {ExternalOp, Op, OpKind} from '../../../graph';
import {conv2d, conv2dTranspose, depthwiseConv2d} from './conv';
import {activation, affine, batchNorm, prelu} from './elementwise';
import {concat, merge, padChannels, sliceChannels} from './merge';
import {depthToSpace, pad2d, gather2d, reshape, resize2d, upsample2d} from './move';
import type {OpPlan, Setting} from './op';
import {pool2d} from './pool';
import {dense, globalPool} from './reduce';

type Kinds = Exclude<OpKind, 'external'>;
type Planners = {readonly [K in Kinds]: (setting: Setting<Extract<Op, {kind: K}>>) => OpPlan};

const planners: Planners = {
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
  reshape,
};

/** Whether this engine computes the ops of a kind. */
export const computes = (kind: OpKind): boolean => kind in planners;

export function planOf(setting: Setting<Exclude<Op, ExternalOp>>): OpPlan {
  // The table pairs each kind with its own planner; TypeScript cannot follow that through a computed key.
  return (planners[setting.op.kind] as (setting: Setting) => OpPlan)(setting as Setting);
}
