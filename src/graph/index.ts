export * from './activation';
export * from './builder';
export * from './macs';
export {receptiveFields, type FieldSize} from './receptive-field';
export * from './copies';
export * from './rule';
export * from './rules';
export * from './types';
export type {DepthToSpaceOp, PadChannelsOp, SliceChannelsOp} from './ops/channels';
export * from './ops/conv';
export {transposedWindow, type ConvTransposeOp} from './ops/conv-transpose';
export type {DenseOp} from './ops/dense';
export {slopesOf} from './ops/elementwise';
export type {AffineOp, BatchNormOp, ElementwiseOp, PreluOp} from './ops/elementwise';
export type {ExternalOp, TimeDistributed, TopK} from './ops/external';
export {
  concatOffsets,
  isShared,
  mergedShape,
  type ConcatOp,
  type MergeFunction,
  type MergeOp,
} from './ops/merge';
export {reshapeTo, upsampleWindow, type PadOp, type ReshapeOp, type UpsampleOp} from './ops/move';
export type {GlobalPoolOp, PoolMode, PoolOp} from './ops/pool';
export {resizeTables, type Between, type GatherOp, type ResizeOp} from './ops/resize';
