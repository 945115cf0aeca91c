/**
 * Dense layers and pools over a whole plane: a partial result for each block of pixels, of which those that hold a
 * changed pixel are computed anew, and then the sum (or maximum) of all in one fixed order.
 */
import {ACTIVATE, IS_NAN} from './activate';
import {kernel} from './kernel';
import {ACTIVATION_FIELDS, CONTROL, TALLY, MARK, STORE, STORE_ACTIVATED, TARGET_FIELDS} from './target';

const BLOCK_FIELDS = {
  /** The input: offset, vectors and number of its pixels; pixels of a block. */
  origin: 'u32',
  fromVectors: 'u32',
  pixels: 'u32',
  block: 'u32',
  /** Offset of the partial results, and vectors of each. */
  partials: 'u32',
  vectors: 'u32',
} as const;

/** Adds what the invocations of a workgroup hold, halving them. */
const SUM_UP = `
var<workgroup> parts: array<vec4<f32>, 64>;
fn sumUp(local: u32, own: vec4<f32>) -> vec4<f32> {
  parts[local] = own;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { parts[local] += parts[local + half]; }
  }
  workgroupBarrier();
  return parts[0];
}
`;

/** One listed block and one vector of units a workgroup. Kernel: for each value of the input the vectors of units. */
export const DENSE_BLOCKS = kernel(
  'dense-blocks',
  'op',
  {...BLOCK_FIELDS, kernel: 'u32', record: 'u32'},
  TALLY,
  SUM_UP,
  `
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let block = list[group.x];
  let first = block * p.block * p.fromVectors;
  let end = min(first + p.block * p.fromVectors, p.pixels * p.fromVectors);
  var sum = vec4<f32>(0.0);
  for (var k = first + local; k < end; k += 64u) {
    let a = values[p.origin + k];
    let at = p.kernel + 4u * k * p.vectors + group.y;
    sum += a.x * weights[at] + a.y * weights[at + p.vectors];
    sum += a.z * weights[at + 2u * p.vectors] + a.w * weights[at + 3u * p.vectors];
  }
  if (local == 0u) { tally(16u * (end - first)); }
  let total = sumUp(local, sum);
  if (local == 0u) { values[p.partials + block * p.vectors + group.y] = total; }
}
`,
);

/** What a maximum starts from: the bits of -Infinity, which shaders cannot spell. A sum starts from 0. */
export const MAXIMUM = 0xff800000;

/** `maximum` is MAXIMUM or 0. */
const COMBINE = `
fn combine(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  if (p.maximum == 0u) { return a + b; }
  return select(a, b, (b > a) | isNan(b));
}
fn nothing() -> vec4<f32> { return vec4<f32>(bitcast<f32>(p.maximum)); }
`;

/** One listed block a workgroup, one vector of channels an invocation. */
export const POOL_BLOCKS = kernel(
  'pool-blocks',
  'op',
  {...BLOCK_FIELDS, maximum: 'u32'},
  IS_NAN,
  COMBINE,
  `
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let block = list[group.x];
  let end = min((block + 1u) * p.block, p.pixels);
  for (var f = local; f < p.vectors; f += 64u) {
    var v = nothing();
    for (var pixel = block * p.block; pixel < end; pixel++) {
      v = combine(v, values[p.origin + pixel * p.fromVectors + f]);
    }
    values[p.partials + block * p.vectors + f] = v;
  }
}
`,
);

/** The only pixel of the output: one vector a workgroup. Bias where there is one; then a factor. */
export const TOTAL = kernel(
  'total',
  'op',
  {
    ...TARGET_FIELDS,
    ...ACTIVATION_FIELDS,
    partials: 'u32',
    blocks: 'u32',
    maximum: 'u32',
    bias: 'u32',
    hasBias: 'u32',
    factor: 'f32',
  },
  ACTIVATE,
  CONTROL,
  MARK,
  STORE,
  STORE_ACTIVATED,
  COMBINE,
  `
var<workgroup> parts: array<vec4<f32>, 64>;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  if (listed() == 0u) { return; }
  var v = nothing();
  for (var block = local; block < p.blocks; block += 64u) {
    v = combine(v, values[p.partials + block * p.vectors + group.x]);
  }
  parts[local] = v;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local < half) { parts[local] = combine(parts[local], parts[local + half]); }
  }
  if (local != 0u) { return; }
  var total = parts[0] * p.factor;
  if (p.hasBias != 0u) { total += weights[p.bias + group.x]; }
  store(0u, 0u, group.x, total);
}
`,
);
