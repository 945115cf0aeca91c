/** Output pixel (y, x) as a copy of pixel ((y + dy) / fh, (x + dx) / fw) of an input: forwards, and where its gradient goes. */
import type {Pair} from '../../../../region';
import {pitchOf, type BackwardOp, type BackwardSetting} from './backward-op';
import {listCopied} from './lists';
import type {PixelOp, Setting} from './op';

/** Zeros where that pixel is outside. */
export function copyFrom(setting: Setting, offset: Pair, factor?: Pair): PixelOp['compute'] {
  const {kernels, scratch, inputs} = setting;
  const [input] = inputs;
  return (at, first, count, to) => {
    listCopied(setting, at, input, first, count, offset, factor);
    kernels.copyPixels(scratch.sources, count, input.pixelBytes, to, input.pixelBytes);
  };
}

/** @param which of the inputs */
export function addToCopied(
  {setting}: BackwardSetting,
  offset: Pair,
  factor?: Pair,
  which = 0,
): BackwardOp['flush'] {
  const {kernels, scratch, inputs, output} = setting;
  const input = inputs[which];
  return ({at, gradients, delta}, first, count) => {
    listCopied(setting, at, input, first, count, offset, factor);
    const {sources} = scratch;
    kernels.addPixels(sources, count, input.channels, gradients, delta, pitchOf(output), 0, 1);
  };
}
