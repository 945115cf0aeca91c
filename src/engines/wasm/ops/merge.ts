/** Ops of several inputs: merges element by element, and concatenation. */
import {
  concatOffsets,
  isShared,
  LINEAR,
  type ConcatOp,
  type MergeFunction,
  type MergeOp,
} from '../../../graph';
import {UNBOUNDED} from './conv';
import {
  boundsOf,
  clearMask,
  listCopied,
  listSources,
  reachSamePixels,
  translateInto,
  type PixelOp,
  type Setting,
} from './op';

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

export function merge(setting: Setting<MergeOp>): PixelOp {
  const {op, inputs, output} = setting;
  const isPair = inputs.length === 2 && op.fn !== 'average';
  return {
    ...(isPair ? mergeTwo(setting) : mergeMany(setting)),
    reach: reachAnyOf(
      setting as Setting,
      inputs.map((input) => isShared(input, output)),
    ),
    cost: 4 * inputs.length * output.channels,
  };
}

type Merge = Omit<PixelOp, 'reach' | 'cost'>;

const hasOneForAll = ({channels}: {channels: number}, {output}: Setting<MergeOp>): number =>
  Number(channels === 1 && output.channels > 1);

/** In one pass; in place where nothing follows but a clamp. */
function mergeTwo(setting: Setting<MergeOp>): Merge {
  const {kernels, scratch, op, inputs, output} = setting;
  const bounds = boundsOf(op.activation);
  const {low, high} = bounds ?? UNBOUNDED;
  const [a, b] = inputs.map((input) => hasOneForAll(input, setting));
  // The lists of blocks and groups are free here: only reductions use them.
  const lists = [scratch.sources, scratch.blocks];
  const write = (at: number, first: number, count: number, targets: number) => {
    inputs.forEach((input, i) => {
      if (isShared(input, output)) kernels.addressSteps(count, at + input.at, 0, lists[i]);
      else listSources(setting as Setting, at, input, first, count, lists[i]);
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
        if (!onePixel) listSources(setting as Setting, at, input, first, count);
        const code = i === 0 ? COPY : CODES[op.fn];
        const oneChannel = hasOneForAll(input, setting);
        kernels.fold(code, scratch.sources, count, output.channels, oneChannel, onePixel, to);
      });
      if (op.fn === 'average') kernels.scaleInPlace(to, count * output.channels, 1 / inputs.length);
    },
    activation: op.activation,
  };
}

/** A pixel that all share reaches all; every other pixel itself. */
function reachAnyOf(setting: Setting, shared: readonly boolean[]): PixelOp['reach'] {
  const {kernels, inputs, output} = setting;
  const reachSame = reachSamePixels(setting, inputs);
  return (at, changed) => {
    if (shared.some((isShared, i) => isShared && changed[i])) {
      kernels.fillMask(at + output.mask, output.height, output.width);
    } else {
      reachSame(at, changed);
    }
  };
}

export function concat(setting: Setting<ConcatOp>): PixelOp {
  return setting.op.axis === 'channels' ? concatChannels(setting) : concatPlanes(setting);
}

function concatChannels(setting: Setting<ConcatOp>): PixelOp {
  const {kernels, scratch, inputs, output} = setting;
  const general = setting as Setting;
  return {
    reach: reachSamePixels(general, inputs),
    compute(at, first, count, to) {
      let channel = to;
      for (const input of inputs) {
        listSources(general, at, input, first, count);
        kernels.copyPixels(scratch.sources, count, input.pixelBytes, channel, output.pixelBytes);
        channel += input.pixelBytes;
      }
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}

/** One below the other, or side by side: each output pixel lies in one of the inputs. */
function concatPlanes(setting: Setting<ConcatOp>): PixelOp {
  const {kernels, heap, scratch, op, inputs, output} = setting;
  const general = setting as Setting;
  const offsets = concatOffsets(op, inputs);
  return {
    reach(at, changed) {
      clearMask(heap, at, output);
      inputs.forEach((input, i) => {
        if (changed[i]) translateInto(general, at, input, offsets[i].y, offsets[i].x);
      });
    },
    compute(at, first, count, to) {
      heap.octets.fill(0, to, to + count * output.pixelBytes);
      inputs.forEach((input, i) => {
        listCopied(general, at, input, first, count, [-offsets[i].y, -offsets[i].x]);
        kernels.copyWhereThere(scratch.sources, count, output.pixelBytes, to);
      });
    },
    activation: LINEAR,
    cost: 4 * output.channels,
  };
}
