/** Constants beside a view, spread over its axes as TensorFlow does: their values in the order that the plan has them. */
import {sizeOf, type Shape, type Weight} from '../../graph';
import {graphWeight, type Constant} from './constants';
import {planShape, toPlan, type View} from './view';

/**
 * A constant beside a view, as the plan has its values: one a channel, or one for each of the plane's values.
 * @returns null where it is no constant of the view's shape, spread along axes of size 1
 */
export function spread(view: View, constant: Constant, change?: (value: number) => number): Weight | null {
  const rank = view.shape.length;
  const size = sizeOf(constant.shape);
  if (constant.shape.length > rank) return null;
  const sides = toPlan(view, [...new Array<number>(rank - constant.shape.length).fill(1), ...constant.shape]);
  const plan = planShape(view);
  if (sides.some((side, axis) => side !== 1 && side !== plan[axis])) return null;
  const channels = plan[rank - 1];
  const isPerChannel = size === 1 || size === sides[rank - 1];
  const shape = isPerChannel ? [channels] : plan.slice(1);
  return graphWeight(constant, shape, (values) => {
    const changed = change ? values.map(change) : values;
    if (size === 1) return new Float32Array(channels).fill(changed[0]);
    if (isPerChannel) return changed;
    return spreadOver(view, constant.shape, changed);
  });
}

/** A constant's values, read in its own order of axes, for each value of the plan. */
export function spreadOver(view: View, shape: Shape, values: Float32Array): Float32Array {
  const rank = view.shape.length;
  const plan = planShape(view);
  const own = [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const steps = own.map((side, i) => (side === 1 ? 0 : sizeOf(own.slice(i + 1))));
  const planSteps = toPlan(view, steps);
  const spreadOut = new Float32Array(sizeOf(plan));
  const at = new Array<number>(rank).fill(0);
  for (let i = 0; i < spreadOut.length; i++) {
    spreadOut[i] = values[at.reduce((sum, index, axis) => sum + index * planSteps[axis], 0)];
    for (let axis = rank - 1; axis >= 0 && ++at[axis] === plan[axis]; axis--) at[axis] = 0;
  }
  return spreadOut;
}
