/** PReLUs: slopes one a channel, which all pixels share, or one for each value of the plane. */
import {LINEAR, sizeOf, slopesOf, type PreluOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import type {Backward, PixelImplementation} from './shared/implementation';
import {listSources} from './shared/lists';
import {reachSamePixels} from './shared/masks';
import {ELEMENT_COST, type PixelOp, type Setting} from './shared/op';

export const prelu: PixelImplementation<PreluOp> = {forward};
export const preluBackward: Backward<PreluOp> = {backward};

function forward(setting: Setting<PreluOp>): PixelOp {
  const {kernels, scratch, inputs} = setting;
  const [input] = inputs;
  const {at: alpha, slopes} = packSlopes(setting);
  const {ys, xs, sources} = scratch;
  const bend = bind.prelu(kernels, {...input, alpha, perPixel: slopes === null ? 0 : 1});
  return {
    reach: reachSamePixels(setting),
    compute(at, first, count, to) {
      listSources(setting, at, input, first, count);
      bend(sources, count, ys + 4 * first, xs + 4 * first, to);
    },
    activation: LINEAR,
    cost: ELEMENT_COST * input.channels,
  };
}

function packSlopes(setting: Setting<PreluOp>): {
  readonly at: number;
  /** Which slope each value of the plane has; null where they are one a channel. */
  readonly slopes: Int32Array | null;
  readonly length: number;
} {
  const {op, inputs, weightShapes} = setting;
  const slopes = slopesOf(op, weightShapes['alpha'], inputs[0]);
  const length = slopes?.length ?? inputs[0].channels;
  const at = setting.weights(length + 4, ({alpha}, into) => {
    if (slopes === null) into.set(alpha);
    else slopes.forEach((slope, i) => (into[i] = alpha[slope]));
  });
  return {at, slopes, length};
}

function backward(context: BackwardSetting<PreluOp>): BackwardOp {
  const {setting, kernels} = context;
  const {scratch, inputs, weightShapes} = setting;
  const [input] = inputs;
  const {at: alpha, slopes, length} = packSlopes(setting);
  const {ys, xs, sources} = scratch;
  const addGradients = bindBackward.preluGradient(kernels, {
    ...input,
    alpha,
    perPixel: slopes === null ? 0 : 1,
    needsInput: isNeeded(context),
    pitch: pitchOf(input),
  });
  return {
    floats: length + 4,
    flush({at, gradients, delta}, first, count, sums) {
      listSources(setting, at, input, first, count);
      addGradients(sources, count, ys + 4 * first, xs + 4 * first, gradients, delta, sums);
    },
    gradients: (sums) => ({
      alpha: slopes === null ? sums.slice(0, length) : gather(sums, slopes, sizeOf(weightShapes['alpha'])),
    }),
  };
}

/** The sum over all values that share a slope. */
function gather(sums: Float32Array, slopes: Int32Array, count: number): Float32Array {
  const into = new Float64Array(count);
  slopes.forEach((slope, i) => (into[slope] += sums[i]));
  return Float32Array.from(into);
}
