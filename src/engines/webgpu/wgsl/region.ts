/**
 * What a change reaches: one invocation for each word of the output's mask works out its 32 bits from the inputs' masks;
 * the pixels set are added to the list, and the op's dispatch grows with them. A workgroup reserves its part of the list once,
 * so that the order of what is listed is anything; no result depends on it.
 */
import {kernel, type Fields} from './kernel';

const REGION_FIELDS = {
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

/** A kernel of regions: `affected` says which bits of a word a change reaches. */
export const regionKernel = <F extends Fields>(name: string, fields: F, affected: string) =>
  kernel(`region-${name}`, 'region', {...REGION_FIELDS, ...fields}, BITS, affected, LIST);
