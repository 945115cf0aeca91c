/** Padding a plane with zeros, and cropping it. */
import {LINEAR, type PadOp} from '../../../graph';
import type {BackwardOp, BackwardSetting} from './shared/backward-op';
import {addToCopied, copyFrom} from './shared/copies';
import type {Backward, PixelImplementation} from './shared/implementation';
import {clearMask, translateInto} from './shared/masks';
import type {PixelOp, Setting} from './shared/op';

export const pad2d: PixelImplementation<PadOp> = {forward};
export const pad2dBackward: Backward<PadOp> = {backward};

function forward(setting: Setting<PadOp>): PixelOp {
  const {heap, op, inputs, output} = setting;
  const [input] = inputs;
  const translate = translateInto(setting, input, [op.top, op.left]);
  return {
    reach(at) {
      clearMask(heap, at, output);
      translate(at);
    },
    compute: copyFrom(setting, [-op.top, -op.left]),
    activation: LINEAR,
    cost: 4 * input.channels,
  };
}

function backward(context: BackwardSetting<PadOp>): BackwardOp {
  const {top, left} = context.setting.op;
  return {floats: 0, flush: addToCopied(context, [-top, -left])};
}
