/** Gradients of a filter and bias with a batch norm folded into them, as those of all that they were folded from. */
import type {WeightValues} from '../../memory/weights';
import type {WeightGradients} from './backward-op';
import {foldAffine} from './fold';

export interface Folded {
  /** [taps][channels] */
  readonly filter: Float32Array;
  readonly bias: Float32Array;
}

/** @param epsilon null where there is no batch norm */
export function unfold(
  {filter, bias}: Folded,
  values: WeightValues,
  epsilon: number | null,
  channels: number,
): WeightGradients {
  if (epsilon === null) return {filter, bias};
  const {scale} = foldAffine(values, epsilon, channels);
  const gamma = new Float64Array(channels);
  const own: WeightGradients = {filter: filter.slice(), bias: bias.slice(), beta: bias};
  for (let i = 0; i < filter.length; i++) {
    const c = i % channels;
    gamma[c] += filter[i] * values['filter'][i];
    own['filter'][i] *= scale[c];
  }
  for (let c = 0; c < channels; c++) {
    const shifted = (values['bias']?.[c] ?? 0) - values['mean'][c];
    gamma[c] = (gamma[c] + bias[c] * shifted) / Math.sqrt(values['variance'][c] + epsilon);
    own['bias'][c] *= scale[c];
  }
  return {...own, gamma: Float32Array.from(gamma)};
}
