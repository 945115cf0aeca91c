/** Where an op's results go: what all its kernels are told of the output, and of what is done to a pixel last. */
import {ACTIVATION_NAMES, isElementwise, LINEAR, type Activation} from '../../../../graph';
import type {Setting} from './op';

/** Parameters of the fields of `wgsl/target.ts`. */
export type Target = ReturnType<typeof targetOf>;

export function targetOf({output, record}: Setting, tile: number, toScratch: boolean) {
  return {
    out: output.at,
    vectors: output.vectors,
    channels: output.channels,
    width: output.width,
    mask: output.mask,
    rowWords: output.rowWords,
    record,
    tile,
    toScratch: toScratch ? 1 : 0,
  };
}

/** An activation as parameters: what needs whole pixels is left out. */
export function activationOf(activation: Activation): {activation: number; parameter: number} {
  const {name, parameter = 0} = isElementwise(activation) ? activation : LINEAR;
  return {activation: ACTIVATION_NAMES.indexOf(name), parameter};
}

/** What of an activation is left to whoever commits whole pixels. */
export const softmaxIn = (activation: Activation): Activation =>
  isElementwise(activation) ? LINEAR : activation;

/** Whether results go through scratch. */
export const needsCommit = ({hasThreshold}: Setting, activation: Activation): boolean =>
  hasThreshold || !isElementwise(activation);
