/** Ops that only move values: padding and cropping, upsampling, and a reshape that changes what a pixel is. */
import {LINEAR, upsampleWindow, type PadOp, type ReshapeOp, type UpsampleOp} from '../../../graph';
import type {Pair} from '../../../region';
import {clearMask, listCopied, translateInto, type PixelOp, type Setting} from './op';

export function pad2d(setting: Setting<PadOp>): PixelOp {
  const {heap, op, inputs, output} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  return {
    reach(at) {
      clearMask(heap, at, output);
      translateInto(general, at, input, op.top, op.left);
    },
    compute: copyFrom(general, [-op.top, -op.left]),
    activation: LINEAR,
    cost: 4 * input.channels,
  };
}

/** Each output pixel is a copy of pixel ((y + dy) / fh, (x + dx) / fw), or zeros where that is outside. */
function copyFrom(setting: Setting, offset: Pair, factor?: Pair): PixelOp['compute'] {
  const {kernels, scratch, inputs} = setting;
  const [input] = inputs;
  return (at, first, count, to) => {
    listCopied(setting, at, input, first, count, offset, factor);
    kernels.copyPixels(scratch.sources, count, input.pixelBytes, to, input.pixelBytes);
  };
}

export function upsample2d(setting: Setting<UpsampleOp>): PixelOp {
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
      ? copyFrom(setting as Setting, [0, 0], op.factor)
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

/** The same values, but other pixels: copied, one value after the other. */
export function reshape(setting: Setting<ReshapeOp>): PixelOp {
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
