/**
 * Back through convolutions in tiles (winograd.ts): what a tile's 16 products took, its gradients take. Of its four
 * pixels' gradients become 16 vectors, as the results became pixels, the other way round: along one axis, of y0 and y1,
 *
 *     y0    y0 + y1    y0 − y1    −y1
 *
 * Each of them times the vector that its product had forwards is that product's part of the filter's gradient, which has
 * 16 values where the filter has 9 taps, until all are added up. And each times its product's own filter is what
 * goes back to the 4 × 4 input pixels: along one axis, of m0 to m3,
 *
 *     m0    (m1 − m2) + m3    (m1 + m2) − m0    −m3
 */
import {madd} from './vector';
import {multiply} from './winograd-product';
import {
  advance,
  begin,
  BYTES_IN,
  BYTES_OUT,
  CHANNELS_IN,
  CHANNELS_OUT,
  inBytes,
  PLACES,
  PRODUCTS,
  RECORD,
  ROWS,
} from './winograd-shape';
import {transformInput} from './winograd-transform';

/**
 * Of the memory that a thread computes in: which list its vectors are of; how many rows each product has; the addresses of the
 * next rows, of two kinds of vectors and of the results; those of one tile's results; a row of zeros; the vectors; the results.
 */
const STAMP = 0;
const COUNTS = 64;
const INPUT_ROWS = 128;
const DELTA_ROWS = 192;
const RESULT_ROWS = 256;
const LISTED = 320;
const ZEROS = 384;
const VECTORS = 448;
const RESULT_BYTES = ROWS * BYTES_OUT;

/** The product whose vectors are sums over all four pixels. */
const OF_BIAS = 5;

/** Pixels of a tile that has some in its lower row, and in its right column. */
const LOWER = 0b1100;
const RIGHT = 0b1010;

// @ts-ignore: decorator
@inline
function blocksOf(channels: i32): i32 {
  return (channels + CHANNELS_OUT - 1) / CHANNELS_OUT;
}

/** Number of the thread that this instance computes on. */
let thread: u32 = 0;

/** Tells which thread this instance computes on: each has scratch memory of its own. */
export function useThread(number: i32): void {
  thread = number;
}

/** Bytes of memory that a thread needs while it goes back through tiles. */
export function tiledGradientBytes(inputs: i32, channels: i32): usize {
  return VECTORS + PRODUCTS * (inBytes(inputs) + inBytes(channels) + RESULT_BYTES);
}

/** The address of a product's vectors' first channel of a block of 4. */
// @ts-ignore: decorator
@inline
function column(vectors: usize, channel: i32): usize {
  const block = (channel / CHANNELS_IN) as usize;
  return vectors + block * (ROWS * BYTES_IN) + (((channel % CHANNELS_IN) as usize) << 2);
}

/** Makes the vectors of listed tiles: those that their products had forwards, and those of their gradients. */
function makeVectors(
  tiles: usize, n: i32,
  input: usize, rowBytes: i32, pixelBytes: i32, inputs: i32,
  d: usize, pitch: i32, channels: i32, own: usize,
): void {
  const inputRows = own + INPUT_ROWS;
  const deltaRows = own + DELTA_ROWS;
  begin(inputRows, own + VECTORS, inBytes(inputs));
  begin(deltaRows, own + VECTORS + PRODUCTS * inBytes(inputs), inBytes(channels));
  begin(own + COUNTS, 0, 0);
  for (const end = tiles + (n as usize) * RECORD; tiles < end; tiles += RECORD) {
    const listed = load<u32>(tiles);
    transformInput(input + load<u32>(tiles, 4), rowBytes, pixelBytes, inputs, listed, inputRows);
    transformDelta(tiles + PLACES, listed, d, pitch, channels, deltaRows);
    advance(inputRows, listed, BYTES_IN);
    advance(deltaRows, listed, BYTES_IN);
    advance(own + COUNTS, listed, 1);
  }
}

// @ts-ignore: decorator
@inline
function rowOf(places: usize, place: usize, isListed: bool, d: usize, pitch: i32): usize {
  return isListed ? d + ((load<u32>(places + (place << 2)) * pitch) << 2) : d;
}

