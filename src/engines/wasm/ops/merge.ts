/**
 * Merges of several inputs, element by element. Backwards, to every input alike, to each what the others are, or to the first
 * that was the largest.
 */
import {isShared, LINEAR, type MergeFunction, type MergeOp} from '../../../graph';
import {boundsOf, UNBOUNDED} from './shared/activations';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting, type Flow} from './shared/backward-op';
import type {PixelImplementation} from './shared/implementation';
import {listSources} from './shared/lists';
import {reachSamePixels} from './shared/masks';
import type {PixelOp, Setting} from './shared/op';

export const merge: PixelImplementation<MergeOp> = {forward, backward};

/** What the kernel knows the functions by; the first input is copied. */
const CODES: Readonly<Record<MergeFunction, number>> = {
  add: 0,
  average: 0,
  subtract: 1,
  multiply: 2,
  maximum: 3,
  minimum: 4,
  divide: 6,
  equal: 7,
};
const COPY = 5;

function forward(setting: Setting<MergeOp>): PixelOp {
  const {op, inputs, output} = setting;
  const isPair = inputs.length === 2 && op.fn !== 'average';
  return {
    ...(isPair ? mergeTwo(setting) : mergeMany(setting)),
    reach: reachAnyOf(setting),
    cost: 4 * inputs.length * output.channels,
  };
}

type Merge = Omit<PixelOp, 'reach' | 'cost'>;

const hasOneForAll = ({channels}: {channels: number}, {output}: Setting): boolean =>
  channels === 1 && output.channels > 1;

/** In one pass; in place where nothing follows but a clamp. */
function mergeTwo(setting: Setting<MergeOp>): Merge {
  const {kernels, scratch, op, inputs, output} = setting;
  const bounds = boundsOf(op.activation);
  const {low, high} = bounds ?? UNBOUNDED;
  const [a, b] = inputs.map((input) => Number(hasOneForAll(input, setting)));
  // The lists of blocks and groups are free here: only reductions use them.
  const lists = [scratch.sources, scratch.blocks];
  const write = (at: number, first: number, count: number, targets: number) => {
    inputs.forEach((input, i) => {
      if (isShared(input, output)) kernels.addressSteps(count, at + input.at, 0, lists[i]);
      else listSources(setting, at, input, first, count, lists[i]);
    });
    const flags = scratch.flags + first;
    kernels.mergePair(
      CODES[op.fn],
      lists[0],
      a,
      lists[1],
      b,
      count,
      output.channels,
      low,
      high,
      targets,
      flags,
    );
  };
  return {
    compute(at, first, count, to) {
      kernels.addressSteps(count, to, output.pixelBytes, scratch.groups);
      // The flags say nothing yet, and are written anew with the values.
      write(at, first, count, scratch.groups);
    },
    ...(bounds && {computeInPlace: (at, count) => write(at, 0, count, scratch.targets)}),
    activation: bounds ? LINEAR : op.activation,
  };
}

/** One input after another into the result so far. */
function mergeMany(setting: Setting<MergeOp>): Merge {
  const {kernels, scratch, op, inputs, output} = setting;
  return {
    compute(at, first, count, to) {
      inputs.forEach((input, i) => {
        const onePixel = isShared(input, output) ? at + input.at : 0;
        if (!onePixel) listSources(setting, at, input, first, count);
        const code = i === 0 ? COPY : CODES[op.fn];
        const oneChannel = Number(hasOneForAll(input, setting));
        kernels.fold(code, scratch.sources, count, output.channels, oneChannel, onePixel, to);
      });
      if (op.fn === 'average') kernels.scaleInPlace(to, count * output.channels, 1 / inputs.length);
    },
    activation: op.activation,
  };
}

/** A pixel that all share reaches all; every other pixel itself. */
function reachAnyOf(setting: Setting<MergeOp>): PixelOp['reach'] {
  const {kernels, inputs, output} = setting;
  const shared = inputs.map((input) => isShared(input, output));
  const reachSame = reachSamePixels(setting);
  return (at, changed) => {
    if (shared.some((isShared, i) => isShared && changed[i])) {
      kernels.fillMask(at + output.mask, output.height, output.width);
    } else {
      reachSame(at, changed);
    }
  };
}

function backward(context: BackwardSetting<MergeOp>): BackwardOp {
  const {fn} = context.setting.op;
  if (fn === 'multiply') return backwardProduct(context);
  if (fn === 'maximum' || fn === 'minimum') return backwardExtreme(context);
  const operands = operandsOf(context);
  const factorOf = (i: number) =>
    fn === 'average' ? 1 / operands.length : fn === 'subtract' && i > 0 ? -1 : 1;
  return {
    floats: 0,
    flush(flow, first, count) {
      operands.forEach((operand, i) => {
        if (!operand.isWanted) return;
        operand.list(flow.at, first, count);
        send(context, operand, flow, flow.delta, count, factorOf(i));
      });
    },
  };
}

/** One input of a merge, backwards. */
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

function operandsOf(context: BackwardSetting<MergeOp>): Operand[] {
  const {setting} = context;
  const {inputs, output} = setting;
  return inputs.map((input, i) => ({
    isWanted: isNeeded(context, i) === 1,
    oneChannel: hasOneForAll(input, setting),
    isShared: isShared(input, output),
    offset: input.at,
    list: (at, first, count) => listSources(setting, at, input, first, count),
  }));
}

/** Adds rows of gradients, times a factor, to those of an operand whose pixels are listed. */
function send(
  {setting}: BackwardSetting<MergeOp>,
  {isShared, oneChannel, offset}: Operand,
  {at, gradients}: Flow,
  rows: number,
  count: number,
  factor: number,
): void {
  const {kernels, scratch, output} = setting;
  const pitch = pitchOf(output);
  const {channels} = output;
  const {sources} = scratch;
  if (isShared && oneChannel)
    kernels.addChannelSumToOne(at + offset, count, channels, gradients, rows, pitch, factor);
  else if (isShared) kernels.addToOne(at + offset, count, channels, gradients, rows, pitch, factor);
  else if (oneChannel) kernels.addChannelSum(sources, count, channels, gradients, rows, pitch, factor);
  else kernels.addPixels(sources, count, channels, gradients, rows, pitch, 0, factor);
}

function backwardProduct(context: BackwardSetting<MergeOp>): BackwardOp {
  const {kernels, heap, scratch, output} = context.setting;
  const operands = operandsOf(context);
  const pitch = pitchOf(output);
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
        send(context, operand, flow, values, count, 1);
      });
    },
  };
}

/** A maximum or minimum: of inputs that are equal, the first one takes it all. */
function backwardExtreme(context: BackwardSetting<MergeOp>): BackwardOp {
  const {kernels, scratch, output} = context.setting;
  const operands = operandsOf(context);
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
          pitchOf(output),
          gradients,
        );
      }
    },
  };
}
