/** How the tiles, the vectors and the results of winograd.ts lie in memory, and which products a tile has. */

/** Products of a tile, 4 rows of 4. */
export const PRODUCTS = 16;
/** Tiles that are computed together. */
export const TILES = 36;
/** Rows of vectors and results for them: the last group of a product may reach past them. */
export const ROWS = 37;
/** Each product has its input channels 16 at a time, row by row: the rows of a group lie at fixed distances. */
export const CHANNELS_IN = 16;
export const BYTES_IN = 64;
/** And its results 8 at a time. */
export const CHANNELS_OUT = 8;
export const BYTES_OUT = 32;

/** Bytes of a tile's record: which pixels are listed, a bit each; where its first tap is; and where in the list each pixel is. */
export const RECORD = 24;
export const PLACES = 8;

/** Bytes of a product's vectors, and of its results. */
// @ts-ignore: decorator
@inline
export function inBytes(channels: i32): usize {
  return (((channels + CHANNELS_IN - 1) / CHANNELS_IN) as usize) * ROWS * BYTES_IN;
}

// @ts-ignore: decorator
@inline
export function outBytes(filters: i32): usize {
  return (((filters + CHANNELS_OUT - 1) / CHANNELS_OUT) as usize) * ROWS * BYTES_OUT;
}

/** Addresses of each product's first row. */
export function begin(rows: usize, first: usize, bytes: usize): void {
  for (const end = rows + PRODUCTS * 4; rows < end; rows += 4, first += bytes) store<u32>(rows, first as u32);
}

/** Goes on to the next row of those products that the listed pixels of a tile are made of. */
export function advance(rows: usize, listed: u32, bytes: i32): void {
  const upper = listed & 3, lower = listed >>> 2;
  advance4(rows, upper, bytes);
  advance4(rows + 16, upper | lower, bytes);
  advance4(rows + 32, upper | lower, bytes);
  advance4(rows + 48, lower, bytes);
}

/** The same for a row of products, of which the first is for left pixels alone, and the last for right ones. */
// @ts-ignore: decorator
@inline
function advance4(rows: usize, columns: u32, bytes: i32): void {
  const both = columns !== 0 ? bytes : 0;
  const ends = i32x4(columns & 1 ? bytes : 0, both, both, columns & 2 ? bytes : 0);
  v128.store(rows, i32x4.add(v128.load(rows), ends));
}
