/** Upsampling by whole factors: the nearest pixel, or between two rows and two columns. */
import {LINEAR, upsampleWindow, type UpsampleOp} from '../../../graph';
import {pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import {addToCopied, copyFrom} from './shared/copies';
import type {PixelImplementation} from './shared/implementation';
import type {PixelOp, Setting} from './shared/op';

export const upsample2d: PixelImplementation<UpsampleOp> = {forward, backward};

function forward(setting: Setting<UpsampleOp>): PixelOp {
  const {kernels, scratch, op, inputs, output} = setting;
  const [input] = inputs;
  const [fh, fw] = op.factor;
  const nearest = op.interpolation === 'nearest';
  const {kernel, pad} = upsampleWindow(op, output);
  return {
    reach(at) {
      kernels.spreadMask(
        at + input.mask,
        input.height,
        input.width,
        at + output.mask,
        output.height,
        output.width,
        fh,
        fw,
        kernel[0],
        kernel[1],
        pad.top,
        pad.left,
      );
    },
    compute: nearest
      ? copyFrom(setting, [0, 0], op.factor)
      : (at, first, count, to) => {
          kernels.upsampleBilinear(
            scratch.ys + 4 * first,
            scratch.xs + 4 * first,
            count,
            at + input.at,
            input.rowBytes,
            input.height,
            input.width,
            input.channels,
            fh,
            fw,
            to,
          );
        },
    activation: LINEAR,
    cost: 4 * input.channels,
  };
}

function backward(context: BackwardSetting<UpsampleOp>): BackwardOp {
  const {kernels, scratch, op, inputs, output} = context.setting;
  if (op.interpolation === 'nearest') return {floats: 0, flush: addToCopied(context, [0, 0], op.factor)};
  const [input] = inputs;
  return {
    floats: 0,
    flush({at, gradients, delta}, first, count) {
      kernels.spreadGradient(
        scratch.ys + 4 * first,
        scratch.xs + 4 * first,
        count,
        at + input.at,
        input.rowBytes,
        input.height,
        input.width,
        input.channels,
        op.factor[0],
        op.factor[1],
        gradients,
        delta,
        pitchOf(output),
      );
    },
  };
}
