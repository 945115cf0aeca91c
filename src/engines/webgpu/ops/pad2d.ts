/** Pixels of 0 around the input. */
import type {PadOp} from '../../../graph';
import {gather, numbers} from './shared/gather';
import type {OpPlan, Setting} from './shared/op';

export function pad2d(setting: Setting<PadOp>): OpPlan {
  const {op, inputs, output} = setting;
  const inside = (before: number, size: number) => (i: number) =>
    i - before >= 0 && i - before < size ? i - before : -1;
  const rows = numbers(output.height, inside(op.top, inputs[0].height));
  const columns = numbers(output.width, inside(op.left, inputs[0].width));
  return gather(setting, rows, columns, 0);
}
