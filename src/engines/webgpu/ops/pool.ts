/** Pools over windows. */
import {windowOver, type PoolOp} from '../../../graph';
import {call} from '../calls';
import {POOL} from '../wgsl/pixelwise';
import {pixelwise, type OpPlan, type Setting} from './op';
import {reachWindow, windowOn} from './window';

export function pool2d(setting: Setting<PoolOp>): OpPlan {
  const {op, inputs, record} = setting;
  const general = setting as Setting;
  const window = windowOver(inputs[0], op.window);
  const parameters = {...windowOn(inputs[0], window), average: op.mode === 'average' ? 1 : 0};
  return pixelwise(general, reachWindow(general, window), (target) =>
    call(POOL, {...target, ...parameters}, {record}),
  );
}
