/** Ops of one input that read its pixels elsewhere: padding, picking, enlarging, resizing, regrouping. */
import {
  resizeTables,
  type Between,
  type DepthToSpaceOp,
  type PadOp,
  type GatherOp,
  type ReshapeOp,
  type ResizeOp,
  type UpsampleOp,
} from '../../../graph';
import {call, type Call} from '../calls';
import {BILINEAR, DEPTH_TO_SPACE, MOVE, REGROUP} from '../wgsl/pixelwise';
import {NONE, PICK, REINTERPRET} from '../wgsl/region';
import {pixelwise, regionOf, regionWork, type OpPlan, type Setting} from './op';

/** The numbers of the input's rows (or columns) that each one of the output reads: two, or one and the same; -1 for none. */
type Reads = readonly [low: readonly number[], high: readonly number[]];

function reachByTables(setting: Setting, rows: Reads, columns: Reads): (tile: number) => Call {
  const {inputs, output} = setting;
  const [{mask, rowWords}] = inputs;
  const pairOf = ([low, high]: Reads) => {
    const at = setting.table(low);
    return [at, low === high ? at : setting.table(high)];
  };
  const [lowRows, highRows] = pairOf(rows);
  const [lowColumns, highColumns] = pairOf(columns);
  const tables = {origin: mask, fromRowWords: rowWords, lowRows, highRows, lowColumns, highColumns};
  return (tile) => call(PICK, {...regionOf(setting, tile), ...tables}, regionWork(output));
}

/** Copies of whole pixels, by the numbers of rows and columns. */
function picked(setting: Setting, rows: readonly number[], columns: readonly number[], fill: number): OpPlan {
  const [{at, width, vectors}] = setting.inputs;
  const rowTable = rows.flatMap((y) => [y < 0 ? NONE : at + y * width * vectors, 0]);
  const columnTable = columns.flatMap((x) => [x < 0 ? NONE : x * vectors, 0]);
  const tables = {rows: setting.table(rowTable), columns: setting.table(columnTable), fill};
  return pixelwise(setting, reachByTables(setting, [rows, rows], [columns, columns]), (target) =>
    call(MOVE, {...target, ...tables}, {record: setting.record}),
  );
}

const numbers = (count: number, of: (i: number) => number) => Array.from({length: count}, (_, i) => of(i));

export const gather2d = (setting: Setting<GatherOp>): OpPlan =>
  picked(setting as Setting, setting.op.rows, setting.op.columns, setting.op.fill);

export function pad2d(setting: Setting<PadOp>): OpPlan {
  const {op, inputs, output} = setting;
  const inside = (before: number, size: number) => (i: number) =>
    i - before >= 0 && i - before < size ? i - before : -1;
  const rows = numbers(output.height, inside(op.top, inputs[0].height));
  const columns = numbers(output.width, inside(op.left, inputs[0].width));
  return picked(setting as Setting, rows, columns, 0);
}

/** Along one axis of an enlargement by a whole factor: a second row that has no share is not read. */
function enlarged(factor: number, from: number): Between {
  const low = numbers(factor * from, (i) => Math.floor(i / factor));
  const weight = numbers(factor * from, (i) => (i % factor) / factor);
  return {
    low,
    high: low.map((first, i) => (weight[i] === 0 ? first : Math.min(first + 1, from - 1))),
    weight,
  };
}

export function upsample2d(setting: Setting<UpsampleOp>): OpPlan {
  const {op, inputs} = setting;
  const rows = enlarged(op.factor[0], inputs[0].height);
  const columns = enlarged(op.factor[1], inputs[0].width);
  if (op.interpolation === 'nearest') return picked(setting as Setting, rows.low, columns.low, 0);
  return between(setting as Setting, rows, columns);
}

export function resize2d(setting: Setting<ResizeOp>): OpPlan {
  const {rows, columns} = resizeTables(setting.op, setting.inputs[0]);
  return between(setting as Setting, rows, columns);
}

const bitsOf = (values: readonly number[]) => new Uint32Array(Float32Array.from(values).buffer);

function between(setting: Setting, rows: Between, columns: Between): OpPlan {
  const [{at, width}] = setting.inputs;
  const tableOf = ({low, high, weight}: Between) => {
    const bits = bitsOf(weight);
    return setting.table(low.flatMap((first, i) => [first, high[i], bits[i]]));
  };
  const tables = {origin: at, fromWidth: width, rows: tableOf(rows), columns: tableOf(columns)};
  const reach = reachByTables(setting, [rows.low, rows.high], [columns.low, columns.high]);
  return pixelwise(setting, reach, (target) =>
    call(BILINEAR, {...target, ...tables}, {record: setting.record}),
  );
}

export function depthToSpace(setting: Setting<DepthToSpaceOp>): OpPlan {
  const {op, inputs, output, record} = setting;
  const [input] = inputs;
  const within = (size: number) => numbers(size, (i) => Math.floor(i / op.block));
  const [rows, columns] = [within(output.height), within(output.width)];
  const from = {origin: input.at, fromVectors: input.vectors, fromWidth: input.width, block: op.block};
  return pixelwise(
    setting as Setting,
    reachByTables(setting as Setting, [rows, rows], [columns, columns]),
    (target) => call(DEPTH_TO_SPACE, {...target, ...from}, {record}),
  );
}

/** A reshape to other pixels. */
export function reshape(setting: Setting<ReshapeOp>): OpPlan {
  const {inputs, output, record} = setting;
  const general = setting as Setting;
  const [input] = inputs;
  const region = (tile: number) =>
    call(
      REINTERPRET,
      {
        ...regionOf(general, tile),
        origin: input.mask,
        fromRowWords: input.rowWords,
        fromWidth: input.width,
        fromChannels: input.channels,
        channels: output.channels,
      },
      regionWork(output),
    );
  const from = {origin: input.at, fromVectors: input.vectors, fromChannels: input.channels};
  return pixelwise(general, region, (target) => call(REGROUP, {...target, ...from}, {record}));
}
