/**
 * Where an op's results go. A vector of a listed pixel is compared with what the activation holds there, bit for bit, and
 * written in place where it differs; the pixel is then marked as changed. Where a pixel can only be judged as a whole
 * (thresholds, softmax), vectors go to scratch in the list's order instead, and commit.ts does the rest.
 */
import {ACTIVATE} from './activate';

export const TARGET_FIELDS = {
  /** Offset of the activation, vectors and channels of a pixel, and columns of the plane. */
  out: 'u32',
  vectors: 'u32',
  channels: 'u32',
  width: 'u32',
  /** Offset of the mask, and words in a row of it. */
  mask: 'u32',
  rowWords: 'u32',
  /** Offset of the node's control record, and pixels that a workgroup takes. */
  record: 'u32',
  tile: 'u32',
  toScratch: 'u32',
} as const;

export const ACTIVATION_FIELDS = {activation: 'u32', parameter: 'f32'} as const;

/** Frames computed in full write and mark everything, whatever was there before. */
export const CONTROL = `
fn isFull() -> bool { return control[0] != 0u; }
`;

export const MARK = `
fn mark(pixel: u32) {
  let y = pixel / p.width;
  let x = pixel - y * p.width;
  let word = p.mask + y * p.rowWords + (x >> 5u);
  let bit = 1u << (x & 31u);
  if ((atomicLoad(&masks[word]) & bit) == 0u) { atomicOr(&masks[word], bit); }
}
fn differs(a: vec4<f32>, b: vec4<f32>) -> bool {
  return any(bitcast<vec4<u32>>(a) != bitcast<vec4<u32>>(b));
}
`;

/** Multiply-adds of a node, added up where they are to be counted: a word for each control record, before all masks. */
export const TALLY = `
fn tally(products: u32) {
  if (countsProducts) { atomicAdd(&masks[p.record / 4u], products); }
}
`;

const STORE = `
fn listed() -> u32 { return control[p.record + 3u]; }
fn onlyChannels(v: vec4<f32>, f: u32) -> vec4<f32> {
  let lane = vec4<u32>(0u, 1u, 2u, 3u) + 4u * f;
  return select(vec4<f32>(0.0), v, lane < vec4<u32>(p.channels));
}
fn storeAs(slot: u32, pixel: u32, f: u32, v: vec4<f32>) {
  if (p.toScratch != 0u) {
    scratch[slot * p.vectors + f] = v;
    return;
  }
  let at = p.out + pixel * p.vectors + f;
  if (isFull() || differs(values[at], v)) {
    values[at] = v;
    mark(pixel);
  }
}
`;

const STORE_ACTIVATED = `
fn store(slot: u32, pixel: u32, f: u32, v: vec4<f32>) {
  storeAs(slot, pixel, f, onlyChannels(activate(v), f));
}
`;

/** What a kernel is put together from that stores what it computes: as it is, or with an activation applied. */
export const STORES = [CONTROL, MARK, STORE];
export const STORES_ACTIVATED = [ACTIVATE, ...STORES, STORE_ACTIVATED];
