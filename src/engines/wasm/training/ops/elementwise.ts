/** Back through ops of one input whose output pixel needs only the same input pixel. */
import {sizeOf, type BatchNormOp, type PreluOp} from '../../../../graph';
import type {Setting} from '../../ops';
import {isPerChannel, packSlopes} from '../../ops/elementwise';
import {listSources, pixelsOf} from '../../ops/op';
import {isNeeded, pitchOfLayout, type BackwardOp, type BackwardSetting} from './op';

/** What is left after an activation is sent to the same pixel. */
export function activation({setting}: BackwardSetting): BackwardOp {
  const {kernels, scratch, inputs} = setting;
  const [input] = inputs;
  return {
    floats: 0,
    flush({at, gradients, delta}, first, count) {
      listSources(setting, at, input, first, count);
      const pitch = pitchOfLayout(input);
      kernels.addPixels(scratch.sources, count, input.channels, gradients, delta, pitch, 0, 1);
    },
  };
}

export function batchNorm(backward: BackwardSetting): BackwardOp {
  const setting = backward.setting as Setting<BatchNormOp>;
  const {kernels, scratch, op, inputs, weightShapes} = setting;
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
  return {
    floats: 2 * pitch,
    flush({at, gradients, delta}, first, count, sums) {
      listSources(setting as Setting, at, input, first, count);
      kernels.normalizeGradient(
        scratch.sources,
        count,
        input.channels,
        parameters,
        parameters + 4 * pitch,
        shared ? 0 : 1,
        scratch.ys + 4 * first,
        scratch.xs + 4 * first,
        input.width,
        gradients,
        isNeeded(backward),
        delta,
        pitchOfLayout(input),
        sums,
        sums + 4 * pitch,
      );
    },
    gradients(sums) {
      const {variance} = backward.readWeights();
      const gamma = sums.slice(0, length).map((sum, i) => sum / Math.sqrt(variance[i] + op.epsilon));
      return {gamma, beta: sums.slice(pitch, pitch + length)};
    },
  };
}

export function prelu(backward: BackwardSetting): BackwardOp {
  const setting = backward.setting as Setting<PreluOp>;
  const {kernels, scratch, inputs, weightShapes} = setting;
  const [input] = inputs;
  const {at: alpha, slopes, length} = packSlopes(setting);
  return {
    floats: length + 4,
    flush({at, gradients, delta}, first, count, sums) {
      listSources(setting as Setting, at, input, first, count);
      kernels.preluGradient(
        scratch.sources,
        count,
        input.channels,
        alpha,
        slopes === null ? 0 : 1,
        scratch.ys + 4 * first,
        scratch.xs + 4 * first,
        input.width,
        gradients,
        isNeeded(backward),
        delta,
        pitchOfLayout(input),
        sums,
      );
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
