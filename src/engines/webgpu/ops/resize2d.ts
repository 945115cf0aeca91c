/** Resizes to any size, between pixels. */
import {resizeTables, type ResizeOp} from '../../../graph';
import {between} from './shared/between';
import type {OpPlan, Setting} from './shared/op';

export function resize2d(setting: Setting<ResizeOp>): OpPlan {
  const {rows, columns} = resizeTables(setting.op, setting.inputs[0]);
  return between(setting, rows, columns);
}
