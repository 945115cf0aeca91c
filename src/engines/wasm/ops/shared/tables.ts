/** Rows and columns of an input that are read by tables: which pixels a change reaches, and where their values lie. */
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
