/** Rows and columns of the input by number, or a fill. */
import type {GatherOp} from '../../../graph';
import {gather} from './gather';
import type {OpPlan, Setting} from './op';

export const gather2d = (setting: Setting<GatherOp>): OpPlan =>
  gather(setting, setting.op.rows, setting.op.columns, setting.op.fill);
