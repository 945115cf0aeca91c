/** An activation by itself. */
import type {ElementwiseOp} from '../../../graph';
import type {OpPlan, Setting} from './shared/op';
import {NO_WEIGHTS, pointwise} from './shared/pointwise';

export const activation = (setting: Setting<ElementwiseOp>): OpPlan =>
  pointwise(setting, setting.op.activation, NO_WEIGHTS);
