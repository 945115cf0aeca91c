/** Ops that read rows and columns by tables: numbers of rows and columns, or byte offsets; -1 for none. */

// @ts-ignore: decorator
@inline
function entry(table: usize, i: i32): i32 {
  return load<i32>(table + ((<usize>i) << 2));
}

/** ORs row `y` of a mask into `row`; nothing for -1. */
// @ts-ignore: decorator
@inline
function uniteRow(from: usize, y: i32, words: i32, row: usize): void {
  if (y < 0) return;
  const at = from + ((<usize>(y * words)) << 2);
  for (let i: usize = 0; i < (<usize>words) << 2; i += 4) store<u32>(row + i, load<u32>(row + i) | load<u32>(at + i));
}

// @ts-ignore: decorator
@inline
function anySet(row: usize, words: i32): bool {
  let any: u32 = 0;
  for (let i: usize = 0; i < (<usize>words) << 2; i += 4) any |= load<u32>(row + i);
  return any != 0;
}

/** Bit `x` of a row, 0 for -1. */
// @ts-ignore: decorator
@inline
function bit(row: usize, x: i32): u32 {
  return x < 0 ? 0 : (load<u32>(row + ((x >>> 5) << 2)) >>> (x & 31)) & 1;
}

/**
 * The outputs that read a changed input: those of which one of the two rows meets one of the two columns in a set pixel.
 * `row` is memory for a row of the input's mask.
 * @call from into
 */
export function pickMask(
  from: usize,
  width: i32,
  into: usize,
  outHeight: i32,
  outWidth: i32,
  lowRows: usize,
  highRows: usize,
  lowColumns: usize,
  highColumns: usize,
  row: usize,
): void {
  const words = (width + 31) >>> 5;
  const outBytes = (<usize>((outWidth + 31) >>> 5)) << 2;
  memory.fill(into, 0, outBytes * outHeight);
  for (let y = 0; y < outHeight; y++, into += outBytes) {
    memory.fill(row, 0, (<usize>words) << 2);
    const low = entry(lowRows, y);
    const high = entry(highRows, y);
    uniteRow(from, low, words, row);
    if (high != low) uniteRow(from, high, words, row);
    if (!anySet(row, words)) continue;
    for (let x = 0; x < outWidth; x++) {
      const set = bit(row, entry(lowColumns, x)) | bit(row, entry(highColumns, x));
      const word = into + ((x >>> 5) << 2);
      store<u32>(word, load<u32>(word) | (set << (x & 31)));
    }
  }
}

/**
 * The address that each listed pixel's row and column give by their offsets; `missing` where either has none.
 * @call ys xs n base
 */
export function addressTables(
  ys: usize,
  xs: usize,
  n: i32,
  base: usize,
  rows: usize,
  columns: usize,
  missing: usize,
  to: usize,
): void {
  for (let end = ys + ((<usize>n) << 2); ys < end; ys += 4, xs += 4, to += 4) {
    const row = entry(rows, load<i32>(ys));
    const column = entry(columns, load<i32>(xs));
    store<u32>(to, row < 0 || column < 0 ? <u32>missing : <u32>base + row + column);
  }
}
