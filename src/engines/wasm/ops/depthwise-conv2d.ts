/** Depthwise convolutions: each channel with filters of its own. */
import type {DepthwiseConvOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import {roundUp4, type ValueLayout} from '../memory/layout';
import type {WeightValues} from '../memory/weights';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import {byWindows, inBothForms} from './shared/convolution';
import {foldAffine, type Affine} from './shared/fold';
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
  const filter = setting.weights((taps.length + 1) * roundUp4(channels), (values, into) => {
    packVectors(values, foldAffine(values, op.batchNormEpsilon, channels), taps.length, into);
  });
  const form = {
    channels,
    multiplier: op.depthMultiplier,
    taps: setting.table(taps),
    tapCount: taps.length,
    tapsPerRow: window.kernel[1],
    filter,
    freshTaps: Math.min(window.strides[0], window.kernel[0]) * window.kernel[1],
    fetch: fetchedAtATime(inputs[0]),
  };
  return inBothForms(setting, window, 2 * taps.length * channels, (bounds) =>
    byWindows(setting, window, bind.depthwise(kernels, {...form, ...bounds})),
  );
}

/** Inputs of so many bytes do not stay in the processor's own caches. */
const FAR_BYTES = 1 << 19;
/** Outputs of so many bytes do, together with the windows over them. */
const NEAR_BYTES = 1 << 14;
/** Smaller pixels follow each other so closely that the processor sees them coming. */
const LEAST_PIXEL_BYTES = 160;

/** Output pixels that are fetched before they are computed; 0 where that does not pay. */
function fetchedAtATime({height, rowBytes, pixelBytes}: ValueLayout): number {
  const pays = height * rowBytes >= FAR_BYTES && pixelBytes >= LEAST_PIXEL_BYTES;
  return pays ? Math.max(8, Math.floor(NEAR_BYTES / pixelBytes)) : 0;
}

/** For each 4 channels their biases, and then their values of each tap. */
function packVectors({filter}: WeightValues, {scale, bias}: Affine, taps: number, into: Float32Array): void {
  const channels = bias.length;
  for (let c = 0; c < channels; c++) {
    const from = (c >> 2) * 4 * (taps + 1) + (c & 3);
    into[from] = bias[c];
    for (let tap = 0; tap < taps; tap++) into[from + 4 * (tap + 1)] = filter[tap * channels + c] * scale[c];
  }
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
