/** (x − mean) · scale + shift, of a value a channel or one for each of the plane's: batch norms and affine ops. */
import type {Activation, Plane} from '../../../../graph';
import {bind} from '../../kernels';
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
  const {ys, xs, sources, targets, flags} = scratch;
  const form = {
    channels: input.channels,
    mean: parameters,
    scale: parameters + 4 * pitch,
    beta: parameters + 8 * pitch,
  };
  const normalize = bind.normalize(kernels, {...form, perPixel: shared ? 0 : 1, width: input.width});
  const normalizeInPlace = bounds && bind.normalizeInPlace(kernels, {...form, ...bounds});
  return {
    reach: reachSamePixels(setting),
    compute(at, first, count, to) {
      listSources(setting, at, input, first, count);
      normalize(sources, count, ys + 4 * first, xs + 4 * first, to);
    },
    ...(normalizeInPlace && {
      computeInPlace(at: number, count: number) {
        listSources(setting, at, input, 0, count);
        normalizeInPlace(sources, count, targets, flags);
      },
    }),
    activation,
    cost: ELEMENT_COST * input.channels,
  };
}
