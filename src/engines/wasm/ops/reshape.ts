/** A reshape that changes what a pixel is: the same values, copied one after the other. */
import {LINEAR, type ReshapeOp} from '../../../graph';
import {pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import type {PixelImplementation} from './shared/implementation';
import type {PixelOp, Setting} from './shared/op';

export const reshape: PixelImplementation<ReshapeOp> = {forward, backward};

function forward(setting: Setting<ReshapeOp>): PixelOp {
  const {kernels, scratch, inputs, output} = setting;
  const [input] = inputs;
  return {
    reach(at) {
      kernels.reinterpretMask(
        at + input.mask,
        input.height,
        input.width,
        input.channels,
        at + output.mask,
        output.height,
        output.width,
        output.channels,
      );
    },
    compute(at, first, count, to) {
      kernels.copyValues(
        scratch.ys + 4 * first,
        scratch.xs + 4 * first,
        count,
        output.width,
        output.channels,
        at + input.at,
        input.rowBytes,
        input.width * input.channels,
        to,
      );
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}

function backward({setting}: BackwardSetting<ReshapeOp>): BackwardOp {
  const {kernels, scratch, inputs, output} = setting;
  const [input] = inputs;
  return {
    floats: 0,
    flush({at, gradients, delta}, first, count) {
      kernels.valuesGradient(
        scratch.ys + 4 * first,
        scratch.xs + 4 * first,
        count,
        output.width,
        output.channels,
        at + input.at,
        input.rowBytes,
        input.width * input.channels,
        gradients,
        delta,
        pitchOf(output),
      );
    },
  };
}
