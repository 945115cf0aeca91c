/**
 * How a tensor of a TensorFlow graph is seen in the plan: a value, whose pixels have their channels last, and the shape
 * the tensor has, its axes perhaps in another order. So a reshape or a transposition computes nothing, and graphs whose
 * channels come first are computed like any other.
 */
import {
  planeOfShape,
  reshapeTo,
  sizeOf,
  type GraphBuilder,
  type Plane,
  type Shape,
  type ValueId,
} from '../../graph';

export interface View {
  readonly value: ValueId;
  /** The tensor's shape, its batch axis included. */
  readonly shape: Shape;
  /** Axis i of the tensor is axis `order[i]` of the plan's [1, …, channels]. */
  readonly order: readonly number[];
}

export const inOrder = (rank: number): number[] => Array.from({length: rank}, (_, axis) => axis);

export const isInOrder = ({order}: View): boolean => order.every((axis, i) => axis === i);

export function viewOf(value: ValueId, shape: Shape, order: readonly number[] = inOrder(shape.length)): View {
  return {value, shape, order};
}

/** The shape of the value behind a view, with the batch axis. */
export function planShape({shape, order}: View): number[] {
  const plan: number[] = new Array<number>(shape.length);
  order.forEach((axis, i) => (plan[axis] = shape[i]));
  return plan;
}

/** A shape or another list by axis, from the tensor's order into the plan's. */
export function toPlan<T>({order}: View, list: readonly T[]): T[] {
  const plan: T[] = new Array<T>(list.length);
  order.forEach((axis, i) => (plan[axis] = list[i]));
  return plan;
}

/** And back: a list by the plan's axes in the tensor's order. */
export function fromPlan<T>(order: readonly number[], list: readonly T[]): T[] {
  return order.map((axis) => list[axis]);
}

/** The tensor with its axes in another order. */
export function transposed(view: View, permutation: readonly number[]): View {
  return {
    value: view.value,
    shape: permutation.map((axis) => view.shape[axis]),
    order: permutation.map((axis) => view.order[axis]),
  };
}

/**
 * The tensor under another shape; null where that would mix axes that do not lie side by side in the plan.
 * Axes of size 1 go to the front of the plan.
 */
export function reshaped(view: View, shape: Shape): View | null {
  if (sizeOf(shape) !== sizeOf(view.shape)) return null;
  if (readsInOrder(view)) return viewOf(view.value, shape);
  const blocks = blocksOf(view, shape);
  if (blocks === null) return null;
  const single = inOrder(shape.length).filter((axis) => shape[axis] === 1);
  const planOrder = [...single, ...blocks.sort((a, b) => a.first - b.first).flatMap(({axes}) => axes)];
  const order = new Array<number>(shape.length);
  planOrder.forEach((axis, at) => (order[axis] = at));
  return {value: view.value, shape, order};
}

/** Whether the tensor's values lie in the order in which the plan has them: but for axes of size 1, its axes do. */
export function readsInOrder({shape, order}: View): boolean {
  const long = order.filter((_, i) => shape[i] !== 1);
  return long.every((axis, i) => i === 0 || axis > long[i - 1]);
}

/** Neighbouring axes of the plan, and the axes of the new shape that they become. */
interface Block {
  /** The plan's first axis among them. */
  readonly first: number;
  readonly axes: number[];
}

/** Groups of old axes that become groups of new ones; null where a group's old axes are not neighbours in the plan. */
function blocksOf({shape: from, order}: View, to: Shape): Block[] | null {
  const long = (shape: Shape) => inOrder(shape.length).filter((axis) => shape[axis] !== 1);
  const [old, fresh] = [long(from), long(to)];
  const blocks: Block[] = [];
  while (old.length > 0) {
    let axis = old.shift()!;
    const block: Block = {first: order[axis], axes: [fresh.shift()!]};
    let [size, have] = [from[axis], to[block.axes[0]]];
    while (size !== have) {
      if (have < size) {
        block.axes.push(fresh[0]);
        have *= to[fresh.shift()!];
      } else {
        const next = old.shift()!;
        if (!follows(order[next], order[axis], order, from)) return null;
        size *= from[next];
        axis = next;
      }
    }
    blocks.push(block);
  }
  return blocks;
}

/** Whether plan axis `b` comes right after `a`, with nothing but axes of size 1 between them. */
function follows(b: number, a: number, order: readonly number[], shape: Shape): boolean {
  if (b <= a) return false;
  return order.every((axis, i) => axis <= a || axis >= b || shape[i] === 1);
}

/**
 * The value behind a view, in the plan's shape without the batch axis; null where there is no batch axis of 1.
 * @param plane how its pixels are to be seen; left out, as the shape says
 */
export function valueOf(graph: GraphBuilder, view: View, plane?: Plane): ValueId | null {
  const [batch, ...shape] = planShape(view);
  if (batch !== 1) return null;
  return shapedValue(graph, view.value, shape, plane ?? planeOfShape(shape));
}

/** The same, its pixels left as they are if they hold whole channels. */
export function valueAsItLies(graph: GraphBuilder, view: View): ValueId | null {
  const {plane} = graph.value(view.value);
  const shape = planShape(view);
  const keeps = plane !== null && plane.channels === shape[shape.length - 1];
  return valueOf(graph, view, keeps ? plane : undefined);
}

function shapedValue(graph: GraphBuilder, id: ValueId, shape: Shape, plane: Plane): ValueId {
  const {name, shape: own, plane: ownPlane} = graph.value(id);
  const isSame =
    own?.length === shape.length &&
    own.every((side, axis) => side === shape[axis]) &&
    ownPlane !== null &&
    ownPlane.height === plane.height &&
    ownPlane.width === plane.width &&
    ownPlane.channels === plane.channels;
  return isSame ? id : graph.node(reshapeTo(shape, plane), [id], {name: `${name}/reshape`})[0];
}
