/** An activation that stands alone. Softmax is over the plane's channels. */
import {isElementwise, type Activation} from '../activation';
import {noHalo, noMacs, samePixels, TAKES_NOTHING, type OpDefinition} from '../definition';
import {known} from '../forms';
import {readsSame} from '../reads';

export interface ElementwiseOp {
  readonly kind: 'activation';
  readonly activation: Activation;
}

export const activation: OpDefinition<ElementwiseOp> = {
  outputs(op, inputs) {
    const [{shape, plane}] = known(op.kind, inputs);
    const channels = shape[shape.length - 1];
    if (!isElementwise(op.activation) && plane.channels !== channels) {
      throw new Error(
        `${op.activation.name}: its input's pixels have ${plane.channels} of ${channels} channels; reshape first.`,
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
