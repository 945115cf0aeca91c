/** Regions of ops that read rows and columns by tables: resizing, mirroring, strided slices. */
import {isZero, setRange} from './bits';
import {requirePlane} from './checks';
import {Region} from './region';

/**
 * The outputs affected where output pixel (y, x) reads the pixels (rows[y], columns[x]) of each pair of tables.
 * @param region changed inputs
 * @param rows tables of input rows by output row, all equally long; -1 reads none
 * @param columns the same of columns
 * @returns a region of as many rows and columns as the tables are long: the pixels any of whose rows and any of whose
 *   columns meet in a pixel of `region`
 * @throws RangeError if a table is empty
 */
export function gather(
  region: Region,
  rows: readonly (readonly number[])[],
  columns: readonly (readonly number[])[],
): Region {
  const [height, width] = [rows[0].length, columns[0].length];
  requirePlane('gather', height, width);
  const out = new Region(height, width);
  const {words, wordsPerRow} = region;
  const row = new Uint32Array(wordsPerRow);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (const table of rows) {
      const from = table[y] * wordsPerRow;
      for (let i = 0; from >= 0 && i < wordsPerRow; i++) row[i] |= words[from + i];
    }
    if (isZero(row, 0, wordsPerRow)) continue;
    for (let x = 0; x < width; x++) {
      if (columns.some((table) => isSet(row, table[x]))) {
        setRange(out.words, y * out.wordsPerRow, x, x + 1);
      }
    }
  }
  return out;
}

function isSet(row: Uint32Array, x: number): boolean {
  return x >= 0 && ((row[x >>> 5] >>> (x & 31)) & 1) === 1;
}
