/** The definition of every op, and its type and what else others know of it. To add an op: one file in `ops/`, its lines here. */
import type {OpDefinition} from './definition';
import {activation} from './ops/activation';
import {affine} from './ops/affine';
import {batchNorm} from './ops/batch-norm';
import {concat} from './ops/concat';
import {conv2d} from './ops/conv2d';
import {conv2dTranspose} from './ops/conv2d-transpose';
import {dense} from './ops/dense';
import {depthToSpace} from './ops/depth-to-space';
import {depthwiseConv2d} from './ops/depthwise-conv2d';
import {external} from './ops/external';
import {gather2d} from './ops/gather2d';
import {globalPool} from './ops/global-pool';
import {layerNormalization} from './ops/layer-normalization';
import {merge} from './ops/merge';
import {pad2d} from './ops/pad2d';
import {padChannels} from './ops/pad-channels';
import {pool2d} from './ops/pool2d';
import {prelu} from './ops/prelu';
import {reshape} from './ops/reshape';
import {resize2d} from './ops/resize2d';
import {sliceChannels} from './ops/slice-channels';
import {upsample2d} from './ops/upsample2d';
import type {Graph, Node} from './types';

export type {ElementwiseOp} from './ops/activation';
export type {AffineOp} from './ops/affine';
export type {BatchNormOp} from './ops/batch-norm';
export {concatOffsets, type ConcatOp} from './ops/concat';
export type {ConvOp} from './ops/conv2d';
export {transposedWindow, type ConvTransposeOp} from './ops/conv2d-transpose';
export type {DenseOp} from './ops/dense';
export type {DepthToSpaceOp} from './ops/depth-to-space';
export type {DepthwiseConvOp} from './ops/depthwise-conv2d';
export {
  isAwaited,
  isImpure,
  mixesRows,
  type AwaitedOp,
  type ExternalOp,
  type TimeDistributed,
  type TopK,
} from './ops/external';
export type {GatherOp} from './ops/gather2d';
export type {GlobalPoolOp} from './ops/global-pool';
export type {LayerNormalizationOp} from './ops/layer-normalization';
export {isShared, mergedShape, type MergeFunction, type MergeOp} from './ops/merge';
export type {PadOp} from './ops/pad2d';
export type {PadChannelsOp} from './ops/pad-channels';
export type {PoolMode, PoolOp} from './ops/pool2d';
export {slopesOf, type PreluOp} from './ops/prelu';
export {reshapeTo, type ReshapeOp} from './ops/reshape';
export {resizeTables, type Between, type ResizeOp} from './ops/resize2d';
export type {SliceChannelsOp} from './ops/slice-channels';
export {upsampleWindow, type UpsampleOp} from './ops/upsample2d';

const table = {
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
  external,
};

type OpOf<Definition> = Definition extends OpDefinition<infer O> ? O : never;

/** Every op a graph can hold, told apart by `kind`. */
export type Op = OpOf<(typeof table)[keyof typeof table]>;

export type OpKind = Op['kind'];

/** By kind; the type holds that each stands under its own. */
export const definitions: {readonly [K in OpKind]: OpDefinition<Extract<Op, {readonly kind: K}>>} = table;

export function definitionOf<O extends Op>({kind}: O): OpDefinition<O> {
  // The table pairs each kind with its own definition; TypeScript cannot follow that through a computed key.
  return definitions[kind] as unknown as OpDefinition<O>;
}

/** The nodes that compute something, as reports list them. */
export const computedNodes = ({nodes}: Graph): Node[] => nodes.filter(({op}) => definitionOf(op).isComputed);
