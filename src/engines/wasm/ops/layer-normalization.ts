/** Layer normalization: each pixel by the moments of its own channels. */
import {LINEAR, type LayerNormalizationOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import type {Backward, PixelImplementation} from './shared/implementation';
import {listSources} from './shared/lists';
import {reachSamePixels} from './shared/masks';
import {ELEMENT_COST, type PixelOp, type Setting} from './shared/op';

export const layerNormalization: PixelImplementation<LayerNormalizationOp> = {forward};
export const layerNormalizationBackward: Backward<LayerNormalizationOp> = {backward};

function forward(setting: Setting<LayerNormalizationOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const {channels} = input;
  const {gamma, beta} = packParameters(setting);
  const parameters = {channels, gamma, beta, epsilon: op.epsilon};
  const normalize = bind.layerNormalize(kernels, parameters);
  const normalizeInPlace = bind.layerNormalizeInPlace(kernels, parameters);
  return {
    reach: reachSamePixels(setting),
    compute(at, first, count, to) {
      listSources(setting, at, input, first, count);
      normalize(scratch.sources, count, to);
    },
    computeInPlace(at, count) {
      listSources(setting, at, input, 0, count);
      normalizeInPlace(scratch.sources, count, scratch.targets, scratch.flags);
    },
    activation: LINEAR,
    // A pixel is read three times.
    cost: 2 * ELEMENT_COST * channels,
  };
}

/** Gamma and beta a channel, each followed by the rest of a vector. */
function packParameters({inputs: [{channels}], weights}: Setting<LayerNormalizationOp>) {
  const pitch = channels + 4;
  const at = weights(2 * pitch, ({gamma, beta}, into) => {
    for (let i = 0; i < channels; i++) {
      into[i] = gamma?.[i] ?? 1;
      into[pitch + i] = beta?.[i] ?? 0;
    }
  });
  return {gamma: at, beta: at + 4 * pitch, pitch};
}

function backward(context: BackwardSetting<LayerNormalizationOp>): BackwardOp {
  const {setting, kernels} = context;
  const {scratch, op, inputs} = setting;
  const [input] = inputs;
  const {channels} = input;
  const {gamma, pitch} = packParameters(setting);
  const flush = bindBackward.layerNormalizeGradient(kernels, {
    channels,
    gamma,
    epsilon: op.epsilon,
    needsInput: isNeeded(context),
    pitch: pitchOf(input),
  });
  return {
    floats: 2 * pitch,
    flush({at, gradients, delta}, first, count, sums) {
      listSources(setting, at, input, first, count);
      flush(scratch.sources, count, gradients, delta, sums, sums + 4 * pitch);
    },
    gradients: (sums) => ({gamma: sums.slice(0, channels), beta: sums.slice(pitch, pitch + channels)}),
  };
}
