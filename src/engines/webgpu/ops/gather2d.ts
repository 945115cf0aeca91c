/** Rows and columns of the input by number, or a fill. */
import type {GatherOp} from '../../../graph';
import {gather} from './shared/gather';
import type {OpPlan, Setting} from './shared/op';

export const gather2d = (setting: Setting<GatherOp>): OpPlan =>
  gather(setting, setting.op.rows, setting.op.columns, setting.op.fill);
