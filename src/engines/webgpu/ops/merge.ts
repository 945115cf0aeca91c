/** Ops of several inputs: element by element, and side by side. */
import {
  concatOffsets,
  isShared,
  type ConcatOp,
  type MergeFunction,
  type MergeOp,
  type PadChannelsOp,
  type SliceChannelsOp,
} from '../../../graph';
import {call} from '../calls';
import type {ValueLayout} from '../layout';
import {LANES, MERGE, MOVE} from '../wgsl/pixelwise';
import {NONE, TRANSLATE} from '../wgsl/region';
import {
  activationOf,
  pixelwise,
  reachSame,
  regionOf,
  regionWork,
  type OpPlan,
  type Setting,
  type targetOf,
} from './op';

type Target = ReturnType<typeof targetOf>;

/** The numbers the kernel knows the functions by. */
const COMBINATIONS: Readonly<Record<MergeFunction, number>> = {
  add: 0,
  average: 0,
  subtract: 1,
  multiply: 2,
  divide: 3,
  maximum: 4,
  minimum: 5,
  equal: 6,
};

export function merge(setting: Setting<MergeOp>): OpPlan {
  const {op, inputs, output, record} = setting;
  const general = setting as Setting;
  const shared = inputs.map((input) => isShared(input, output));
  const entries = inputs.flatMap(({at, vectors, channels}, i) => [
    at,
    shared[i] ? 0 : vectors,
    channels === 1 && output.channels > 1 ? 1 : 0,
  ]);
  const parameters = {
    ...activationOf(op.activation),
    inputs: setting.table(entries),
    count: inputs.length,
    combination: COMBINATIONS[op.fn],
    factor: op.fn === 'average' ? 1 / inputs.length : 1,
  };
  const compute = (target: Target) => call(MERGE, {...target, ...parameters}, {record});
  return pixelwise(general, (tile) => reachSame(general, tile, shared), compute, op.activation);
}

/** For each output channel the input and channel that it is a copy of, or nothing. */
type Lane = readonly [input: ValueLayout, channel: number] | null;

function lanes(setting: Setting, copied: readonly Lane[]): OpPlan {
  const {inputs, record} = setting;
  const entries = copied.flatMap((lane) => (lane ? [lane[0].at, lane[0].vectors, lane[1]] : [NONE, 0, 0]));
  const table = setting.table(entries);
  const same = inputs.map(() => false);
  return pixelwise(
    setting,
    (tile) => reachSame(setting, tile, same),
    (target) => call(LANES, {...target, lanes: table}, {record}),
  );
}

const channelsOf = (input: ValueLayout): Lane[] =>
  Array.from({length: input.channels}, (_, channel) => [input, channel] as const);
const nothing = (count: number): Lane[] => new Array<Lane>(count).fill(null);

export const sliceChannels = (setting: Setting<SliceChannelsOp>): OpPlan => {
  const {op, inputs} = setting;
  return lanes(setting as Setting, channelsOf(inputs[0]).slice(op.begin, op.begin + op.size));
};

export const padChannels = (setting: Setting<PadChannelsOp>): OpPlan => {
  const {op, inputs} = setting;
  return lanes(setting as Setting, [...nothing(op.before), ...channelsOf(inputs[0]), ...nothing(op.after)]);
};

export function concat(setting: Setting<ConcatOp>): OpPlan {
  if (setting.op.axis !== 'channels') return concatPlanes(setting);
  return lanes(setting as Setting, setting.inputs.flatMap(channelsOf));
}

/** One below the other, or side by side: each output pixel lies in one of the inputs. */
function concatPlanes(setting: Setting<ConcatOp>): OpPlan {
  const {op, inputs, output, record} = setting;
  const general = setting as Setting;
  const offsets = concatOffsets(op, inputs);
  const masks = inputs.flatMap(({mask, rowWords, height}, i) => [
    mask,
    rowWords,
    height,
    offsets[i].y,
    offsets[i].x,
  ]);
  const isBelow = op.axis === 'height';
  // Along the axis each row (or column) belongs to one input; across it all inputs are alike.
  const rows = isBelow
    ? inputs.flatMap(({at, width, vectors, height}) =>
        Array.from({length: height}, (_, y) => [at + y * width * vectors, 0]).flat(),
      )
    : Array.from({length: output.height}, (_, y) => [0, y]).flat();
  const columns = isBelow
    ? Array.from({length: output.width}, (_, x) => [x * output.vectors, 0]).flat()
    : inputs.flatMap(({at, width, vectors}) =>
        Array.from({length: width}, (_, x) => [at + x * vectors, width * vectors]).flat(),
      );
  const tables = {rows: setting.table(rows), columns: setting.table(columns), fill: 0};
  const inputsTable = setting.table(masks);
  return pixelwise(
    general,
    (tile) =>
      call(
        TRANSLATE,
        {...regionOf(general, tile), inputs: inputsTable, count: inputs.length},
        regionWork(output),
      ),
    (target) => call(MOVE, {...target, ...tables}, {record}),
  );
}
