/** Pools over the whole plane. */
import {LINEAR, type GlobalPoolOp} from '../../../graph';
import {IS_NAN} from '../wgsl/activate';
import {call} from '../wgsl/call';
import {kernel} from '../wgsl/kernel';
import type {OpPlan, Setting} from './shared/op';
import {BLOCK_FIELDS, blockParameters, blocksOf, COMBINE, MAXIMUM, reduction} from './shared/reduction';

/** One listed block a workgroup, one vector of channels an invocation. */
const POOL_BLOCKS = kernel(
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

export function globalPool(setting: Setting<GlobalPoolOp>): OpPlan {
  const {op, inputs, record} = setting;
  const {pixels} = inputs[0];
  const maximum = op.mode === 'max' ? MAXIMUM : 0;
  const form = blocksOf(setting, Math.min(64, Math.max(4, Math.ceil(Math.sqrt(pixels)))));
  const blocks = call(POOL_BLOCKS, {...blockParameters(setting, form), maximum}, {record});
  const factor = maximum ? 1 : 1 / pixels;
  return reduction(setting, form, blocks, 1, {activation: LINEAR, maximum, bias: null, factor, overhead: 1});
}
