/** An activation by itself. */
import type {ElementwiseOp} from '../../../graph';
import {activate} from './activate';
import type {PortableOp} from './op';

export const activation: PortableOp<ElementwiseOp> = {
  update(step) {
    step.patchwise(step.pixelCost, (patch) =>
      activate(step.readPixels(step.inputs[0], patch), step.op.activation),
    );
  },
  whole: ({op, inputs}) => activate(inputs[0], op.activation),
};
