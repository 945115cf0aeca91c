/** Rows and columns of an input that are read by tables: which pixels a change reaches, and where their values lie. */
import {bind} from '../../kernels';
import {sizesOf} from './masks';
import type {PixelOp, Setting} from './op';

/** The numbers of two rows and two columns of the input that each row and column of the output reads; -1 for none. */
interface Reads {
  readonly rows: readonly [readonly number[], readonly number[]];
  readonly columns: readonly [readonly number[], readonly number[]];
}

export function reachByTables(setting: Setting, {rows, columns}: Reads): PixelOp['reach'] {
  const {kernels, scratch, inputs, output} = setting;
  const [input] = inputs;
  const pairOf = ([low, high]: Reads['rows']) => {
    const at = setting.table(low);
    return [at, low === high ? at : setting.table(high)];
  };
  const [lowRows, highRows] = pairOf(rows);
  const [lowColumns, highColumns] = pairOf(columns);
  const pick = bind.pickMask(kernels, {
    ...sizesOf(input, output),
    lowRows,
    highRows,
    lowColumns,
    highColumns,
    row: scratch.rows,
  });
  return (at) => pick(at + input.mask, at + output.mask);
}

/** Lists the address that each listed output pixel's row and column give together; `missing` where either has none. */
export function listByTables(
  setting: Setting,
  rows: readonly number[],
  columns: readonly number[],
  missing: number,
): (at: number, first: number, count: number) => void {
  const {kernels, scratch, inputs} = setting;
  const [input] = inputs;
  const {ys, xs, sources} = scratch;
  const tables = {rows: setting.table(rows), columns: setting.table(columns)};
  const list = bind.addressTables(kernels, {...tables, missing, to: sources});
  return (at, first, count) => list(ys + 4 * first, xs + 4 * first, count, at + input.at);
}
