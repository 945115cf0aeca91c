/** Layer normalization: each pixel by the moments of its own channels. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayerNormalizationOp} from '../../../graph';
import {call} from '../wgsl/call';
import {kernel} from '../wgsl/kernel';
import {STORES, TARGET_FIELDS} from '../wgsl/target';
import type {OpPlan, Setting} from './shared/op';
import {channelVectors} from './shared/pack';
import {pixelwise} from './shared/pixelwise';
import {reachSame} from './shared/reach';

/**
 * An invocation finds the moments of one pixel, at most 64 at a time; all of them share out the pixels' vectors. A mean is kept in two
 * parts, a first sum's and what is left: distances from the first are small, however far the values lie from 0.
 */
const LAYER_NORMALIZATION = kernel(
  'layer-normalization',
  'op',
  {...TARGET_FIELDS, origin: 'u32', gamma: 'u32', beta: 'u32', epsilon: 'f32'},
  ...STORES,
  `
struct Moments { mean: f32, rest: f32, inverse: f32 }
var<workgroup> moments: array<Moments, 64>;

fn total(v: vec4<f32>) -> f32 { return (v.x + v.y) + (v.z + v.w); }

fn momentsOf(origin: u32) -> Moments {
  let count = f32(p.channels);
  var sum = vec4<f32>(0.0);
  for (var f = 0u; f < p.vectors; f++) { sum += values[origin + f]; }
  let mean = total(sum) / count;
  var distances = vec4<f32>(0.0);
  var squares = vec4<f32>(0.0);
  for (var f = 0u; f < p.vectors; f++) {
    let distance = onlyChannels(values[origin + f] - mean, f);
    distances += distance;
    squares += distance * distance;
  }
  let rest = total(distances) / count;
  let variance = total(squares) / count - rest * rest;
  return Moments(mean, rest, 1.0 / sqrt(select(variance, 0.0, variance < 0.0) + p.epsilon));
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let end = min(group.x * p.tile + p.tile, listed());
  for (var first = group.x * p.tile; first < end; first += 64u) {
    let pixels = min(64u, end - first);
    if (local < pixels) { moments[local] = momentsOf(p.origin + list[first + local] * p.vectors); }
    workgroupBarrier();
    for (var item = local; item < pixels * p.vectors; item += 64u) {
      let own = moments[item / p.vectors];
      let slot = first + item / p.vectors;
      let f = item % p.vectors;
      let pixel = list[slot];
      let x = values[p.origin + pixel * p.vectors + f];
      let y = (x - own.mean - own.rest) * own.inverse * weights[p.gamma + f] + weights[p.beta + f];
      storeAs(slot, pixel, f, onlyChannels(y, f));
    }
    workgroupBarrier();
  }
}
`,
);

export function layerNormalization(setting: Setting<LayerNormalizationOp>): OpPlan {
  const {op, inputs, record} = setting;
  const [{at: origin, channels, vectors}] = inputs;
  const gamma = setting.weights(2 * vectors, (weights) => {
    const {gamma: scale = tf.ones([channels]), beta: shift} = weights as Partial<typeof weights>;
    return [channelVectors(scale, channels), channelVectors(shift, channels)];
  });
  const parameters = {origin, gamma, beta: gamma + vectors, epsilon: op.epsilon};
  return pixelwise(
    setting,
    (tile) => reachSame(setting, tile, [false]),
    (target) => call(LAYER_NORMALIZATION, {...target, ...parameters}, {record}),
  );
}
