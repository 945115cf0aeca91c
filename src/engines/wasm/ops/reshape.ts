/** A reshape that changes what a pixel is: the same values, copied one after the other. */
import {LINEAR, type ReshapeOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import type {ValueLayout} from '../memory/layout';
import {pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import type {Backward, PixelImplementation} from './shared/implementation';
import {sizesOf} from './shared/masks';
import type {PixelOp, Setting} from './shared/op';

export const reshape: PixelImplementation<ReshapeOp> = {forward};
export const reshapeBackward: Backward<ReshapeOp> = {backward};

function forward(setting: Setting<ReshapeOp>): PixelOp {
  const {kernels, scratch, inputs, output} = setting;
  const [input] = inputs;
  const {ys, xs} = scratch;
  const reinterpret = bind.reinterpretMask(kernels, {
    ...sizesOf(input, output),
    channels: input.channels,
    outChannels: output.channels,
  });
  const copy = bind.copyValues(kernels, valuesIn(input, output));
  return {
    reach: (at) => reinterpret(at + input.mask, at + output.mask),
    compute(at, first, count, to) {
      copy(ys + 4 * first, xs + 4 * first, count, at + input.at, to);
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}

/** Where the output's values lie in the input. */
const valuesIn = (input: ValueLayout, {width, channels}: ValueLayout) => ({
  width,
  channels,
  rowBytes: input.rowBytes,
  rowValues: input.width * input.channels,
});

function backward({setting, kernels}: BackwardSetting<ReshapeOp>): BackwardOp {
  const {scratch, inputs, output} = setting;
  const [input] = inputs;
  const {ys, xs} = scratch;
  const add = bindBackward.valuesGradient(kernels, {...valuesIn(input, output), pitch: pitchOf(output)});
  return {
    floats: 0,
    flush({at, gradients, delta}, first, count) {
      add(ys + 4 * first, xs + 4 * first, count, at + input.at, gradients, delta);
    },
  };
}
