/** x · scale + shift, of one value a channel or of one for each of the plane's. */
import type {AffineOp} from '../../../graph';
import type {WeightValues} from '../memory/weights';
import type {PixelImplementation} from './shared/implementation';
import {isPerChannel, normalized} from './shared/normalize';
import type {PixelOp, Setting} from './shared/op';

export const affine: PixelImplementation<AffineOp> = {forward};

function forward(setting: Setting<AffineOp>): PixelOp {
  const {op, inputs, weightShapes} = setting;
  const shared = Object.values(weightShapes).every((shape) => isPerChannel(shape, inputs[0]));
  // The means are 0. Of one value a channel or of the whole plane's: it repeats.
  const fill = ({scale, shift}: WeightValues, into: Float32Array, length: number, pitch: number) => {
    for (let i = 0; i < length; i++) {
      into[pitch + i] = scale?.[i % scale.length] ?? 1;
      into[2 * pitch + i] = shift?.[i % shift.length] ?? 0;
    }
  };
  return normalized(setting, shared, op.activation, fill);
}
