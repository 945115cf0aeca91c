/** (x − mean) · scale + shift, of a value a channel or one for each of the plane's: batch norms and affine ops. */
import type {Activation, Plane} from '../../../../graph';
import {pixelsOf} from '../../memory/layout';
import type {WeightValues} from '../../memory/weights';
import {boundsOf} from './activations';
import {listSources} from './lists';
import {reachSamePixels} from './masks';
import {ELEMENT_COST, type PixelOp, type Setting} from './op';

/** Whether a parameter has one value a channel, which all pixels share. */
export function isPerChannel(shape: readonly number[], {channels}: Plane): boolean {
  return shape.reduce((product, side) => product * side, 1) === channels;
}

/** @param fill writes means, scales and shifts, `length` of each and `pitch` apart */
export function normalized(
  setting: Setting,
  shared: boolean,
  activation: Activation,
  fill: (values: WeightValues, into: Float32Array, length: number, pitch: number) => void,
): PixelOp {
  const {kernels, scratch, inputs} = setting;
  const [input] = inputs;
  const length = shared ? input.channels : pixelsOf(input) * input.channels;
  // Each array is followed by the rest of a vector.
  const pitch = length + 4;
  const parameters = setting.weights(3 * pitch, (values, into) => fill(values, into, length, pitch));
  const bounds = shared ? boundsOf(activation) : null;
  return {
    reach: reachSamePixels(setting),
    compute(at, first, count, to) {
      listSources(setting, at, input, first, count);
      kernels.normalize(
        scratch.sources,
        count,
        input.channels,
        parameters,
        parameters + 4 * pitch,
        parameters + 8 * pitch,
        shared ? 0 : 1,
        scratch.ys + 4 * first,
        scratch.xs + 4 * first,
        input.width,
        to,
      );
    },
    ...(bounds && {
      computeInPlace(at: number, count: number) {
        listSources(setting, at, input, 0, count);
        kernels.normalizeInPlace(
          scratch.sources,
          count,
          input.channels,
          parameters,
          parameters + 4 * pitch,
          parameters + 8 * pitch,
          bounds.low,
          bounds.high,
          scratch.targets,
          scratch.flags,
        );
      },
    }),
    activation,
    cost: ELEMENT_COST * input.channels,
  };
}
