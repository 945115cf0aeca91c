/** The same values as pixels of another plane. Where the plane stays, nothing is computed. */
import type {ReshapeOp} from '../../../graph';
import {call} from '../wgsl/call';
import {plainKernel} from '../wgsl/pixelwise';
import {regionKernel} from '../wgsl/region';
import type {OpPlan, Setting} from './shared/op';
import {pixelwise} from './shared/pixelwise';
import {regionOf, regionWork} from './shared/reach';

const REINTERPRET = regionKernel(
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

const REGROUP = plainKernel(
  'regroup',
  {origin: 'u32', fromVectors: 'u32', fromChannels: 'u32'},
  `
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  var v: vec4<f32>;
  for (var lane = 0u; lane < 4u; lane++) {
    let index = pixel * p.channels + min(4u * f + lane, p.channels - 1u);
    let channel = index % p.fromChannels;
    v[lane] = values[p.origin + (index / p.fromChannels) * p.fromVectors + channel / 4u][channel % 4u];
  }
  return v;
}
`,
);

export function reshape(setting: Setting<ReshapeOp>): OpPlan {
  const {inputs, output, record} = setting;
  const [input] = inputs;
  const region = (tile: number) =>
    call(
      REINTERPRET,
      {
        ...regionOf(setting, tile),
        origin: input.mask,
        fromRowWords: input.rowWords,
        fromWidth: input.width,
        fromChannels: input.channels,
        channels: output.channels,
      },
      regionWork(output),
    );
  const from = {origin: input.at, fromVectors: input.vectors, fromChannels: input.channels};
  return pixelwise(setting, region, (target) => call(REGROUP, {...target, ...from}, {record}));
}
