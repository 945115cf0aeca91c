/** Ops that only copy values from elsewhere: nothing about a value is new where they have it. */
import type {Op, OpKind} from './types';

const COPIES: ReadonlySet<OpKind> = new Set([
  'reshape',
  'pad2d',
  'gather2d',
  'concat',
  'sliceChannels',
  'padChannels',
  'depthToSpace',
]);

export const isCopy = ({kind}: Op): boolean => COPIES.has(kind);
