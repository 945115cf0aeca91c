/** PReLU, with slopes for each channel or for every value. */
import {LINEAR, slopesOf, type PreluOp} from '../../../graph';
import {repeatedSlopes} from '../../shared/fold';
import type {OpPlan, Setting} from './shared/op';
import {NO_WEIGHTS, pointwise, spread} from './shared/pointwise';

export function prelu(setting: Setting<PreluOp>): OpPlan {
  const {op, weightShapes} = setting;
  const [input] = setting.inputs;
  const isShared = slopesOf(op, weightShapes['alpha'], input) === null;
  const pixels = isShared ? 1 : input.pixels;
  const scale = setting.weights(pixels * input.vectors, ({alpha}) => [
    spread(op.repeats ? repeatedSlopes(alpha, input) : alpha, pixels, input),
  ]);
  const stride = isShared ? 0 : input.vectors;
  return pointwise(setting, LINEAR, {...NO_WEIGHTS, mode: 2, scale, stride});
}
