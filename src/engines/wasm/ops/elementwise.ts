/** Ops of one input whose output pixel needs only the same input pixel. */
import {
  LINEAR,
  slopesOf,
  type Activation,
  type AffineOp,
  type BatchNormOp,
  type ElementwiseOp,
  type Plane,
  type PreluOp,
} from '../../../graph';
import {
  activationCode,
  boundsOf,
  listSources,
  pixelsOf,
  reachSamePixels,
  type PixelOp,
  type Setting,
  type WeightValues,
} from './op';

/** A few vector instructions, and as much reading and writing. */
const ELEMENT_COST = 8;

export function activation(setting: Setting<ElementwiseOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  const {name, parameter = 0} = op.activation;
  const code = activationCode(op.activation);
  return {
    reach: reachSamePixels(general, inputs),
    compute(at, first, count, to) {
      listSources(general, at, input, first, count);
      if (name === 'softmax' || name === 'logSoftmax') {
        kernels.softmax(scratch.sources, count, input.channels, name === 'logSoftmax' ? 1 : 0, to);
      } else {
        kernels.activate(scratch.sources, count, input.channels, code, parameter, to);
      }
    },
    activation: LINEAR,
    cost: ELEMENT_COST * input.channels,
  };
}

/** Whether a parameter has one value a channel, which all pixels share. */
export function isPerChannel(shape: readonly number[], {channels}: Plane): boolean {
  return shape.reduce((product, side) => product * side, 1) === channels;
}

/**
 * (x − mean) · scale + shift, of a value a channel or one for each of the plane's.
 * @param fill writes means, scales and shifts, `length` of each and `pitch` apart
 */
function normalized(
  setting: Setting,
  shared: boolean,
  activation: Activation,
  fill: (values: WeightValues, into: Float32Array, length: number, pitch: number) => void,
): PixelOp {
  const {kernels, scratch, inputs} = setting;
  const [input] = inputs;
  const length = shared ? input.channels : pixelsOf(input) * input.channels;
  // Each array is followed by room for the rest of a vector.
  const pitch = length + 4;
  const parameters = setting.weights(3 * pitch, (values, into) => fill(values, into, length, pitch));
  const bounds = shared ? boundsOf(activation) : null;
  return {
    reach: reachSamePixels(setting, inputs),
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

export function batchNorm(setting: Setting<BatchNormOp>): PixelOp {
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
  return normalized(setting as Setting, shared, LINEAR, fill);
}

export function affine(setting: Setting<AffineOp>): PixelOp {
  const {op, inputs, weightShapes} = setting;
  const shared = Object.values(weightShapes).every((shape) => isPerChannel(shape, inputs[0]));
  // The means are 0. Of one value a channel or of the whole plane's: it repeats.
  const fill = ({scale, shift}: WeightValues, into: Float32Array, length: number, pitch: number) => {
    for (let i = 0; i < length; i++) {
      into[pitch + i] = scale?.[i % scale.length] ?? 1;
      into[2 * pitch + i] = shift?.[i % shift.length] ?? 0;
    }
  };
  return normalized(setting as Setting, shared, op.activation, fill);
}

/** A PReLU's slopes in the engine's memory: one a channel, which all pixels share, or one for each value of the plane. */
export function packSlopes(setting: Setting<PreluOp>): {
  at: number;
  slopes: Int32Array | null;
  length: number;
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

export function prelu(setting: Setting<PreluOp>): PixelOp {
  const {kernels, scratch, inputs} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  const {at: alpha, slopes} = packSlopes(setting);
  return {
    reach: reachSamePixels(general, inputs),
    compute(at, first, count, to) {
      listSources(general, at, input, first, count);
      kernels.prelu(
        scratch.sources,
        count,
        input.channels,
        alpha,
        slopes === null ? 0 : 1,
        scratch.ys + 4 * first,
        scratch.xs + 4 * first,
        input.width,
        to,
      );
    },
    activation: LINEAR,
    cost: ELEMENT_COST * input.channels,
  };
}
