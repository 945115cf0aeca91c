/** The ops this engine has kernels for: all but external ones, which compute themselves. */
import type {ExternalOp, Op, OpKind} from '../../../graph';
import {activation} from './activation';
import {affine} from './affine';
import {batchNorm} from './batch-norm';
import {concat} from './concat';
import {conv2d} from './conv2d';
import {conv2dTranspose} from './conv2d-transpose';
import {dense} from './dense';
import {depthToSpace} from './depth-to-space';
import {depthwiseConv2d} from './depthwise-conv2d';
import {gather2d} from './gather2d';
import {globalPool} from './global-pool';
import {layerNormalization} from './layer-normalization';
import {merge} from './merge';
import {padChannels} from './pad-channels';
import {pad2d} from './pad2d';
import {pool2d} from './pool2d';
import {prelu} from './prelu';
import {reshape} from './reshape';
import {resize2d} from './resize2d';
import type {OpPlan, Setting} from './shared/op';
import {sliceChannels} from './slice-channels';
import {upsample2d} from './upsample2d';

type Planner<K extends OpKind> = (setting: Setting<Extract<Op, {kind: K}>>) => OpPlan;

const planners = {
  conv2d,
  depthwiseConv2d,
  conv2dTranspose,
  dense,
  pool2d,
  globalPool,
  activation,
  batchNorm,
  layerNormalization,
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
  external: null,
} satisfies {readonly [K in OpKind]: K extends 'external' ? null : Planner<K>};

/** Whether this engine computes the ops of a kind. */
export const computes = (kind: OpKind): boolean => planners[kind] !== null;

export function planOf(setting: Setting<Exclude<Op, ExternalOp>>): OpPlan {
  // The table pairs each kind with its own planner; TypeScript cannot follow that through a computed key.
  return (planners[setting.op.kind] as (setting: Setting) => OpPlan)(setting);
}
