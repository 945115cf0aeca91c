/** Back through ops that only move values: to where each came from. */
import {concatOffsets, type ConcatOp, type PadOp, type UpsampleOp} from '../../../../graph';
import type {Pair} from '../../../../region';
import type {Setting} from '../../ops';
import {listCopied, listSources} from '../../ops/op';
import {isNeeded, pitchOfLayout, type BackwardOp, type BackwardSetting, type Flow} from './op';

/** Output pixel (y, x) is a copy of pixel ((y + dy) / fh, (x + dx) / fw) of an input, where there is one. */
function copied(backward: BackwardSetting, offset: Pair, factor?: Pair, which = 0): BackwardOp['flush'] {
  const {kernels, scratch, inputs, output} = backward.setting;
  const input = inputs[which];
  return ({at, gradients, delta}, first, count) => {
    listCopied(backward.setting, at, input, first, count, offset, factor);
    const {sources} = scratch;
    kernels.addPixels(sources, count, input.channels, gradients, delta, pitchOfLayout(output), 0, 1);
  };
}

export function pad2d(backward: BackwardSetting): BackwardOp {
  const {top, left} = backward.setting.op as PadOp;
  return {floats: 0, flush: copied(backward, [-top, -left])};
}

export function upsample2d(backward: BackwardSetting): BackwardOp {
  const {kernels, scratch, op, inputs, output} = backward.setting as Setting<UpsampleOp>;
  if (op.interpolation === 'nearest') return {floats: 0, flush: copied(backward, [0, 0], op.factor)};
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
        pitchOfLayout(output),
      );
    },
  };
}

export function reshape({setting}: BackwardSetting): BackwardOp {
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
        pitchOfLayout(output),
      );
    },
  };
}

export function concat(backward: BackwardSetting): BackwardOp {
  const {op, inputs} = backward.setting as Setting<ConcatOp>;
  const isWanted = inputs.map((_, i) => isNeeded(backward, i) === 1);
  const parts =
    op.axis === 'channels'
      ? channelParts(backward)
      : concatOffsets(op, inputs).map(({y, x}, i) => copied(backward, [-y, -x], undefined, i));
  return {
    floats: 0,
    flush(flow, first, count, sums) {
      parts.forEach((part, i) => isWanted[i] && part(flow, first, count, sums));
    },
  };
}

function channelParts({setting}: BackwardSetting): BackwardOp['flush'][] {
  const {kernels, scratch, inputs, output} = setting;
  let channel = 0;
  return inputs.map((input) => {
    const skip = channel;
    channel += input.channels;
    return ({at, gradients, delta}: Flow, first: number, count: number) => {
      listSources(setting, at, input, first, count);
      const {sources} = scratch;
      kernels.addPixels(sources, count, input.channels, gradients, delta, pitchOfLayout(output), skip, 1);
    };
  });
}
