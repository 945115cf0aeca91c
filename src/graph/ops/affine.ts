/**
 * x · scale + shift. Weights: `scale`, `shift` (either may be missing), each [channels], or with a value for each one of
 * the plane.
 */
import type {Activation} from '../activation';
import {noHalo, noMacs, samePixels, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known} from '../forms';
import {readsSame} from '../reads';

export interface AffineOp {
  readonly kind: 'affine';
  readonly activation: Activation;
}

export const affine: OpDefinition<AffineOp> = {
  outputs: ({kind}, inputs) => known(kind, inputs).slice(0, 1),
  affected: samePixels,
  macs: noMacs,
  reads: readsSame,
  halo: noHalo,
  effect: () => 'pointwise',
  takes: {...TAKES_NOTHING, affine: true, activation: true},
  gradient: () => 'none',
  handsOn: () => false,
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
