/** Upsampling by whole factors: the nearest pixel, or between two rows and two columns. */
import {LINEAR, upsampleWindow, type UpsampleOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import {pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import {addToCopied, copyFrom} from './shared/copies';
import type {Backward, PixelImplementation} from './shared/implementation';
import {sizesOf} from './shared/masks';
import type {PixelOp, Setting} from './shared/op';

export const upsample2d: PixelImplementation<UpsampleOp> = {forward};
export const upsample2dBackward: Backward<UpsampleOp> = {backward};

function forward(setting: Setting<UpsampleOp>): PixelOp {
  const {kernels, op, inputs, output} = setting;
  const [input] = inputs;
  const [fh, fw] = op.factor;
  const {kernel, pad} = upsampleWindow(op, output);
  const spread = bind.spreadMask(kernels, {
    ...sizesOf(input, output),
    fh,
    fw,
    reachY: kernel[0],
    reachX: kernel[1],
    beforeY: pad.top,
    beforeX: pad.left,
  });
  return {
    reach: (at) => spread(at + input.mask, at + output.mask),
    compute: op.interpolation === 'nearest' ? copyFrom(setting, [0, 0], op.factor) : between(setting),
    activation: LINEAR,
    cost: 4 * input.channels,
  };
}

function between({kernels, scratch, op, inputs: [input]}: Setting<UpsampleOp>): PixelOp['compute'] {
  const {ys, xs} = scratch;
  const [fh, fw] = op.factor;
  const upsample = bind.upsampleBilinear(kernels, {...input, fh, fw});
  return (at, first, count, to) => upsample(ys + 4 * first, xs + 4 * first, count, at + input.at, to);
}

function backward(context: BackwardSetting<UpsampleOp>): BackwardOp {
  const {scratch, op, inputs, output} = context.setting;
  if (op.interpolation === 'nearest') return {floats: 0, flush: addToCopied(context, [0, 0], op.factor)};
  const [input] = inputs;
  const {ys, xs} = scratch;
  const [fh, fw] = op.factor;
  const spread = bindBackward.spreadGradient(context.kernels, {...input, fh, fw, pitch: pitchOf(output)});
  return {
    floats: 0,
    flush({at, gradients, delta}, first, count) {
      spread(ys + 4 * first, xs + 4 * first, count, at + input.at, gradients, delta);
    },
  };
}
