/** Several inputs, element by element. */
import {isShared, type MergeFunction, type MergeOp} from '../../../graph';
import {call} from '../wgsl/call';
import {activatedKernel} from '../wgsl/pixelwise';
import type {OpPlan, Setting} from './shared/op';
import {pixelwise} from './shared/pixelwise';
import {reachSame} from './shared/reach';
import {activationOf, type Target} from './shared/target';

/** Table: offset of each input, vectors between its pixels (0 where it is one pixel), and whether it has one channel. */
const MERGE = activatedKernel(
  'merge',
  {inputs: 'u32', count: 'u32', combination: 'u32', factor: 'f32'},
  `
fn operand(n: u32, pixel: u32, f: u32) -> vec4<f32> {
  let entry = p.inputs + 3u * n;
  let at = tables[entry] + pixel * tables[entry + 1u];
  if (tables[entry + 2u] != 0u) { return vec4<f32>(values[at].x); }
  return values[at + f];
}
fn combine(a: vec4<f32>, b: vec4<f32>) -> vec4<f32> {
  switch p.combination {
    case 1u: { return a - b; }
    case 2u: { return a * b; }
    case 3u: { return a / b; }
    case 4u: { return select(a, b, (b > a) | isNan(b)); }
    case 5u: { return select(a, b, (b < a) | isNan(b)); }
    case 6u: { return select(vec4<f32>(0.0), vec4<f32>(1.0), a == b); }
    default: { return a + b; }
  }
}
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  var v = operand(0u, pixel, f);
  for (var n = 1u; n < p.count; n++) { v = combine(v, operand(n, pixel, f)); }
  return v * p.factor;
}
`,
);

/** The numbers the kernel knows the functions by. */
const COMBINATIONS: Readonly<Record<MergeFunction, number>> = {
  add: 0,
  average: 0,
  subtract: 1,
  multiply: 2,
  divide: 3,
  maximum: 4,
  minimum: 5,
  equal: 6,
};

export function merge(setting: Setting<MergeOp>): OpPlan {
  const {op, inputs, output, record} = setting;
  const shared = inputs.map((input) => isShared(input, output));
  const entries = inputs.flatMap(({at, vectors, channels}, i) => [
    at,
    shared[i] ? 0 : vectors,
    channels === 1 && output.channels > 1 ? 1 : 0,
  ]);
  const parameters = {
    ...activationOf(op.activation),
    inputs: setting.table(entries),
    count: inputs.length,
    combination: COMBINATIONS[op.fn],
    factor: op.fn === 'average' ? 1 / inputs.length : 1,
  };
  const compute = (target: Target) => call(MERGE, {...target, ...parameters}, {record});
  return pixelwise(setting, (tile) => reachSame(setting, tile, shared), compute, {activation: op.activation});
}
