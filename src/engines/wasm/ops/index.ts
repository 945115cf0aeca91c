/**
 * The kinds of op this engine has kernels for; an external one is computed by the model itself. What there is of them backwards is
 * in backward.ts. To add an op: one line here, and one there.
 */
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
import type {PixelImplementation, ReduceImplementation} from './shared/implementation';
import {sliceChannels} from './slice-channels';
import {upsample2d} from './upsample2d';

type Implementation<O extends Op> = O extends {kind: 'external'}
  ? null
  : PixelImplementation<O> | ReduceImplementation<O>;

const implementations = {
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
  depthToSpace,
  padChannels,
  reshape,
  external: null,
} satisfies {readonly [K in OpKind]: Implementation<Extract<Op, {kind: K}>>};

/** How this engine computes a kind of op; null where the model itself does. */
export function implementationOf(kind: OpKind): PixelImplementation | ReduceImplementation | null {
  // The table pairs each kind with its own; TypeScript cannot follow that through a computed key.
  return implementations[kind] as PixelImplementation | ReduceImplementation | null;
}

/** Whether this engine computes the ops of a kind. */
export const computes = (kind: OpKind): boolean => implementations[kind] !== null;
