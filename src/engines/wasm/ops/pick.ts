/** Ops that read rows and columns by tables: picked pixels, and bilinear resizing. */
import {LINEAR, resizeTables, type Between, type GatherOp, type ResizeOp} from '../../../graph';
import type {PixelOp, Setting} from './op';

/** The numbers of two rows and two columns of the input that each row and column of the output reads; -1 for none. */
interface Reads {
  readonly rows: readonly [readonly number[], readonly number[]];
  readonly columns: readonly [readonly number[], readonly number[]];
}

function reachByTables(setting: Setting, {rows, columns}: Reads): PixelOp['reach'] {
  const {kernels, scratch, inputs, output} = setting;
  const [input] = inputs;
  const pairOf = ([low, high]: Reads['rows']) => {
    const at = setting.table(low);
    return [at, low === high ? at : setting.table(high)];
  };
  const [lowRows, highRows] = pairOf(rows);
  const [lowColumns, highColumns] = pairOf(columns);
  return (at) => {
    kernels.pickMask(
      at + input.mask,
      input.width,
      at + output.mask,
      output.height,
      output.width,
      lowRows,
      highRows,
      lowColumns,
      highColumns,
      scratch.rows,
    );
  };
}

/** Lists the address that each listed output pixel's row and column give together; `missing` where either has none. */
export function listByTables(
  setting: Setting,
  rows: readonly number[],
  columns: readonly number[],
  missing: number,
): (at: number, first: number, count: number) => void {
  const {kernels, scratch, inputs} = setting;
  const rowTable = setting.table(rows);
  const columnTable = setting.table(columns);
  return (at, first, count) => {
    kernels.addressTables(
      scratch.ys + 4 * first,
      scratch.xs + 4 * first,
      count,
      at + inputs[0].at,
      rowTable,
      columnTable,
      missing,
      scratch.sources,
    );
  };
}

/** Byte offsets of numbered rows, or pixels of a row. */
const offsetsOf = (numbers: readonly number[], bytes: number) => numbers.map((i) => (i < 0 ? -1 : i * bytes));

export function gather2d(setting: Setting<GatherOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const general = setting as Setting;
  const [{channels, pixelBytes, rowBytes}] = inputs;
  const rows = offsetsOf(op.rows, rowBytes);
  const columns = offsetsOf(op.columns, pixelBytes);
  const fill = setting.weights(channels, (_values, into) => into.fill(op.fill));
  const list = listByTables(general, rows, columns, fill);
  return {
    reach: reachByTables(general, {rows: [op.rows, op.rows], columns: [op.columns, op.columns]}),
    compute(at, first, count, to) {
      list(at, first, count);
      kernels.copyPixels(scratch.sources, count, pixelBytes, to, pixelBytes);
    },
    activation: LINEAR,
    cost: 4 * channels,
  };
}

/** For each row or column of the output the byte offsets of the two it lies between, and the bits of the second's share. */
function betweenTable({low, high, weight}: Between, bytes: number): number[] {
  const bits = new Int32Array(Float32Array.from(weight).buffer);
  return low.flatMap((first, i) => [first * bytes, high[i] * bytes, bits[i]]);
}

export function resize2d(setting: Setting<ResizeOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const {rows, columns} = resizeTables(op, input);
  const rowTable = setting.table(betweenTable(rows, input.rowBytes));
  const columnTable = setting.table(betweenTable(columns, input.pixelBytes));
  return {
    reach: reachByTables(setting as Setting, {
      rows: [rows.low, rows.high],
      columns: [columns.low, columns.high],
    }),
    compute(at, first, count, to) {
      kernels.resizeBilinear(
        scratch.ys + 4 * first,
        scratch.xs + 4 * first,
        count,
        at + input.at,
        input.channels,
        rowTable,
        columnTable,
        to,
      );
    },
    activation: LINEAR,
    cost: 4 * input.channels,
  };
}
