/** Pools over windows. */
import {windowOver, type PoolOp} from '../../../graph';
import {IS_NAN} from '../wgsl/activate';
import {call} from '../wgsl/call';
import {plainKernel} from '../wgsl/pixelwise';
import type {OpPlan, Setting} from './shared/op';
import {pixelwise} from './shared/pixelwise';
import {reachWindow, windowOn} from './shared/window';

/** Windows are clipped to the input's plane: padding is neither a maximum nor counted. */
const POOL = plainKernel(
  'pool',
  {
    origin: 'u32',
    fromWidth: 'i32',
    fromHeight: 'i32',
    kernelHeight: 'i32',
    kernelWidth: 'i32',
    strideY: 'i32',
    strideX: 'i32',
    dilationY: 'i32',
    dilationX: 'i32',
    top: 'i32',
    left: 'i32',
    average: 'u32',
  },
  IS_NAN,
  `
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let top = i32(pixel / p.width) * p.strideY - p.top;
  let left = i32(pixel % p.width) * p.strideX - p.left;
  var sum = vec4<f32>(0.0);
  var most = vec4<f32>(0.0);
  var count = 0u;
  for (var ky = 0; ky < p.kernelHeight; ky++) {
    let y = top + ky * p.dilationY;
    if (y < 0 || y >= p.fromHeight) { continue; }
    for (var kx = 0; kx < p.kernelWidth; kx++) {
      let x = left + kx * p.dilationX;
      if (x < 0 || x >= p.fromWidth) { continue; }
      let v = values[p.origin + u32(y * p.fromWidth + x) * p.vectors + f];
      sum += v;
      // What is no number is passed over.
      most = select(most, v, (v > most) | isNan(most) | vec4<bool>(count == 0u));
      count++;
    }
  }
  if (p.average != 0u) { return sum / f32(count); }
  return most;
}
`,
);

export function pool2d(setting: Setting<PoolOp>): OpPlan {
  const {op, inputs, record} = setting;
  const window = windowOver(inputs[0], op.window);
  const parameters = {...windowOn(inputs[0], window), average: op.mode === 'average' ? 1 : 0};
  return pixelwise(setting, reachWindow(setting, window), (target) =>
    call(POOL, {...target, ...parameters}, {record}),
  );
}
