/**
 * Convolutions of 3 × 3 taps side by side, by Winograd's F(2 × 2, 3 × 3): four output pixels take 16 products of each input
 * and output channel where they would take 36.
 *
 * The output plane is cut into tiles of 2 × 2 pixels, from (0, 0) on. Of every tile that holds a listed pixel the 4 × 4 input
 * pixels become 16 vectors (winograd-transform.ts), each of these is multiplied by a filter of its own (winograd-product.ts), and
 * the results become the pixels. A pixel is made of products that only its own window went into, always in the same order:
 * its bits depend on its window and on its place in the tile, and on nothing else.
 */
import {multiply} from './winograd-product';
import {advance, begin, BYTES_IN, BYTES_OUT, CHANNELS_OUT, inBytes, outBytes, PLACES, PRODUCTS, RECORD, TILES} from './winograd-shape';
import {transformInput, transformOutput} from './winograd-transform';

/** Number of the thread that this instance computes on. */
let thread: u32 = 0;

/** Tells which thread this instance computes on: each has scratch memory of its own. */
export function useThread(number: i32): void {
  thread = number;
}

/** Bytes of memory that a thread needs while it computes a convolution. */
export function winogradBytes(channels: i32, filters: i32): usize {
  return PRODUCTS * (inBytes(channels) + outBytes(filters) + 4);
}

/** Bytes of a list of all tiles of a plane. */
export function tileListBytes(height: i32, width: i32): usize {
  return (((height + 1) >>> 1) * ((width + 1) >>> 1) * RECORD) as usize;
}

/** Tiles that hold a pixel of a mask. */
export function countTiles(mask: usize, height: i32, width: i32): i32 {
  const rowBytes = ((width + 31) >>> 5) << 2;
  let count = 0;
  for (let y = 0; y < height; y += 2) {
    const below: usize = y + 1 < height ? rowBytes : 0;
    for (const end = mask + rowBytes; mask < end; mask += 4) {
      const word = load<u32>(mask) | load<u32>(mask + below);
      count += popcnt((word | (word >>> 1)) & 0x55555555);
    }
    mask += below;
  }
  return count;
}

/**
 * Lists the tiles that hold a listed pixel, from pixels in row-major order.
 * @param rowBytes of the input, and `pixelBytes`
 * @returns how many there are
 */
export function listTiles(ys: usize, xs: usize, n: i32, rowBytes: i32, pixelBytes: i32, to: usize): i32 {
  const start = to;
  for (let upper = 0; upper < n;) {
    const y = at(ys, upper) & ~1;
    let lower = upper;
    while (lower < n && at(ys, lower) === y) lower++;
    const middle = lower;
    let end = middle;
    while (end < n && at(ys, end) === y + 1) end++;
    while (upper < middle || lower < end) {
      const x = min(upper < middle ? at(xs, upper) : <u32>-1, lower < end ? at(xs, lower) : <u32>-1) & ~1;
      let listed: u32 = 0;
      for (; upper < middle && at(xs, upper) - x < 2; upper++) listed |= note(to, at(xs, upper) - x, upper);
      for (; lower < end && at(xs, lower) - x < 2; lower++) listed |= note(to, at(xs, lower) - x + 2, lower);
      store<u32>(to, listed);
      store<u32>(to, y * rowBytes + x * pixelBytes, 4);
      to += RECORD;
    }
    upper = end;
  }
  return ((to - start) / RECORD) as i32;
}

/**
 * Computes the listed pixels of the listed tiles.
 * @param tiles as `listTiles` lists them
 * @param input address of the first tap of output pixel (0, 0); where there is padding, its zeros are in memory
 * @param filter for each of the 16 products, and in it for each 8 output channels: what the sums begin with, and for each input
 *   channel the 8 values; channels beyond the last are zeros
 * @param scratch `winogradBytes` of memory for each of so many threads
 * @param output address of each pixel's first output channel
 * @param flags a byte a pixel: set to 1 where any value changed
 * @call tiles n input output flags
 * @split n by 12 where forks.threads <= threads: tiles 24
 * @cost (16 * channels + 64) * filters + 32 * channels + 1000
 */
export function winograd(
  tiles: usize, n: i32,
  input: usize, rowBytes: i32, pixelBytes: i32, channels: i32,
  filter: usize, filters: i32,
  low: f32, high: f32,
  scratch: usize, threads: i32,
  output: usize, flags: usize,
): void {
  const rows = scratch + thread * winogradBytes(channels, filters);
  const vectors = rows + PRODUCTS * 4;
  const results = vectors + PRODUCTS * inBytes(channels);
  for (let first = 0; first < n; first += TILES) {
    const count = min(TILES, n - first);
    begin(rows, vectors, inBytes(channels));
    for (let tile = tiles, end = tiles + (count as usize) * RECORD; tile < end; tile += RECORD) {
      const listed = load<u32>(tile);
      transformInput(input + load<u32>(tile, 4), rowBytes, pixelBytes, channels, listed, rows);
      advance(rows, listed, BYTES_IN);
    }
    finish(tiles, count, rows, vectors, channels, filter, filters, low, high, results, output, flags);
    tiles += (count as usize) * RECORD;
  }
}

/** Multiplies the vectors of the tiles, and writes what becomes of them. */
function finish(
  tiles: usize, count: i32, rows: usize,
  vectors: usize, channels: i32, filter: usize, filters: i32,
  low: f32, high: f32,
  results: usize, output: usize, flags: usize,
): void {
  const filterBytes = (((filters + CHANNELS_OUT - 1) / CHANNELS_OUT) as usize) * (channels + 1) * BYTES_OUT;
  for (let k = 0; k < PRODUCTS; k++, filter += filterBytes) {
    const from = vectors + (k as usize) * inBytes(channels);
    const used = (load<u32>(rows + ((k as usize) << 2)) - (from as u32)) / BYTES_IN;
    multiply(from, used, channels, filter, filters, results + (k as usize) * outBytes(filters));
  }
  const l = f32x4.splat(low);
  const h = f32x4.splat(high);
  begin(rows, results, outBytes(filters));
  for (const end = tiles + (count as usize) * RECORD; tiles < end; tiles += RECORD) {
    transformOutput(rows, tiles + PLACES, load<u32>(tiles), filters, l, h, output, flags);
    advance(rows, load<u32>(tiles), BYTES_OUT);
  }
}

// @ts-ignore: decorator
@inline
function at(list: usize, i: i32): u32 {
  return load<u32>(list + ((i as usize) << 2));
}

/** Notes where in the list the pixel at one of a tile's four places is; returns the bit of the place. */
// @ts-ignore: decorator
@inline
function note(tile: usize, place: u32, pixel: i32): u32 {
  store<u32>(tile + (place << 2), pixel, PLACES);
  return 1 << place;
}
