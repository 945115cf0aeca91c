/** Channels to pixels, in blocks. */
import type {DepthToSpaceOp} from '../../../graph';
import {call} from '../wgsl/call';
import {plainKernel} from '../wgsl/pixelwise';
import {numbers, reachByTables} from './shared/gather';
import type {OpPlan, Setting} from './shared/op';
import {pixelwise} from './shared/pixelwise';

const DEPTH_TO_SPACE = plainKernel(
  'depth-to-space',
  {origin: 'u32', fromVectors: 'u32', fromWidth: 'u32', block: 'u32'},
  `
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let y = pixel / p.width;
  let x = pixel % p.width;
  let origin = p.origin + ((y / p.block) * p.fromWidth + x / p.block) * p.fromVectors;
  let first = ((y % p.block) * p.block + x % p.block) * p.channels;
  var v: vec4<f32>;
  for (var lane = 0u; lane < 4u; lane++) {
    let channel = first + min(4u * f + lane, p.channels - 1u);
    v[lane] = values[origin + channel / 4u][channel % 4u];
  }
  return v;
}
`,
);

export function depthToSpace(setting: Setting<DepthToSpaceOp>): OpPlan {
  const {op, inputs, output, record} = setting;
  const [input] = inputs;
  const within = (size: number) => numbers(size, (i) => Math.floor(i / op.block));
  const [rows, columns] = [within(output.height), within(output.width)];
  const from = {origin: input.at, fromVectors: input.vectors, fromWidth: input.width, block: op.block};
  return pixelwise(setting, reachByTables(setting, [rows, rows], [columns, columns]), (target) =>
    call(DEPTH_TO_SPACE, {...target, ...from}, {record}),
  );
}
