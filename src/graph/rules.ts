/** The rule of every op, by kind. To add an op: one file in `ops/`, one line in `types.ts`, one here. */
import {depthToSpace, padChannels, sliceChannels} from './ops/channels';
import {conv2d, depthwiseConv2d} from './ops/conv';
import {conv2dTranspose} from './ops/conv-transpose';
import {dense} from './ops/dense';
import {activation, affine, batchNorm, prelu} from './ops/elementwise';
import {external} from './ops/external';
import {concat, merge} from './ops/merge';
import {pad2d, reshape, upsample2d} from './ops/move';
import {globalPool, pool2d} from './ops/pool';
import {gather2d, resize2d} from './ops/resize';
import type {Rule} from './rule';
import type {Op, OpKind} from './types';

type Rules = {readonly [K in OpKind]: Rule<Extract<Op, {kind: K}>>};

const rules: Rules = {
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
  depthToSpace,
  padChannels,
  reshape,
  external,
};

/** The rule of an op. */
export function ruleOf<O extends Op>(op: O): Rule<O> {
  // The table pairs each kind with its own rule; TypeScript cannot follow that through a computed key.
  return rules[op.kind] as unknown as Rule<O>;
}
