/** A pool over a whole plane. Engines keep one partial sum, or maximum, for each block of input pixels. */
import {noHalo, noMacs, onePixel, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known} from '../forms';
import {readsAll} from '../reads';
import type {PoolMode} from './pool2d';

/** [height, width, channels] or [steps, channels] to [channels]. */
export interface GlobalPoolOp {
  readonly kind: 'globalPool';
  readonly mode: PoolMode;
  /** Whether the model pools over a window as large as the plane: that may treat NaN otherwise than a reduction. */
  readonly isWindow?: boolean;
}

export const globalPool: OpDefinition<GlobalPoolOp> = {
  outputs({kind}, inputs) {
    const [{plane}] = known(kind, inputs);
    return [{shape: [plane.channels]}];
  },
  affected: onePixel,
  macs: noMacs,
  reads: readsAll,
  halo: noHalo,
  effect: () => 'reduce',
  takes: TAKES_NOTHING,
  gradient: () => 'cut',
  handsOn: () => false,
  filter: null,
  countedBy: 'inputs',
  isComputed: true,
};
