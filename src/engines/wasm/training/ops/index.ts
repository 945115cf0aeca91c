/** The ops that this engine can go back through, by kind. */
import type {OpKind} from '../../../../graph';
import {conv2d, depthwiseConv2d} from './conv';
import {activation, batchNorm, prelu} from './elementwise';
import {merge} from './merge';
import {concat, pad2d, reshape, upsample2d} from './move';
import type {BackwardOp, BackwardSetting} from './op';
import {pool2d} from './pool';

const makers: Partial<Record<OpKind, (setting: BackwardSetting) => BackwardOp>> = {
  conv2d,
  depthwiseConv2d,
  pool2d,
  activation,
  batchNorm,
  prelu,
  merge,
  concat,
  pad2d,
  upsample2d,
  reshape,
};

export const hasBackwardOp = (kind: OpKind): boolean => kind in makers;

/** @param setting of an op that has a backward pass */
export function backwardOpOf(setting: BackwardSetting): BackwardOp {
  return makers[setting.node.op.kind]!(setting);
}

export * from './op';