// @ts-ignore: decorator
@inline
function maskOf(isListed: bool): v128 {
  return i32x4.splat(isListed ? -1 : 0);
}

/** Writes a row of 4 products' vectors. */
// @ts-ignore: decorator
@inline
function put4(rows: usize, offset: usize, left: v128, right: v128): void {
  v128.store(load<usize>(rows) + offset, left);
  v128.store(load<usize>(rows, 4) + offset, f32x4.add(left, right));
  v128.store(load<usize>(rows, 8) + offset, f32x4.sub(left, right));
  v128.store(load<usize>(rows, 12) + offset, f32x4.neg(right));
}

/** Makes the 16 vectors of a tile's gradients. Pixels that are not listed have none. */
function transformDelta(places: usize, listed: u32, d: usize, pitch: i32, channels: i32, rows: usize): void {
  const hasA = (listed & 1) !== 0, hasB = (listed & 2) !== 0, hasC = (listed & 4) !== 0, hasD = (listed & 8) !== 0;
  const maskA = maskOf(hasA), maskB = maskOf(hasB), maskC = maskOf(hasC), maskD = maskOf(hasD);
  let p0 = rowOf(places, 0, hasA, d, pitch), p1 = rowOf(places, 1, hasB, d, pitch);
  let p2 = rowOf(places, 2, hasC, d, pitch), p3 = rowOf(places, 3, hasD, d, pitch);
  let offset: usize = 0;
  for (let c = 0; c < channels; c += 4) {
    const y0 = v128.and(v128.load(p0), maskA), y1 = v128.and(v128.load(p1), maskB);
    const y2 = v128.and(v128.load(p2), maskC), y3 = v128.and(v128.load(p3), maskD);
    put4(rows, offset, y0, y1);
    put4(rows + 16, offset, f32x4.add(y0, y2), f32x4.add(y1, y3));
    put4(rows + 32, offset, f32x4.sub(y0, y2), f32x4.sub(y1, y3));
    put4(rows + 48, offset, f32x4.neg(y2), f32x4.neg(y3));
    p0 += 16;
    p1 += 16;
    p2 += 16;
    p3 += 16;
    offset += 16;
    if ((c & (CHANNELS_IN - 1)) === CHANNELS_IN - 4) offset += (ROWS - 1) * BYTES_IN;
  }
}

/**
 * Adds the filter's gradient, and the input's, of listed tiles, no more than are computed together. Threads share the blocks of 8
 * channels of both, in turns: neighbouring blocks of the input's lie in the same lines of the processor's cache. Each makes vectors
 * of its own: fetching another's takes longer.
 * @param tiles as `listTiles` lists them
 * @param stamp tells the list from all that were computed in this memory before
 * @param input address of the first tap of output pixel (0, 0); its gradient lies `gOffset` bytes from it
 * @param d a row of `pitch` floats for each listed pixel
 * @param filter for each product, and in it for each 8 channels of the input: 8 zeros, and for each output channel the 8 values
 * @param spread blocks of 8 channels of the input, the last of 4 or 8; 0 where its gradient is not wanted
 * @param to for each block of 8 output channels the bias's gradient, then for each product and each input channel, these rounded up
 *   to vectors, the 8 values
 * @param scratch `tiledGradientBytes` of memory for each of so many threads
 * @param item the first of the blocks that are computed; `items` is how many are
 * @call tiles n stamp input gOffset d spread to scratch item items
 * @split items by 1 where forks.threads <= threads: item 1
 * @cost 128 * n * (spread > 0 ? (2 * inputs * channels) / (inputs + channels) : inputs)
 */
export function tiledGradient(
  tiles: usize, n: i32, stamp: i32,
  input: usize, gOffset: i32, rowBytes: i32, pixelBytes: i32, inputs: i32,
  d: usize, pitch: i32, channels: i32,
  filter: usize, spread: i32, to: usize,
  scratch: usize, threads: i32, item: i32, items: i32,
): void {
  const own = scratch + thread * tiledGradientBytes(inputs, channels);
  if (load<i32>(own + STAMP) !== stamp) {
    makeVectors(tiles, n, input, rowBytes, pixelBytes, inputs, d, pitch, channels, own);
    store<i32>(own + STAMP, stamp);
  }
  const all = spread + blocksOf(channels);
  for (const end = item + items; item < end; item++) {
    const before = (item * spread + all - 1) / all;
    const isSpread = ((item + 1) * spread + all - 1) / all > before;
    if (isSpread) spreadBlock(tiles, n, before, inputs, channels, own, filter, input + gOffset, rowBytes, pixelBytes);
    else sumBlock(item - before, inputs, channels, own, to);
  }
}

