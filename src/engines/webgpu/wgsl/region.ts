/**
 * What a change reaches: one invocation for each word of the output's mask works out its 32 bits from the inputs' masks;
 * the pixels set are added to the list, and the op's dispatch grows with them. A workgroup reserves room in the list once,
 * so that the order of what is listed is anything; no result depends on it.
 */
import {kernel, type Fields} from './kernel';

export const REGION_FIELDS = {
  /** Columns of the output plane, words in a row of its mask and in all. */
  width: 'u32',
  rowWords: 'u32',
  words: 'u32',
  /** Offset of the node's control record, and pixels that a workgroup of its op takes. */
  record: 'u32',
  tile: 'u32',
} as const;

const BITS = `
/** 32 bits of a row from column x on; what lies outside of the row is 0. */
fn bitsFrom(row: u32, rowWords: u32, x: i32) -> u32 {
  let first = x >> 5u;
  let shift = u32(x & 31);
  var low = 0u;
  var high = 0u;
  if (first >= 0 && first < i32(rowWords)) { low = masks[row + u32(first)]; }
  if (shift == 0u) { return low; }
  if (first + 1 >= 0 && first + 1 < i32(rowWords)) { high = masks[row + u32(first + 1)]; }
  return (low >> shift) | (high << (32u - shift));
}
fn isSet(row: u32, x: u32) -> bool {
  return ((masks[row + (x >> 5u)] >> (x & 31u)) & 1u) != 0u;
}
fn isRowEmpty(row: u32, rowWords: u32) -> bool {
  for (var i = 0u; i < rowWords; i++) { if (masks[row + i] != 0u) { return false; } }
  return true;
}
`;

/** Bits of one word that lie in the plane; the list and the dispatch that grow with the word's pixels. */
const LIST = `
var<workgroup> found: atomic<u32>;
var<workgroup> start: u32;

fn inPlane(word: u32) -> u32 {
  let left = p.width - 32u * word;
  return select((1u << left) - 1u, 0xffffffffu, left >= 32u);
}
fn groups(pixels: u32) -> u32 { return (pixels + p.tile - 1u) / p.tile; }

@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) all: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let index = id.x + id.y * 64u * all.x;
  let y = index / p.rowWords;
  let i = index % p.rowWords;
  var word = 0u;
  if (index < p.words) {
    word = inPlane(i);
    if (atomicLoad(&control[0]) == 0u) { word &= affected(y, i); }
  }
  if (local == 0u) { atomicStore(&found, 0u); }
  workgroupBarrier();
  var at = 0u;
  if (word != 0u) { at = atomicAdd(&found, countOneBits(word)); }
  workgroupBarrier();
  if (local == 0u) {
    let count = atomicLoad(&found);
    if (count > 0u) {
      let before = atomicAdd(&control[p.record + 3u], count);
      atomicAdd(&control[p.record], groups(before + count) - groups(before));
      start = before;
    }
  }
  workgroupBarrier();
  at += start;
  let first = y * p.width + 32u * i;
  for (; word != 0u; word &= word - 1u) {
    list[at] = first + countTrailingZeros(word);
    at++;
  }
}
`;

const region = <F extends Fields>(name: string, fields: F, affected: string) =>
  kernel(`region-${name}`, 'region', {...REGION_FIELDS, ...fields}, BITS, affected, LIST);

/** The same pixel of each input; of one that is a single pixel, all. Table: offset of the mask, and whether it is shared. */
export const SAME = region(
  'same',
  {inputs: 'u32', count: 'u32'},
  `
fn affected(y: u32, i: u32) -> u32 {
  var word = 0u;
  for (var n = 0u; n < p.count; n++) {
    let mask = tables[p.inputs + 2u * n];
    if (tables[p.inputs + 2u * n + 1u] == 0u) { word |= masks[mask + y * p.rowWords + i]; }
    else if (masks[mask] != 0u) { return 0xffffffffu; }
  }
  return word;
}`,
);

/** Everything. */
export const ALL = region('all', {}, 'fn affected(y: u32, i: u32) -> u32 { return 0xffffffffu; }');

/** The outputs whose window holds a changed pixel. */
export const WINDOW = region(
  'window',
  {
    origin: 'u32',
    fromRowWords: 'u32',
    fromHeight: 'i32',
    kernelHeight: 'i32',
    kernelWidth: 'i32',
    strideY: 'i32',
    strideX: 'i32',
    dilationY: 'i32',
    dilationX: 'i32',
    top: 'i32',
    left: 'i32',
  },
  `
fn evenBits(word: u32) -> u32 {
  var v = word & 0x55555555u;
  v = (v | (v >> 1u)) & 0x33333333u;
  v = (v | (v >> 2u)) & 0x0f0f0f0fu;
  v = (v | (v >> 4u)) & 0x00ff00ffu;
  return (v | (v >> 8u)) & 0x0000ffffu;
}
fn strided(row: u32, x: i32) -> u32 {
  if (p.strideX == 1) { return bitsFrom(row, p.fromRowWords, x); }
  if (p.strideX == 2) {
    return evenBits(bitsFrom(row, p.fromRowWords, x)) | (evenBits(bitsFrom(row, p.fromRowWords, x + 32)) << 16u);
  }
  var word = 0u;
  for (var b = 0; b < 32; b++) {
    let at = x + b * p.strideX;
    if (at >= 0 && at < 32 * i32(p.fromRowWords) && isSet(row, u32(at))) { word |= 1u << u32(b); }
  }
  return word;
}
fn affected(y: u32, i: u32) -> u32 {
  var word = 0u;
  for (var ky = 0; ky < p.kernelHeight; ky++) {
    let fromY = i32(y) * p.strideY - p.top + ky * p.dilationY;
    if (fromY < 0 || fromY >= p.fromHeight) { continue; }
    let row = p.origin + u32(fromY) * p.fromRowWords;
    if (isRowEmpty(row, p.fromRowWords)) { continue; }
    for (var kx = 0; kx < p.kernelWidth; kx++) {
      word |= strided(row, 32 * i32(i) * p.strideX - p.left + kx * p.dilationX);
    }
  }
  return word;
}`,
);

