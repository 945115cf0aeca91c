/** Copies of whole pixels by tables of rows and of columns, and the reach of any op that reads its input by such. */
import {call, type Call} from '../../wgsl/call';
import {plainKernel} from '../../wgsl/pixelwise';
import {regionKernel} from '../../wgsl/region';
import type {OpPlan, Setting} from './op';
import {pixelwise} from './pixelwise';
import {regionOf, regionWork} from './reach';

/** No row or column of the input. */
export const NONE = 0xffffffff;

/** The outputs that read a changed pixel by tables of rows and of columns: two of each, which may be one and the same. */
const BY_TABLES = regionKernel(
  'by-tables',
  {
    origin: 'u32',
    fromRowWords: 'u32',
    lowRows: 'u32',
    highRows: 'u32',
    lowColumns: 'u32',
    highColumns: 'u32',
  },
  `
fn isChanged(row: u32, columns: u32, x: u32) -> bool {
  let origin = tables[columns + x];
  return origin != 0xffffffffu && isSet(row, origin);
}
fn affectedBy(fromY: u32, i: u32) -> u32 {
  if (fromY == 0xffffffffu) { return 0u; }
  let row = p.origin + fromY * p.fromRowWords;
  if (isRowEmpty(row, p.fromRowWords)) { return 0u; }
  var word = 0u;
  let end = min(32u, p.width - 32u * i);
  for (var b = 0u; b < end; b++) {
    let x = 32u * i + b;
    if (isChanged(row, p.lowColumns, x) || isChanged(row, p.highColumns, x)) { word |= 1u << b; }
  }
  return word;
}
fn affected(y: u32, i: u32) -> u32 {
  let low = tables[p.lowRows + y];
  let high = tables[p.highRows + y];
  var word = affectedBy(low, i);
  if (high != low) { word |= affectedBy(high, i); }
  return word;
}`,
);

/** The numbers of the input's rows (or columns) that each one of the output reads: two, or one and the same; -1 for none. */
type Reads = readonly [low: readonly number[], high: readonly number[]];

export function reachByTables(setting: Setting, rows: Reads, columns: Reads): (tile: number) => Call {
  const {inputs, output} = setting;
  const [{mask, rowWords}] = inputs;
  const pairOf = ([low, high]: Reads) => {
    const at = setting.table(low);
    return [at, low === high ? at : setting.table(high)];
  };
  const [lowRows, highRows] = pairOf(rows);
  const [lowColumns, highColumns] = pairOf(columns);
  const tables = {origin: mask, fromRowWords: rowWords, lowRows, highRows, lowColumns, highColumns};
  return (tile) => call(BY_TABLES, {...regionOf(setting, tile), ...tables}, regionWork(output));
}

/**
 * Whole pixels from elsewhere, or a fill. Table of rows: offset and number; of columns: offset and vectors between two
 * rows; either offset may say that there is nothing.
 */
export const GATHER = plainKernel(
  'gather',
  {rows: 'u32', columns: 'u32', fill: 'f32'},
  `
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let row = p.rows + 2u * (pixel / p.width);
  let column = p.columns + 2u * (pixel % p.width);
  if (tables[row] == 0xffffffffu || tables[column] == 0xffffffffu) { return vec4<f32>(p.fill); }
  return values[tables[row] + tables[column] + tables[row + 1u] * tables[column + 1u] + f];
}
`,
);

/** Copies of the input's pixels, by the numbers of rows and columns; -1 for the fill. */
export function gather(
  setting: Setting,
  rows: readonly number[],
  columns: readonly number[],
  fill: number,
): OpPlan {
  const [{at, width, vectors}] = setting.inputs;
  const rowTable = rows.flatMap((y) => [y < 0 ? NONE : at + y * width * vectors, 0]);
  const columnTable = columns.flatMap((x) => [x < 0 ? NONE : x * vectors, 0]);
  const tables = {rows: setting.table(rowTable), columns: setting.table(columnTable), fill};
  return pixelwise(setting, reachByTables(setting, [rows, rows], [columns, columns]), (target) =>
    call(GATHER, {...target, ...tables}, {record: setting.record}),
  );
}

/** A table's numbers, one after the other. */
export const numbers = (count: number, of: (i: number) => number) =>
  Array.from({length: count}, (_, i) => of(i));
