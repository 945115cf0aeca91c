/** Batch norms as ops of their own, that no convolution before them could take. */
import {LINEAR, type BatchNormOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {pixelsOf} from '../memory/layout';
import type {WeightValues} from '../memory/weights';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import type {Backward, PixelImplementation} from './shared/implementation';
import {listSources} from './shared/lists';
import {isPerChannel, normalized} from './shared/normalize';
import type {PixelOp, Setting} from './shared/op';

export const batchNorm: PixelImplementation<BatchNormOp> = {forward};
export const batchNormBackward: Backward<BatchNormOp> = {backward};

function forward(setting: Setting<BatchNormOp>): PixelOp {
  const {op, inputs, weightShapes} = setting;
  const shared = isPerChannel(weightShapes['mean'], inputs[0]);
  const fill = (
    {mean, variance, gamma, beta}: WeightValues,
    into: Float32Array,
    length: number,
    pitch: number,
  ) => {
    for (let i = 0; i < length; i++) {
      into[i] = mean[i];
      into[pitch + i] = (gamma?.[i] ?? 1) / Math.sqrt(variance[i] + op.epsilon);
      into[2 * pitch + i] = beta?.[i] ?? 0;
    }
  };
  return normalized(setting, shared, LINEAR, fill);
}

function backward(context: BackwardSetting<BatchNormOp>): BackwardOp {
  const {setting, kernels} = context;
  const {scratch, op, inputs, weightShapes} = setting;
  const [input] = inputs;
  const shared = isPerChannel(weightShapes['mean'], input);
  const length = shared ? input.channels : pixelsOf(input) * input.channels;
  const pitch = length + 4;
  const parameters = setting.weights(2 * pitch, ({mean, variance, gamma}, into) => {
    for (let i = 0; i < length; i++) {
      into[i] = mean[i];
      into[pitch + i] = (gamma?.[i] ?? 1) / Math.sqrt(variance[i] + op.epsilon);
    }
  });
  const {ys, xs, sources} = scratch;
  const addGradients = bindBackward.normalizeGradient(kernels, {
    channels: input.channels,
    mean: parameters,
    scale: parameters + 4 * pitch,
    perPixel: shared ? 0 : 1,
    width: input.width,
    needsInput: isNeeded(context),
    pitch: pitchOf(input),
  });
  return {
    floats: 2 * pitch,
    flush({at, gradients, delta}, first, count, sums) {
      listSources(setting, at, input, first, count);
      const skip = 4 * first;
      addGradients(sources, count, ys + skip, xs + skip, gradients, delta, sums, sums + 4 * pitch);
    },
    gradients(sums) {
      const {variance} = context.readWeights();
      const gamma = sums.slice(0, length).map((sum, i) => sum / Math.sqrt(variance[i] + op.epsilon));
      return {gamma, beta: sums.slice(pitch, pitch + length)};
    },
  };
}
