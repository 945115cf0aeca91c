/** Concatenation: of channels, or of planes one below the other or side by side. */
import {concatOffsets, LINEAR, type ConcatOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting} from './shared/backward-op';
import {addToCopied} from './shared/copies';
import type {Backward, PixelImplementation} from './shared/implementation';
import {copiedList, listSources} from './shared/lists';
import {clearMask, reachSamePixels, translateInto} from './shared/masks';
import type {PixelOp, Setting} from './shared/op';

export const concat: PixelImplementation<ConcatOp> = {forward};
export const concatBackward: Backward<ConcatOp> = {backward};

function forward(setting: Setting<ConcatOp>): PixelOp {
  return setting.op.axis === 'channels' ? concatChannels(setting) : concatPlanes(setting);
}

function concatChannels(setting: Setting<ConcatOp>): PixelOp {
  const {kernels, scratch, inputs, output} = setting;
  return {
    reach: reachSamePixels(setting),
    compute(at, first, count, to) {
      let channel = to;
      for (const input of inputs) {
        listSources(setting, at, input, first, count);
        kernels.copyPixels(scratch.sources, count, input.pixelBytes, channel, output.pixelBytes);
        channel += input.pixelBytes;
      }
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}

/** Each output pixel lies in one of the inputs. */
function concatPlanes(setting: Setting<ConcatOp>): PixelOp {
  const {kernels, heap, scratch, op, inputs, output} = setting;
  const offsets = concatOffsets(op, inputs);
  const translate = inputs.map((input, i) => translateInto(setting, input, [offsets[i].y, offsets[i].x]));
  const lists = inputs.map((input, i) => copiedList(setting, input, [-offsets[i].y, -offsets[i].x]));
  return {
    reach(at, changed) {
      clearMask(heap, at, output);
      translate.forEach((mark, i) => changed[i] && mark(at));
    },
    compute(at, first, count, to) {
      heap.octets.fill(0, to, to + count * output.pixelBytes);
      for (const list of lists) {
        list(at, first, count);
        kernels.copyWhereThere(scratch.sources, count, output.pixelBytes, to);
      }
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}

/** To each input what it gave. */
function backward(context: BackwardSetting<ConcatOp>): BackwardOp {
  const {op, inputs} = context.setting;
  const isWanted = inputs.map((_, i) => isNeeded(context, i) === 1);
  const parts =
    op.axis === 'channels'
      ? channelParts(context)
      : concatOffsets(op, inputs).map(({y, x}, i) => addToCopied(context, [-y, -x], undefined, i));
  return {
    floats: 0,
    flush(flow, first, count, sums) {
      parts.forEach((part, i) => isWanted[i] && part(flow, first, count, sums));
    },
  };
}

function channelParts({setting, kernels}: BackwardSetting<ConcatOp>): BackwardOp['flush'][] {
  const {scratch, inputs, output} = setting;
  let channel = 0;
  return inputs.map((input) => {
    const {channels} = input;
    const add = bindBackward.addPixels(kernels, {channels, pitch: pitchOf(output), skip: channel, factor: 1});
    channel += channels;
    return ({at, gradients, delta}, first, count) => {
      listSources(setting, at, input, first, count);
      add(scratch.sources, count, gradients, delta);
    };
  });
}
