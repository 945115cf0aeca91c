/** Dense layers over a plane of pixels. */
import * as tf from '@tensorflow/tfjs-core';
import type {DenseOp} from '../../../graph';
import {call} from '../wgsl/call';
import {kernel} from '../wgsl/kernel';
import {TALLY} from '../wgsl/target';
import type {OpPlan, Setting} from './shared/op';
import {channelVectors, filledUp, inVectors} from './shared/pack';
import {BLOCK_FIELDS, blockParameters, blocksOf, reduction} from './shared/reduction';

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
const DENSE_BLOCKS = kernel(
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

/** Vectors of the input in a block of a dense layer: one for each invocation of a workgroup. */
const DENSE_VECTORS = 64;

export function dense(setting: Setting<DenseOp>): OpPlan {
  const {op, inputs, output, record} = setting;
  const [{pixels, vectors, channels}] = inputs;
  const form = blocksOf(setting, Math.max(1, Math.round(DENSE_VECTORS / vectors)));
  const size = 4 * pixels * vectors * output.vectors;
  const factors = setting.weights(size + output.vectors, (weights) => [
    inVectors(tf.reshape(weights['kernel'], [pixels, channels, op.units]), 2),
    channelVectors(weights['bias'], op.units),
  ]);
  const blocks = call(DENSE_BLOCKS, {...blockParameters(setting, form), kernel: factors, record}, {record});
  const how = {
    activation: op.activation,
    maximum: 0,
    bias: factors + size,
    factor: 1,
    overhead: filledUp(channels) * filledUp(output.channels),
  };
  return reduction(setting, form, blocks, output.vectors, how);
}
