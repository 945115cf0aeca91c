/** Depthwise convolutions: each channel with filters of its own. */
import type {DepthwiseConvOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import {roundUp4} from '../memory/layout';
import type {WeightValues} from '../memory/weights';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import {byWindows, inBothForms} from './shared/convolution';
import {foldAffine} from './shared/fold';
import type {Backward, PixelImplementation} from './shared/implementation';
import type {PixelOp, Setting} from './shared/op';
import {unfold} from './shared/unfold';
import {listWindows, tapsOf, windowOf} from './shared/window';

export const depthwiseConv2d: PixelImplementation<DepthwiseConvOp> = {forward};
export const depthwiseConv2dBackward: Backward<DepthwiseConvOp> = {backward};

function forward(setting: Setting<DepthwiseConvOp>): PixelOp {
  const {kernels, op, inputs, output} = setting;
  const window = windowOf(inputs[0], op);
  const taps = tapsOf(setting, window);
  const {channels} = output;
  const pitch = roundUp4(channels);
  const weights = setting.weights((taps.length + 1) * pitch, (values, into) => {
    const {scale, bias} = foldAffine(values, op.batchNormEpsilon, channels);
    packTaps(values, scale, taps.length, into);
    for (let c = 0; c < channels; c++) into[taps.length * pitch + c] = bias[c];
  });
  const form = {
    channels,
    multiplier: op.depthMultiplier,
    taps: setting.table(taps),
    tapCount: taps.length,
    tapsPerRow: window.kernel[1],
    weights,
    bias: weights + 4 * taps.length * pitch,
  };
  return inBothForms(setting, window, 2 * taps.length * channels, (bounds) =>
    byWindows(setting, window, bind.depthwise(kernels, {...form, ...bounds})),
  );
}

/** The filter as [taps][channels], channels rounded up to whole vectors. */
function packTaps({filter}: WeightValues, scale: Float64Array, taps: number, into: Float32Array): void {
  const channels = scale.length;
  const pitch = roundUp4(channels);
  for (let tap = 0; tap < taps; tap++) {
    for (let c = 0; c < channels; c++) into[tap * pitch + c] = filter[tap * channels + c] * scale[c];
  }
}

function backward(context: BackwardSetting<DepthwiseConvOp>): BackwardOp {
  const {setting, kernels} = context;
  const {scratch, op, inputs, output} = setting;
  const {channels} = output;
  const window = windowOf(inputs[0], op);
  const taps = tapsOf(setting, window);
  const pitch = roundUp4(channels);
  const weights = setting.weights(taps.length * pitch, (values, into) => {
    const {scale} = foldAffine(values, op.batchNormEpsilon, channels);
    packTaps(values, scale, taps.length, into);
  });
  const addProducts = bindBackward.depthwiseGradient(kernels, {
    channels,
    multiplier: op.depthMultiplier,
    taps: setting.table(taps),
    tapCount: taps.length,
    weights,
    needsInput: isNeeded(context),
    pitch: pitchOf(output),
  });
  return {
    floats: (taps.length + 1) * pitch,
    flush({at, gradients, delta}, first, count, sums) {
      listWindows(setting, window, at, first, count);
      addProducts(scratch.sources, count, gradients, delta, sums);
    },
    gradients(sums) {
      const filter = new Float32Array(taps.length * channels);
      for (let tap = 0; tap < taps.length; tap++)
        filter.set(sums.subarray(tap * pitch, tap * pitch + channels), tap * channels);
      const bias = sums.slice(taps.length * pitch, taps.length * pitch + channels);
      return unfold({filter, bias}, context.readWeights(), op.batchNormEpsilon, channels);
    },
  };
}
