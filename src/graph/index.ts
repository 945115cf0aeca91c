export * from './activation';
export * from './builder';
export * from './rule';
export * from './rules';
export * from './types';
export * from './ops/conv';
export type {DenseOp} from './ops/dense';
export type {BatchNormOp, ElementwiseOp, PreluOp} from './ops/elementwise';
export type {ExternalOp} from './ops/external';
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
