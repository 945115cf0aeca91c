/**
 * A dense layer over a whole value: [n] to [units]. (A dense layer over the last axis of an image is a 1×1
 * convolution, and imported as one.) Engines keep one partial sum for each block of input pixels.
 *
 * Weights: `kernel` [n, units], `bias` [units].
 */
import {Region} from '../../region';
import type {Activation} from '../activation';
import {expectRank, known, type Rule} from '../rule';

export interface DenseOp {
  readonly kind: 'dense';
  readonly units: number;
  readonly activation: Activation;
}

export const dense: Rule<DenseOp> = {
  outputs(op, inputs) {
    const [input] = known(op.kind, inputs);
    expectRank(op.kind, input.shape, 1, 'n');
    return [{shape: [op.units]}];
  },
  affected: (_op, _inputs, _output, [changed]) => (changed.isEmpty ? Region.empty(1, 1) : Region.full(1, 1)),
  macs: (op, [input], _output, [changed]) => changed.area * input.plane.channels * op.units,
};
