/** What follows a convolution channel by channel, folded into its filter and bias. */
import type {WeightValues} from '../../memory/weights';

export interface Affine {
  /** Factor of each output channel of the filter. */
  readonly scale: Float64Array;
  readonly bias: Float64Array;
}

/**
 * A batch norm, (conv + bias − mean) · factor + beta with factor = gamma / √(variance + epsilon), and after it
 * … · scale + shift, for each output channel; what is missing changes nothing.
 * @param epsilon null where there is no batch norm
 */
export function foldAffine(
  {bias, gamma, beta, mean, variance, scale, shift}: WeightValues,
  epsilon: number | null,
  channels: number,
): Affine {
  const folded: Affine = {scale: new Float64Array(channels).fill(1), bias: new Float64Array(channels)};
  for (let c = 0; c < channels; c++) {
    if (epsilon !== null) folded.scale[c] = (gamma?.[c] ?? 1) / Math.sqrt(variance[c] + epsilon);
    const shifted = (bias?.[c] ?? 0) - (epsilon === null ? 0 : mean[c]);
    folded.bias[c] = shifted * folded.scale[c] + (epsilon === null ? 0 : (beta?.[c] ?? 0));
    folded.bias[c] = folded.bias[c] * (scale?.[c] ?? 1) + (shift?.[c] ?? 0);
    folded.scale[c] *= scale?.[c] ?? 1;
  }
  return folded;
}
