/** A batch norm that stands alone. Weights: `gamma`, `beta` (either may be missing), `mean`, `variance`, all [channels]. */
import {noHalo, noMacs, samePixels, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known} from '../forms';
import {readsSame} from '../reads';

export interface BatchNormOp {
  readonly kind: 'batchNorm';
  readonly epsilon: number;
}

export const batchNorm: OpDefinition<BatchNormOp> = {
  outputs: ({kind}, inputs) => known(kind, inputs).slice(0, 1),
  affected: samePixels,
  macs: noMacs,
  reads: readsSame,
  halo: noHalo,
  effect: () => 'pointwise',
  takes: TAKES_NOTHING,
  gradient: () => 'pixels',
  handsOn: () => false,
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