// @ts-ignore: decorator
@inline
function rowsOf(own: usize, product: usize): i32 {
  return load<i32>(own + COUNTS + (product << 2));
}

// @ts-ignore: decorator
@inline
function add(to: usize, v: v128): void {
  v128.store(to, f32x4.add(v128.load(to), v));
}

/** Adds up 8 output channels of the filter's gradient. */
function sumBlock(block: i32, inputs: i32, channels: i32, own: usize, to: usize): void {
  const blockBytes = (1 + PRODUCTS * ((inputs + 3) & ~3)) * BYTES_OUT;
  to += (block as usize) * blockBytes;
  let x = own + VECTORS;
  const deltas = x + PRODUCTS * inBytes(inputs);
  let d = column(deltas, block * CHANNELS_OUT);
  sumRows(d + OF_BIAS * inBytes(channels), rowsOf(own, OF_BIAS), to);
  to += BYTES_OUT;
  for (let k: usize = 0; k < (PRODUCTS as usize); k++, x += inBytes(inputs), d += inBytes(channels)) {
    const n = rowsOf(own, k);
    for (let c = 0; c < inputs; c += 4, to += 4 * BYTES_OUT) sum4x8(column(x, c), d, n, to);
  }
}

function sumRows(d: usize, n: i32, to: usize): void {
  let a = f32x4.splat(0), b = a;
  for (const end = d + (n as usize) * BYTES_IN; d < end; d += BYTES_IN) {
    a = f32x4.add(a, v128.load(d));
    b = f32x4.add(b, v128.load(d, 16));
  }
  add(to, a);
  add(to + 16, b);
}

