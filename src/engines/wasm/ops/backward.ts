/** The kinds of op this engine has a backward pass through. To add one: one line here. */
import type {Op, OpKind} from '../../../graph';
import {activationBackward} from './activation';
import {batchNormBackward} from './batch-norm';
import {concatBackward} from './concat';
import {conv2dBackward} from './conv2d';
import {denseBackward} from './dense';
import {depthwiseConv2dBackward} from './depthwise-conv2d';
import {globalPoolBackward} from './global-pool';
import {layerNormalizationBackward} from './layer-normalization';
import {mergeBackward} from './merge';
import {pad2dBackward} from './pad2d';
import {pool2dBackward} from './pool2d';
import {preluBackward} from './prelu';
import {reshapeBackward} from './reshape';
import {upsample2dBackward} from './upsample2d';
import type {Backward} from './shared/implementation';

const table = {
  conv2d: conv2dBackward,
  depthwiseConv2d: depthwiseConv2dBackward,
  conv2dTranspose: null,
  dense: denseBackward,
  pool2d: pool2dBackward,
  globalPool: globalPoolBackward,
  activation: activationBackward,
  batchNorm: batchNormBackward,
  layerNormalization: layerNormalizationBackward,
  prelu: preluBackward,
  affine: null,
  merge: mergeBackward,
  concat: concatBackward,
  pad2d: pad2dBackward,
  upsample2d: upsample2dBackward,
  resize2d: null,
  gather2d: null,
  sliceChannels: null,
  depthToSpace: null,
  padChannels: null,
  reshape: reshapeBackward,
  external: null,
} satisfies {readonly [K in OpKind]: Backward<Extract<Op, {kind: K}>> | null};

/** The backward pass through a kind of op; null where there is none. */
export function backwardOf(kind: OpKind): Backward | null {
  // The table pairs each kind with its own; TypeScript cannot follow that through a computed key.
  return table[kind] as Backward | null;
}
