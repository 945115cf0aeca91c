/**
 * Frames on their way in and results on their way out. What comes in is compared with what the activation holds, pixel by
 * pixel; what differs is copied and marked. The gate's rules are those of src/region/gate.ts.
 */
import {BEYOND} from './commit';
import {kernel, type Fields} from './kernel';
import {CONTROL, MARK} from './target';

const TAKE_FIELDS = {
  out: 'u32',
  vectors: 'u32',
  channels: 'u32',
  width: 'u32',
  pixels: 'u32',
  mask: 'u32',
  rowWords: 'u32',
  /** Offset of a mask outside of which nothing is taken; and of tolerances. Either may be missing. */
  gate: 'u32',
  tolerance: 'u32',
  /** 0 marks in the mask what lies beyond the tolerances and copies nothing; 1 copies. */
  copies: 'u32',
} as const;

/** Values of a buffer: of a pixel one after the other, or, channel by channel, of all pixels. */
const FROM_BUFFER = `
fn value(pixel: u32, channel: u32) -> f32 {
  let at = pixel * p.pixelStride + channel * p.channelStride;
  switch p.format {
    case 1u: { return f32(bitcast<i32>(source[at])); }
    case 2u: { return f32((source[at / 4u] >> (8u * (at % 4u))) & 0xffu); }
    default: { return bitcast<f32>(source[at]); }
  }
}
`;

/** Pixels of a picture, 0 to 255. */
const FROM_TEXTURE = `
fn value(pixel: u32, channel: u32) -> f32 {
  let texel = textureLoad(source, vec2<u32>(pixel % p.width, pixel / p.width), 0);
  return floor(texel[channel] * 255.0 + 0.5);
}
`;

/** As bits: numbers must come through as they are, whatever they are. */
const TAKE = `
fn incoming(pixel: u32, f: u32) -> vec4<f32> {
  var v = vec4<f32>(0.0);
  for (var lane = 0u; lane < 4u && 4u * f + lane < p.channels; lane++) { v[lane] = value(pixel, 4u * f + lane); }
  return v;
}
fn isGated(pixel: u32) -> bool {
  if (p.gate == 0xffffffffu) { return false; }
  let y = pixel / p.width;
  let x = pixel % p.width;
  return ((atomicLoad(&masks[p.gate + y * p.rowWords + (x >> 5u)]) >> (x & 31u)) & 1u) == 0u;
}
fn changes(pixel: u32, at: u32) -> bool {
  for (var f = 0u; f < p.vectors; f++) {
    if (p.tolerance == 0xffffffffu) {
      if (differs(incoming(pixel, f), values[at + f])) { return true; }
    } else if (beyond(incoming(pixel, f), values[at + f], values[p.tolerance + f])) { return true; }
  }
  return false;
}
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let pixel = id.x + id.y * 64u * groups.x;
  if (pixel >= p.pixels) { return; }
  let at = p.out + pixel * p.vectors;
  if (!isFull() && (isGated(pixel) || !changes(pixel, at))) { return; }
  mark(pixel);
  if (p.copies == 0u) { return; }
  for (var f = 0u; f < p.vectors; f++) { values[at + f] = incoming(pixel, f); }
}
`;

const PARTS = [CONTROL, MARK, BEYOND];

/** Formats: float32, int32, bytes. */
export const TAKE_BUFFER = kernel(
  'take-buffer',
  'source',
  {...TAKE_FIELDS, format: 'u32', pixelStride: 'u32', channelStride: 'u32'},
  ...PARTS,
  FROM_BUFFER,
  TAKE,
);
export const TAKE_PICTURE = kernel('take-picture', 'picture', TAKE_FIELDS, ...PARTS, FROM_TEXTURE, TAKE);

const MASK_FIELDS = {
  origin: 'u32',
  into: 'u32',
  width: 'u32',
  height: 'u32',
  rowWords: 'u32',
  least: 'u32',
} as const;

const masked = <F extends Fields>(name: string, fields: F, code: string) =>
  kernel(
    name,
    'op',
    fields,
    `
fn word(y: i32, i: i32) -> u32 {
  if (y < 0 || y >= i32(p.height) || i < 0 || i >= i32(p.rowWords)) { return 0u; }
  return atomicLoad(&masks[p.origin + u32(y) * p.rowWords + u32(i)]);
}
`,
    code,
    `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = id.x + id.y * 64u * groups.x;
  if (index >= p.height * p.rowWords) { return; }
  let y = i32(index / p.rowWords);
  let i = i32(index % p.rowWords);
  atomicStore(&masks[p.into + index], result(y, i));
}
`,
  );

/** Leaves the pixels of whose 8 neighbours at least so many are set, or all that lie in the plane. */
export const CROWDED = masked(
  'crowded',
  MASK_FIELDS,
  `
fn isSet(y: i32, x: i32) -> bool {
  return ((word(y, x >> 5u) >> u32(x & 31)) & 1u) != 0u;
}
fn isCrowded(y: i32, x: i32) -> bool {
  var near = 0u;
  var there = 0u;
  for (var dy = -1; dy <= 1; dy++) {
    for (var dx = -1; dx <= 1; dx++) {
      let isOutside = y + dy < 0 || y + dy >= i32(p.height) || x + dx < 0 || x + dx >= i32(p.width);
      if ((dy == 0 && dx == 0) || isOutside) { continue; }
      there++;
      if (isSet(y + dy, x + dx)) { near++; }
    }
  }
  return near >= min(p.least, there);
}
fn result(y: i32, i: i32) -> u32 {
  var kept = 0u;
  for (var left = word(y, i); left != 0u; left &= left - 1u) {
    let b = countTrailingZeros(left);
    if (isCrowded(y, 32 * i + i32(b))) { kept |= 1u << b; }
  }
  return kept;
}
`,
);

/** The set pixels and their 8 neighbours. */
export const GROWN = masked(
  'grown',
  MASK_FIELDS,
  `
fn column(y: i32, i: i32) -> u32 { return word(y - 1, i) | word(y, i) | word(y + 1, i); }
fn result(y: i32, i: i32) -> u32 {
  let own = column(y, i);
  let spread = own | (own << 1u) | (own >> 1u) | (column(y, i - 1) >> 31u) | (column(y, i + 1) << 31u);
  let left = p.width - 32u * u32(i);
  return spread & select((1u << left) - 1u, 0xffffffffu, left >= 32u);
}
`,
);

/** An activation's values one after the other, without the lanes past the last channel. */
export const PACK = kernel(
  'pack',
  'output',
  {origin: 'u32', vectors: 'u32', channels: 'u32', count: 'u32', into: 'u32'},
  `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let index = id.x + id.y * 64u * groups.x;
  if (index >= p.count) { return; }
  let channel = index % p.channels;
  packed[p.into + index] = values[p.origin + (index / p.channels) * p.vectors + channel / 4u][channel % 4u];
}
`,
);
