/** A pool over windows; padding is left out of it. */
import {noHalo, noMacs, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known} from '../forms';
import {kernelEffect, windowAffected, windowReads, windowShape, type WindowConfig} from '../window';

export type PoolMode = 'max' | 'average';

export interface PoolOp {
  readonly kind: 'pool2d';
  readonly mode: PoolMode;
  readonly window: WindowConfig;
}

export const pool2d: OpDefinition<PoolOp> = {
  outputs({kind, window}, inputs) {
    const [input] = known(kind, inputs);
    return [{shape: windowShape(kind, input, window, input.plane.channels)}];
  },
  affected: windowAffected,
  macs: noMacs,
  reads: windowReads,
  // Its windows are clipped instead: their padding is no zero.
  halo: noHalo,
  effect: ({window}) => kernelEffect(window.kernel),
  takes: TAKES_NOTHING,
  gradient: () => 'pixels',
  handsOn: ({mode}) => mode === 'max',
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
