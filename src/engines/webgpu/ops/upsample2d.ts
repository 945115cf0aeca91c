/** Enlargements by whole factors. */
import type {Between, UpsampleOp} from '../../../graph';
import {between} from './shared/between';
import {gather, numbers} from './shared/gather';
import type {OpPlan, Setting} from './shared/op';

/** Along one axis of an enlargement by a whole factor: a second row that has no share is not read. */
function enlarged(factor: number, from: number): Between {
  const low = numbers(factor * from, (i) => Math.floor(i / factor));
  const weight = numbers(factor * from, (i) => (i % factor) / factor);
  return {
    low,
    high: low.map((first, i) => (weight[i] === 0 ? first : Math.min(first + 1, from - 1))),
    weight,
  };
}

export function upsample2d(setting: Setting<UpsampleOp>): OpPlan {
  const {op, inputs} = setting;
  const rows = enlarged(op.factor[0], inputs[0].height);
  const columns = enlarged(op.factor[1], inputs[0].width);
  if (op.interpolation === 'nearest') return gather(setting, rows.low, columns.low, 0);
  return between(setting, rows, columns);
}
