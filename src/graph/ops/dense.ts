/**
 * A dense layer over a whole value: [n] to [units]. (A dense layer over the last axis of an image is a 1×1
 * convolution, and imported as one.) Engines keep one partial sum for each block of input pixels.
 *
 * Weights: `kernel` [n, units], `bias` [units].
 */
import type {Activation} from '../activation';
import {TAKES_NOTHING, noHalo, onePixel, type OpDefinition} from '../definition';
import {expectRank, known} from '../forms';
import {readsAll} from '../reads';

export interface DenseOp {
  readonly kind: 'dense';
  readonly units: number;
  readonly activation: Activation;
}

export const dense: OpDefinition<DenseOp> = {
  outputs({kind, units}, inputs) {
    const [{shape}] = known(kind, inputs);
    expectRank(kind, shape, 1, 'n');
    return [{shape: [units]}];
  },
  affected: onePixel,
  macs: ({units}, [{plane}], _output, [changed]) => changed.area * plane.channels * units,
  reads: readsAll,
  halo: noHalo,
  effect: () => 'reduce',
  takes: {...TAKES_NOTHING, activation: true},
  gradient: () => 'cut',
  handsOn: () => false,
  filter: null,
  countedBy: 'inputs',
  isComputed: true,
};
