/** Activations as the kernels know them. */
import {ACTIVATION_NAMES, type Activation} from '../../../../graph';

/** The number the kernels know an activation by. */
export const activationCode = ({name}: Activation): number => ACTIVATION_NAMES.indexOf(name);

/** What the kernels of merges know it by to take nothing of the first input: so a clamp is a merge, too. */
export const COPY = 5;

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export const UNBOUNDED: Bounds = {low: -Infinity, high: Infinity};

/** The bounds of an activation that is one clamp, which convolutions apply as they write; null for the others. */
export function boundsOf({name, parameter}: Activation): Bounds | null {
  if (name === 'linear') return UNBOUNDED;
  if (name === 'relu') return {low: 0, high: Infinity};
  if (name === 'relu6') return {low: 0, high: 6};
  return name === 'clippedRelu' ? {low: 0, high: parameter!} : null;
}
