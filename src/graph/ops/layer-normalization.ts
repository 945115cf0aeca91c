/**
 * Layer normalization: each pixel's channels less their mean, over the root of their variance. Weights: `gamma`, `beta` (either
 * may be missing), both [channels].
 */
import {noHalo, noMacs, samePixels, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known} from '../forms';
import {readsSame} from '../reads';

export interface LayerNormalizationOp {
  readonly kind: 'layerNormalization';
  readonly epsilon: number;
}

export const layerNormalization: OpDefinition<LayerNormalizationOp> = {
  outputs({kind}, inputs) {
    const [{shape, plane}] = known(kind, inputs);
    const channels = shape[shape.length - 1];
    if (plane.channels !== channels) {
      throw new Error(
        `${kind}: its input's pixels have ${plane.channels} of ${channels} channels; reshape first.`,
      );
    }
    return [{shape, plane}];
  },
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
