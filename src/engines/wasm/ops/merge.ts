/** Ops of several inputs: merges element by element, and concatenation. */
import {
  concatOffsets,
  isShared,
  LINEAR,
  type ConcatOp,
  type MergeFunction,
  type MergeOp,
} from '../../../graph';
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
  const {kernels, scratch, op, inputs, output} = setting;
  const general = setting as Setting;
  const shared = inputs.map((input) => isShared(input, output));
  return {
    reach: reachAnyOf(general, shared),
    compute(at, first, count, to) {
      inputs.forEach((input, i) => {
        const onePixel = shared[i] ? at + input.at : 0;
        if (!shared[i]) listSources(general, at, input, first, count);
        const oneChannel = input.channels === 1 && output.channels > 1 ? 1 : 0;
        const code = i === 0 ? COPY : CODES[op.fn];
        kernels.fold(code, scratch.sources, count, output.channels, oneChannel, onePixel, to);
      });
      if (op.fn === 'average') kernels.scaleInPlace(to, count * output.channels, 1 / inputs.length);
    },
    ...(op.fn !== 'average' && pairInPlace(setting, shared)),
    activation: op.activation,
    cost: 4 * inputs.length * output.channels,
  };
}

/** Two inputs, and nothing after them but a clamp. */
function pairInPlace(
  setting: Setting<MergeOp>,
  shared: readonly boolean[],
): Pick<PixelOp, 'computeInPlace'> | null {
  const {kernels, scratch, op, inputs, output} = setting;
  const bounds = boundsOf(op.activation);
  if (inputs.length !== 2 || bounds === null) return null;
  const [a, b] = inputs.map(({channels}) => Number(channels === 1 && output.channels > 1));
  // The list of blocks is free here: only reductions use it.
  const lists = [scratch.sources, scratch.blocks];
  return {
    computeInPlace(at, count) {
      inputs.forEach((input, i) => {
        if (shared[i]) kernels.addressSteps(count, at + input.at, 0, lists[i]);
        else listSources(setting as Setting, at, input, 0, count, lists[i]);
      });
      kernels.mergePair(
        CODES[op.fn],
        lists[0],
        a,
        lists[1],
        b,
        count,
        output.channels,
        bounds.low,
        bounds.high,
        scratch.targets,
        scratch.flags,
      );
    },
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
