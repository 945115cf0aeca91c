/** Output pixel (y, x) as a copy of pixel ((y + dy) / fh, (x + dx) / fw) of an input: forwards, and where its gradient goes. */
import type {Pair} from '../../../../region';
import {bindBackward} from '../../backward-kernels';
import {pitchOf, type BackwardOp, type BackwardSetting} from './backward-op';
import {copiedList} from './lists';
import type {PixelOp, Setting} from './op';

/** Zeros where that pixel is outside. */
export function copyFrom(setting: Setting, offset: Pair, factor?: Pair): PixelOp['compute'] {
  const {kernels, scratch, inputs} = setting;
  const [input] = inputs;
  const list = copiedList(setting, input, offset, factor);
  return (at, first, count, to) => {
    list(at, first, count);
    kernels.copyPixels(scratch.sources, count, input.pixelBytes, to, input.pixelBytes);
  };
}

/** @param which of the inputs */
export function addToCopied(
  {setting, kernels}: BackwardSetting,
  offset: Pair,
  factor?: Pair,
  which = 0,
): BackwardOp['flush'] {
  const {scratch, inputs, output} = setting;
  const input = inputs[which];
  const list = copiedList(setting, input, offset, factor);
  const add = bindBackward.addPixels(kernels, {
    channels: input.channels,
    pitch: pitchOf(output),
    skip: 0,
    factor: 1,
  });
  return ({at, gradients, delta}, first, count) => {
    list(at, first, count);
    add(scratch.sources, count, gradients, delta);
  };
}
