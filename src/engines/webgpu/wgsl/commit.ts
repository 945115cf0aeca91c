/**
 * Whole pixels, from scratch into the activation: softmax over their channels, and the threshold. A pixel is written with
 * all its channels or not at all. And what thresholds may be relative to: the root mean square of each channel.
 */
import {kernel} from './kernel';
import {CONTROL, MARK, TARGET_FIELDS} from './target';

/**
 * What is not a number lies beyond every tolerance, and everything beyond a tolerance that is none: as whole numbers, the
 * bits of magnitudes are in the order of what they stand for, with those of no number above all.
 */
export const BEYOND = `
fn beyond(a: vec4<f32>, b: vec4<f32>, tolerance: vec4<f32>) -> bool {
  let distance = bitcast<vec4<u32>>(a - b) & vec4<u32>(0x7fffffffu);
  let most = bitcast<vec4<u32>>(tolerance);
  return any(distance > most) || any(most > vec4<u32>(0x7f800000u));
}
`;

export const NO_TOLERANCE = 0xffffffff;

export const COMMIT = kernel(
  'commit',
  'op',
  {
    ...TARGET_FIELDS,
    /** Whether the output is one pixel, which stands in no list. */
    single: 'u32',
    softmax: 'u32',
    /** Offset of a vector of tolerances for each of the pixel's; or that there are none. */
    tolerance: 'u32',
  },
  CONTROL,
  MARK,
  BEYOND,
  `
fn largest(origin: u32) -> f32 {
  var most = scratch[origin].x;
  for (var c = 1u; c < p.channels; c++) {
    let v = scratch[origin + c / 4u][c % 4u];
    most = select(most, v, v > most);
  }
  return most;
}
fn softmax(origin: u32) {
  let most = largest(origin);
  var sum = 0.0;
  for (var c = 0u; c < p.channels; c++) { sum += exp(scratch[origin + c / 4u][c % 4u] - most); }
  for (var f = 0u; f < p.vectors; f++) {
    let v = scratch[origin + f] - most;
    let lane = vec4<u32>(0u, 1u, 2u, 3u) + 4u * f;
    let y = select(exp(v) / sum, v - log(sum), vec4<bool>(p.softmax == 2u));
    scratch[origin + f] = select(vec4<f32>(0.0), y, lane < vec4<u32>(p.channels));
  }
}
fn changes(origin: u32, at: u32) -> bool {
  if (isFull()) { return true; }
  for (var f = 0u; f < p.vectors; f++) {
    if (p.tolerance == 0xffffffffu) {
      if (differs(scratch[origin + f], values[at + f])) { return true; }
    } else if (beyond(scratch[origin + f], values[at + f], values[p.tolerance + f])) { return true; }
  }
  return false;
}
fn commit(slot: u32, pixel: u32) {
  let origin = slot * p.vectors;
  let at = p.out + pixel * p.vectors;
  if (p.softmax != 0u) { softmax(origin); }
  if (!changes(origin, at)) { return; }
  for (var f = 0u; f < p.vectors; f++) { values[at + f] = scratch[origin + f]; }
  mark(pixel);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let listed = control[p.record + 3u];
  if (group.y != 0u || listed == 0u) { return; }
  if (p.single != 0u) {
    if (local == 0u) { commit(0u, 0u); }
    return;
  }
  let first = group.x * p.tile;
  let end = min(listed, first + p.tile);
  for (var slot = first + local; slot < end; slot += 64u) { commit(slot, list[slot]); }
}
`,
);

/** One vector of channels a workgroup: the tolerances that are a share of what the activation holds now. */
export const RELATIVE = kernel(
  'relative',
  'op',
  {origin: 'u32', vectors: 'u32', pixels: 'u32', tolerance: 'u32', relative: 'f32'},
  `
var<workgroup> parts: array<vec4<f32>, 64>;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  var sum = vec4<f32>(0.0);
  for (var pixel = local; pixel < p.pixels; pixel += 64u) {
    let v = values[p.origin + pixel * p.vectors + group.x];
    sum += v * v;
  }
  parts[local] = sum;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { parts[local] += parts[local + half]; }
  }
  if (local == 0u) {
    let limit = p.relative * sqrt(parts[0] / f32(p.pixels));
    // Within infinity of an infinity lies everything: no tolerance.
    let isOdd = (bitcast<vec4<u32>>(limit) & vec4<u32>(0x7f800000u)) == vec4<u32>(0x7f800000u);
    values[p.tolerance + group.x] = select(limit, vec4<f32>(0.0), isOdd);
  }
}
`,
);
