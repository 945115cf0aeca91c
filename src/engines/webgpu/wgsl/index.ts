/** Every kernel there is: a fixed set, so that all can be compiled before the first frame. */
import {COMMIT, RELATIVE} from './commit';
import {CONV, CONV_TRANSPOSE, DEPTHWISE} from './conv';
import {CROWDED, GROWN, PACK, TAKE_BUFFER, TAKE_PICTURE} from './frame';
import type {Kernel} from './kernel';
import {BILINEAR, DEPTH_TO_SPACE, LANES, MERGE, MOVE, POINTWISE, POOL, REGROUP} from './pixelwise';
import {DENSE_BLOCKS, POOL_BLOCKS, TOTAL} from './reduce';
import {ALL, BLOCKS, PICK, REINTERPRET, SAME, TRANSLATE, TRANSPOSED, WINDOW} from './region';

export const KERNELS: readonly Kernel[] = [
  ...[SAME, ALL, WINDOW, TRANSPOSED, PICK, TRANSLATE, REINTERPRET, BLOCKS],
  ...[...CONV, DEPTHWISE, CONV_TRANSPOSE],
  ...[POOL, POINTWISE, MERGE, MOVE, LANES, DEPTH_TO_SPACE, REGROUP, BILINEAR],
  ...[DENSE_BLOCKS, POOL_BLOCKS, TOTAL, COMMIT, RELATIVE],
  ...[TAKE_BUFFER, TAKE_PICTURE, CROWDED, GROWN, PACK],
];