/** The outputs of a transposed convolution that a changed pixel adds to. */
export const TRANSPOSED = region(
  'transposed',
  {
    origin: 'u32',
    fromRowWords: 'u32',
    fromHeight: 'u32',
    fromWidth: 'u32',
    kernelHeight: 'u32',
    kernelWidth: 'u32',
    strideY: 'u32',
    strideX: 'u32',
    top: 'u32',
    left: 'u32',
  },
  `
fn isReached(row: u32, x: u32) -> bool {
  for (var kx = (x + p.left) % p.strideX; kx < p.kernelWidth && kx <= x + p.left; kx += p.strideX) {
    let fromX = (x + p.left - kx) / p.strideX;
    if (fromX < p.fromWidth && isSet(row, fromX)) { return true; }
  }
  return false;
}
fn affected(y: u32, i: u32) -> u32 {
  var word = 0u;
  for (var ky = (y + p.top) % p.strideY; ky < p.kernelHeight && ky <= y + p.top; ky += p.strideY) {
    let fromY = (y + p.top - ky) / p.strideY;
    if (fromY >= p.fromHeight) { continue; }
    let row = p.origin + fromY * p.fromRowWords;
    if (isRowEmpty(row, p.fromRowWords)) { continue; }
    for (var b = 0u; b < 32u; b++) { if (isReached(row, 32u * i + b)) { word |= 1u << b; } }
  }
  return word;
}`,
);

/** No row or column of the input. */
export const NONE = 0xffffffff;

/** The outputs that read a changed pixel by tables of rows and of columns: two of each, which may be one and the same. */
export const PICK = region(
  'pick',
  {
    origin: 'u32',
    fromRowWords: 'u32',
    lowRows: 'u32',
    highRows: 'u32',
    lowColumns: 'u32',
    highColumns: 'u32',
  },
  `
fn picked(row: u32, columns: u32, x: u32) -> bool {
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
    if (picked(row, p.lowColumns, x) || picked(row, p.highColumns, x)) { word |= 1u << b; }
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

/** Inputs that lie in the output side by side. Table: offset of the mask, words in a row, rows, and where it begins. */
export const TRANSLATE = region(
  'translate',
  {inputs: 'u32', count: 'u32'},
  `
fn affected(y: u32, i: u32) -> u32 {
  var word = 0u;
  for (var n = 0u; n < p.count; n++) {
    let entry = p.inputs + 5u * n;
    let rowWords = tables[entry + 1u];
    let fromY = i32(y) - bitcast<i32>(tables[entry + 3u]);
    if (fromY < 0 || fromY >= i32(tables[entry + 2u])) { continue; }
    let row = tables[entry] + u32(fromY) * rowWords;
    word |= bitsFrom(row, rowWords, 32 * i32(i) - bitcast<i32>(tables[entry + 4u]));
  }
  return word;
}`,
);

/** The same values seen as pixels of another plane. */
export const REINTERPRET = region(
  'reinterpret',
  {origin: 'u32', fromRowWords: 'u32', fromWidth: 'u32', fromChannels: 'u32', channels: 'u32'},
  `
fn isReached(pixel: u32) -> bool {
  let last = (pixel * p.channels + p.channels - 1u) / p.fromChannels;
  for (var origin = (pixel * p.channels) / p.fromChannels; origin <= last; origin++) {
    let y = origin / p.fromWidth;
    if (isSet(p.origin + y * p.fromRowWords, origin - y * p.fromWidth)) { return true; }
  }
  return false;
}
fn affected(y: u32, i: u32) -> u32 {
  var word = 0u;
  let end = min(32u, p.width - 32u * i);
  for (var b = 0u; b < end; b++) { if (isReached(y * p.width + 32u * i + b)) { word |= 1u << b; } }
  return word;
}`,
);

/** The blocks of pixels, in row-major order, that hold a changed one: their plane is one row of blocks. */
export const BLOCKS = region(
  'blocks',
  {origin: 'u32', fromRowWords: 'u32', fromWidth: 'u32', pixels: 'u32', block: 'u32'},
  `
fn isReached(block: u32) -> bool {
  let end = min(p.pixels, (block + 1u) * p.block);
  for (var origin = block * p.block; origin < end; origin++) {
    let y = origin / p.fromWidth;
    if (isSet(p.origin + y * p.fromRowWords, origin - y * p.fromWidth)) { return true; }
  }
  return false;
}
fn affected(y: u32, i: u32) -> u32 {
  var word = 0u;
  let end = min(32u, p.width - 32u * i);
  for (var b = 0u; b < end; b++) { if (isReached(32u * i + b)) { word |= 1u << b; } }
  return word;
}`,
);
