/** The ops of the portable engine: a file for each kind. */
import type {Op, OpKind} from '../../../graph';
import {activation} from './activation';
import {affine} from './affine';
import {batchNorm} from './batch-norm';
import {concat} from './concat';
import {conv2d} from './conv2d';
import {conv2dTranspose} from './conv2d-transpose';
import {dense} from './dense';
import {depthToSpace} from './depth-to-space';
import {depthwiseConv2d} from './depthwise-conv2d';
import {external} from './external';
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
import {sliceChannels} from './slice-channels';
import {upsample2d} from './upsample2d';
import type {PortableOp} from './op';

const ops = {
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
  external,
} satisfies {readonly [K in OpKind]: PortableOp<Extract<Op, {kind: K}>>};

/** Whether this engine computes the ops of a kind. */
export const computes = (kind: OpKind): boolean => ops[kind].update !== 'itself';

export function opOf(op: Op): PortableOp<Op> {
  // The table pairs each kind with its own; TypeScript cannot follow that through a computed key.
  return ops[op.kind] as unknown as PortableOp<Op>;
}
