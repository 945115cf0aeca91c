/** A batch norm folded into the filter and bias before it. */
import type {WeightValues} from './op';

export interface Affine {
  /** Factor of each output channel of the filter. */
  readonly scale: Float64Array;
  readonly bias: Float64Array;
}

/**
 * (conv + bias − mean) · scale + beta, with scale = gamma / √(variance + epsilon), for each output channel.
 * @param epsilon null where there is no batch norm
 */
export function foldBatchNorm(
  {bias, gamma, beta, mean, variance}: WeightValues,
  epsilon: number | null,
  channels: number,
): Affine {
  const folded: Affine = {scale: new Float64Array(channels).fill(1), bias: new Float64Array(channels)};
  for (let c = 0; c < channels; c++) {
    if (epsilon !== null) folded.scale[c] = (gamma?.[c] ?? 1) / Math.sqrt(variance[c] + epsilon);
    const shifted = (bias?.[c] ?? 0) - (epsilon === null ? 0 : mean[c]);
    folded.bias[c] = shifted * folded.scale[c] + (epsilon === null ? 0 : (beta?.[c] ?? 0));
  }
  return folded;
}
