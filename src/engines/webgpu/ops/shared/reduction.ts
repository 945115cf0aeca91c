/**
 * Reductions over a whole plane: a partial result for each block of pixels, which a stream keeps. The blocks that hold a
 * changed pixel are computed anew, and then the sum (or maximum) of all in one fixed order.
 */
import type {Activation} from '../../../../graph';
import {call, MOST_GROUPS, workFor, type Call} from '../../wgsl/call';
import {kernel} from '../../wgsl/kernel';
import {regionKernel} from '../../wgsl/region';
import {ACTIVATION_FIELDS, STORES_ACTIVATED, TARGET_FIELDS} from '../../wgsl/target';
import type {OpPlan, Setting} from './op';
import {activationOf, needsCommit, softmaxIn, targetOf} from './target';

/** The blocks of pixels, in row-major order, that hold a changed one: their plane is one row of blocks. */
const BLOCKS = regionKernel(
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

export const BLOCK_FIELDS = {
  /** The input: offset, vectors and number of its pixels; pixels of a block. */
  origin: 'u32',
  fromVectors: 'u32',
  pixels: 'u32',
  block: 'u32',
  /** Offset of the partial results, and vectors of each. */
  partials: 'u32',
  vectors: 'u32',
} as const;

/** What a maximum starts from: the bits of -Infinity, which shaders cannot spell. A sum starts from 0. */
export const MAXIMUM = 0xff800000;

/** `maximum` is MAXIMUM or 0. */
export const COMBINE = `
fn combine(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  if (p.maximum == 0u) { return a + b; }
  return select(a, b, (b > a) | isNan(b));
}
fn nothing() -> vec4<f32> { return vec4<f32>(bitcast<f32>(p.maximum)); }
`;

/** The only pixel of the output: one vector a workgroup. Bias where there is one; then a factor. */
const TOTAL = kernel(
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
  ...STORES_ACTIVATED,
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

export interface Blocks {
  /** Pixels of a block, and blocks. */
  readonly block: number;
  readonly blocks: number;
  /** Offset of the partial results. */
  readonly partials: number;
}

export function blocksOf(setting: Setting, wanted: number): Blocks {
  const {inputs, output} = setting;
  const {pixels} = inputs[0];
  const block = Math.max(wanted, Math.ceil(pixels / MOST_GROUPS));
  const blocks = Math.ceil(pixels / block);
  return {block, blocks, partials: setting.reserve(blocks * output.vectors)};
}

/** Marks and lists the blocks that hold a changed pixel. */
function reachBlocks({inputs, record}: Setting, {block, blocks}: Blocks): Call {
  const [{mask, rowWords, width, pixels}] = inputs;
  const words = Math.ceil(blocks / 32);
  return call(
    BLOCKS,
    {
      ...{width: blocks, rowWords: words, words, record, tile: 1},
      ...{origin: mask, fromRowWords: rowWords, fromWidth: width, pixels, block},
    },
    workFor(words),
  );
}

export const blockParameters = ({inputs, output}: Setting, {block, partials}: Blocks) => ({
  origin: inputs[0].at,
  fromVectors: inputs[0].vectors,
  pixels: inputs[0].pixels,
  block,
  partials,
  vectors: output.vectors,
});

interface Totalling {
  readonly activation: Activation;
  readonly maximum: number;
  readonly bias: number | null;
  readonly factor: number;
  /** As the plan has it. */
  readonly overhead: number;
}

/** @param blocks computes the listed blocks, with so many workgroups in y */
export function reduction(
  setting: Setting,
  form: Blocks,
  blocks: Call,
  groups: number,
  how: Totalling,
): OpPlan {
  const {activation, maximum, bias, factor, overhead} = how;
  const total = call(
    TOTAL,
    {
      ...targetOf(setting, 1, needsCommit(setting, activation)),
      ...activationOf(activation),
      ...{partials: form.partials, blocks: form.blocks, maximum, factor},
      bias: bias ?? 0,
      hasBias: bias === null ? 0 : 1,
    },
    [setting.output.vectors, 1, 1],
  );
  return {
    region: reachBlocks(setting, form),
    compute: [blocks, total],
    groups,
    softmax: softmaxIn(activation),
    single: true,
    tile: 1,
    unit: form.block,
    overhead,
  };
}
