/** Back through merges: to every input alike, to each what the others are, or to the first that was the largest. */
import {isShared, type MergeOp} from '../../../../graph';
import type {Setting} from '../../ops';
import {listSources} from '../../ops/op';
import {isNeeded, pitchOfLayout, type BackwardOp, type BackwardSetting, type Flow} from './op';

/** One input of a merge. */
interface Operand {
  readonly isWanted: boolean;
  readonly oneChannel: boolean;
  /** Whether it is one pixel that all share. */
  readonly isShared: boolean;
  /** Its own offset in the stream's block. */
  readonly offset: number;
  /** Lists its pixels, where it has as many as the output. */
  list(at: number, first: number, count: number): void;
}

function operandsOf(backward: BackwardSetting): Operand[] {
  const {setting} = backward;
  const {inputs, output} = setting;
  return inputs.map((input, i) => ({
    isWanted: isNeeded(backward, i) === 1,
    oneChannel: input.channels === 1 && output.channels > 1,
    isShared: isShared(input, output),
    offset: input.at,
    list: (at, first, count) => listSources(setting, at, input, first, count),
  }));
}

export function merge(backward: BackwardSetting): BackwardOp {
  const {fn} = (backward.setting as Setting<MergeOp>).op;
  if (fn === 'multiply') return product(backward);
  if (fn === 'maximum' || fn === 'minimum') return extreme(backward);
  const operands = operandsOf(backward);
  const factorOf = (i: number) =>
    fn === 'average' ? 1 / operands.length : fn === 'subtract' && i > 0 ? -1 : 1;
  return {
    floats: 0,
    flush(flow, first, count) {
      operands.forEach((operand, i) => {
        if (!operand.isWanted) return;
        operand.list(flow.at, first, count);
        send(backward, operand, flow, flow.delta, count, factorOf(i));
      });
    },
  };
}

/** Adds rows of gradients, times a factor, to those of an operand whose pixels are listed. */
function send(
  {setting}: BackwardSetting,
  {isShared, oneChannel, offset}: Operand,
  {at, gradients}: Flow,
  rows: number,
  count: number,
  factor: number,
): void {
  const {kernels, scratch, output} = setting;
  const pitch = pitchOfLayout(output);
  const {channels} = output;
  const {sources} = scratch;
  if (isShared && oneChannel)
    kernels.addChannelSumToOne(at + offset, count, channels, gradients, rows, pitch, factor);
  else if (isShared) kernels.addToOne(at + offset, count, channels, gradients, rows, pitch, factor);
  else if (oneChannel) kernels.addChannelSum(sources, count, channels, gradients, rows, pitch, factor);
  else kernels.addPixels(sources, count, channels, gradients, rows, pitch, 0, factor);
}

function product(backward: BackwardSetting): BackwardOp {
  const {kernels, heap, scratch, output} = backward.setting;
  const operands = operandsOf(backward);
  const pitch = pitchOfLayout(output);
  return {
    floats: 0,
    flush(flow, first, count) {
      const {at, delta, values} = flow;
      operands.forEach((operand, i) => {
        if (!operand.isWanted) return;
        heap.octets.copyWithin(values, delta, delta + 4 * count * pitch);
        operands.forEach((other, j) => {
          if (j === i) return;
          other.list(at, first, count);
          const onePixel = other.isShared ? at + other.offset : 0;
          const oneChannel = other.oneChannel ? 1 : 0;
          kernels.multiplyDelta(scratch.sources, count, output.channels, oneChannel, onePixel, values, pitch);
        });
        operand.list(at, first, count);
        send(backward, operand, flow, values, count, 1);
      });
    },
  };
}

/** A maximum or minimum: of inputs that are equal, the first one takes it all. */
function extreme(backward: BackwardSetting): BackwardOp {
  const {kernels, scratch, output} = backward.setting;
  const operands = operandsOf(backward);
  return {
    floats: 0,
    needsValues: true,
    flush({at, gradients, delta, values}, first, count) {
      for (const {isShared, oneChannel, offset, list} of operands) {
        list(at, first, count);
        kernels.claimDelta(
          scratch.sources,
          count,
          output.channels,
          oneChannel ? 1 : 0,
          isShared ? at + offset : 0,
          values,
          delta,
          pitchOfLayout(output),
          gradients,
        );
      }
    },
  };
}
