/**
 * Merges of several inputs, element by element. Backwards, to every input alike, to each what the others are, or to the first
 * that was the largest.
 */
import {isShared, LINEAR, type MergeFunction, type MergeOp} from '../../../graph';
import {bindBackward} from '../backward-kernels';
import {bind} from '../kernels';
import {boundsOf, COPY, UNBOUNDED} from './shared/activations';
import {isNeeded, pitchOf, type BackwardOp, type BackwardSetting, type Flow} from './shared/backward-op';
import type {Backward, PixelImplementation} from './shared/implementation';
import {listSources} from './shared/lists';
import {reachSamePixels} from './shared/masks';
import type {PixelOp, Setting} from './shared/op';

export const merge: PixelImplementation<MergeOp> = {forward};
export const mergeBackward: Backward<MergeOp> = {backward};

/** What the kernels know the functions by; of many inputs, the first one is copied. */
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
  const [oneA, oneB] = inputs.map((input) => Number(hasOneForAll(input, setting)));
  const pair = bind.mergePair(kernels, {
    fn: CODES[op.fn],
    oneA,
    oneB,
    channels: output.channels,
    ...(bounds ?? UNBOUNDED),
  });
  // The lists of blocks and groups are free here: only reductions use them.
  const lists = [scratch.sources, scratch.blocks];
  const write = (at: number, first: number, count: number, targets: number, tolerance = 0) => {
    inputs.forEach((input, i) => {
      if (isShared(input, output)) kernels.addressSteps(count, at + input.at, 0, lists[i]);
      else listSources(setting, at, input, first, count, lists[i]);
    });
    pair(lists[0], lists[1], count, tolerance, targets, scratch.flags + first);
  };
  return {
    compute(at, first, count, to) {
      kernels.addressSteps(count, to, output.pixelBytes, scratch.groups);
      // The flags say nothing yet, and are written anew with the values.
      write(at, first, count, scratch.groups);
    },
    ...(bounds && {
      computeInPlace: (at, count, _notes, tolerance) => write(at, 0, count, scratch.targets, tolerance),
      takesTolerances: true,
    }),
    activation: bounds ? LINEAR : op.activation,
  };
}

/** One input after another into the result so far. */
function mergeMany(setting: Setting<MergeOp>): Merge {
  const {kernels, scratch, op, inputs, output} = setting;
  const folds = inputs.map((input, i) =>
    bind.fold(kernels, {
      fn: i === 0 ? COPY : CODES[op.fn],
      channels: output.channels,
      oneChannel: Number(hasOneForAll(input, setting)),
    }),
  );
  return {
    compute(at, first, count, to) {
      inputs.forEach((input, i) => {
        const onePixel = isShared(input, output) ? at + input.at : 0;
        if (!onePixel) listSources(setting, at, input, first, count);
        folds[i](scratch.sources, count, onePixel, to);
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
  const sends = operands.map((operand, i) => sendTo(context, operand, factorOf(i)));
  return {
    floats: 0,
    flush(flow, first, count) {
      operands.forEach(({isWanted, list}, i) => {
        if (!isWanted) return;
        list(flow.at, first, count);
        sends[i](flow, flow.delta, count);
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
function sendTo(
  {setting, kernels}: BackwardSetting<MergeOp>,
  {isShared, oneChannel, offset}: Operand,
  factor: number,
): (flow: Flow, rows: number, count: number) => void {
  const {scratch, output} = setting;
  const form = {channels: output.channels, pitch: pitchOf(output), factor};
  if (isShared) {
    const add = (oneChannel ? bindBackward.addChannelSumToOne : bindBackward.addToOne)(kernels, form);
    return ({at, gradients}, rows, count) => add(at + offset, count, gradients, rows);
  }
  const add = oneChannel
    ? bindBackward.addChannelSum(kernels, form)
    : bindBackward.addPixels(kernels, {...form, skip: 0});
  return ({gradients}, rows, count) => add(scratch.sources, count, gradients, rows);
}

function backwardProduct(context: BackwardSetting<MergeOp>): BackwardOp {
  const {setting, kernels} = context;
  const {heap, scratch, output} = setting;
  const {channels} = output;
  const pitch = pitchOf(output);
  const operands = operandsOf(context).map((operand) => ({
    ...operand,
    send: sendTo(context, operand, 1),
    multiply: bindBackward.multiplyDelta(kernels, {channels, oneChannel: Number(operand.oneChannel), pitch}),
  }));
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
          other.multiply(scratch.sources, count, other.isShared ? at + other.offset : 0, values);
        });
        operand.list(at, first, count);
        operand.send(flow, values, count);
      });
    },
  };
}

/** A maximum or minimum: of inputs that are equal, the first one takes it all. */
function backwardExtreme(context: BackwardSetting<MergeOp>): BackwardOp {
  const {setting, kernels} = context;
  const {scratch, output} = setting;
  const form = {channels: output.channels, pitch: pitchOf(output)};
  const operands = operandsOf(context).map((operand) => ({
    ...operand,
    claim: bindBackward.claimDelta(kernels, {...form, oneChannel: Number(operand.oneChannel)}),
  }));
  return {
    floats: 0,
    needsValues: true,
    flush({at, gradients, delta, values}, first, count) {
      for (const {isShared, offset, list, claim} of operands) {
        list(at, first, count);
        claim(scratch.sources, count, isShared ? at + offset : 0, values, delta, gradients);
      }
    },
  };
}
