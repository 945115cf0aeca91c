/** Back through ops of one input whose output pixel needs only the same input pixel. */
import type {BatchNormOp, Plane} from '../../../../graph';
import type {Setting} from '../../ops';
import {isPerChannel, spread} from '../../ops/elementwise';
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
  const {setting} = backward;
  const {kernels, scratch, inputs, weightShapes} = setting;
  const [input] = inputs;
  const shape = weightShapes['alpha'];
  const shared = isPerChannel(shape, input) && shape[shape.length - 1] === input.channels;
  const length = shared ? input.channels : pixelsOf(input) * input.channels;
  const alpha = setting.weights(length + 4, (values, into) => {
    if (shared) into.set(values['alpha']);
    else spread(values['alpha'], shape, input, into);
  });
  return {
    floats: length + 4,
    flush({at, gradients, delta}, first, count, sums) {
      listSources(setting, at, input, first, count);
      kernels.preluGradient(
        scratch.sources,
        count,
        input.channels,
        alpha,
        shared ? 0 : 1,
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
    gradients: (sums) => ({alpha: shared ? sums.slice(0, length) : gather(sums, shape, input)}),
  };
}

/** The sum over all pixels that share a value: the way back from `spread`. */
function gather(
  sums: Float32Array,
  shape: readonly number[],
  {height, width, channels}: Plane,
): Float32Array {
  const sides = [1, 1, 1, ...shape].slice(-3);
  const into = new Float64Array(sides[0] * sides[1] * sides[2]);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        const row = (sides[0] === 1 ? 0 : y) * sides[1] + (sides[1] === 1 ? 0 : x);
        into[row * sides[2] + (sides[2] === 1 ? 0 : c)] += sums[from++];
      }
    }
  }
  return Float32Array.from(into);
}