/** The sums of 4 channels of the input's vectors times 8 of the gradients'. */
function sum4x8(x: usize, d: usize, n: i32, to: usize): void {
  let a0 = f32x4.splat(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0;
  for (const end = x + (n as usize) * BYTES_IN; x < end; x += BYTES_IN, d += BYTES_IN) {
    const da = v128.load(d), db = v128.load(d, 16);
    const x0 = v128.load32_splat(x);
    a0 = madd(a0, x0, da);
    b0 = madd(b0, x0, db);
    const x1 = v128.load32_splat(x, 4);
    a1 = madd(a1, x1, da);
    b1 = madd(b1, x1, db);
    const x2 = v128.load32_splat(x, 8);
    a2 = madd(a2, x2, da);
    b2 = madd(b2, x2, db);
    const x3 = v128.load32_splat(x, 12);
    a3 = madd(a3, x3, da);
    b3 = madd(b3, x3, db);
  }
  add(to, a0);
  add(to + 16, b0);
  add(to + 32, a1);
  add(to + 48, b1);
  add(to + 64, a2);
  add(to + 80, b2);
  add(to + 96, a3);
  add(to + 112, b3);
}

/** Adds 8 channels of the input's gradient. */
function spreadBlock(
  tiles: usize, n: i32, block: i32,
  inputs: i32, channels: i32, own: usize, filter: usize,
  gradients: usize, rowBytes: usize, pixelBytes: usize,
): void {
  const deltas = own + VECTORS + PRODUCTS * inBytes(inputs);
  const results = deltas + PRODUCTS * inBytes(channels);
  const filterBytes = ((channels + 1) as usize) * BYTES_OUT;
  for (let k: usize = 0; k < (PRODUCTS as usize); k++) {
    const w = filter + (k * blocksOf(inputs) + block) * filterBytes;
    multiply(deltas + k * inBytes(channels), rowsOf(own, k), channels, w, CHANNELS_OUT, results + k * RESULT_BYTES);
  }
  v128.store(own + ZEROS, i32x4.splat(0));
  v128.store(own + ZEROS, i32x4.splat(0), 16);
  const rows = own + RESULT_ROWS;
  begin(rows, results, RESULT_BYTES);
  gradients += ((block * CHANNELS_OUT) as usize) << 2;
  const isWhole = inputs - block * CHANNELS_OUT > 4;
  for (const end = tiles + (n as usize) * RECORD; tiles < end; tiles += RECORD) {
    const listed = load<u32>(tiles);
    const to = gradients + load<u32>(tiles, 4);
    listResults(own, listed);
    spreadTile(own, 0, listed, to, rowBytes, pixelBytes);
    if (isWhole) spreadTile(own, 16, listed, to + 16, rowBytes, pixelBytes);
    advance(rows, listed, BYTES_OUT);
  }
}

/** Lists where a tile's results are; products that it does not have gave zeros. */
function listResults(own: usize, listed: u32): void {
  const upper = listed & 3, lower = listed >>> 2;
  listResults4(own, 0, upper);
  listResults4(own, 16, upper | lower);
  listResults4(own, 32, upper | lower);
  listResults4(own, 48, lower);
}

// @ts-ignore: decorator
@inline
function listResults4(own: usize, row: usize, columns: u32): void {
  const both = columns !== 0 ? -1 : 0;
  const has = i32x4(columns & 1 ? -1 : 0, both, both, columns & 2 ? -1 : 0);
  const zeros = i32x4.splat(own + ZEROS);
  v128.store(own + row, v128.bitselect(v128.load(own + row, RESULT_ROWS), zeros, has), LISTED);
}

/** 4 channels of a product's result. */
// @ts-ignore: decorator
@inline
function result(own: usize, k: usize, offset: usize): v128 {
  return v128.load(load<usize>(own + (k << 2), LISTED) + offset);
}

/** The same of a row of 4 products, as the inner columns of pixels get them. */
// @ts-ignore: decorator
@inline
function second(own: usize, k: usize, offset: usize): v128 {
  return f32x4.add(f32x4.sub(result(own, k + 1, offset), result(own, k + 2, offset)), result(own, k + 3, offset));
}

// @ts-ignore: decorator
@inline
function third(own: usize, k: usize, offset: usize): v128 {
  return f32x4.sub(f32x4.add(result(own, k + 1, offset), result(own, k + 2, offset)), result(own, k, offset));
}

/** Adds 4 channels of a tile to its input pixels. */
function spreadTile(
  own: usize, offset: usize, listed: u32, to: usize, rowBytes: usize, pixelBytes: usize,
): void {
  const lower = (listed & LOWER) !== 0;
  const k0: usize = 0, k1: usize = 4, k2: usize = 8, k3: usize = 12;
  addColumn(
    result(own, k0, offset), result(own, k1, offset), result(own, k2, offset), result(own, k3, offset),
    to, rowBytes, lower,
  );
  addColumn(
    second(own, k0, offset), second(own, k1, offset), second(own, k2, offset), second(own, k3, offset),
    to + pixelBytes, rowBytes, lower,
  );
  addColumn(
    third(own, k0, offset), third(own, k1, offset), third(own, k2, offset), third(own, k3, offset),
    to + 2 * pixelBytes, rowBytes, lower,
  );
  if ((listed & RIGHT) === 0) return;
  addColumn(
    f32x4.neg(result(own, 3, offset)), f32x4.neg(result(own, 7, offset)),
    f32x4.neg(result(own, 11, offset)), f32x4.neg(result(own, 15, offset)),
    to + 3 * pixelBytes, rowBytes, lower,
  );
}

/** Adds to a column of 4 input pixels. At the plane's end there is no last one, and no pixel is listed that has it in its window. */
function addColumn(
  m0: v128, m1: v128, m2: v128, m3: v128, to: usize, rowBytes: usize, lower: bool,
): void {
  add(to, m0);
  to += rowBytes;
  add(to, f32x4.add(f32x4.sub(m1, m2), m3));
  to += rowBytes;
  add(to, f32x4.sub(f32x4.add(m1, m2), m0));
  if (lower) add(to + rowBytes, f32x4.neg(m3));
}
