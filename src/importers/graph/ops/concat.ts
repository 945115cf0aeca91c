/** Tensors side by side. */
import {planeOfShape, type ConcatOp} from '../../../graph';
import {axisOf, emit, integerAt, isView, viewLike, type NodeImporter} from '../use';
import {valueOf, viewOf} from '../view';

const AXES: Readonly<Record<number, readonly ConcatOp['axis'][]>> = {
  1: ['width'],
  2: ['width', 'channels'],
  3: ['height', 'width', 'channels'],
};

/** Values side by side, as many as the attribute says; the axis comes last. */
export const concat: NodeImporter = (use) => {
  const count = use.attributes.integer('N', 2);
  const views = use.operands.slice(0, -1).slice(0, count);
  if (count < 1 || views.length < 1 || !views.every(isView)) return null;
  const [like] = views;
  const rank = like.shape.length;
  if (views.some(({order}) => order.length !== rank || order.some((at, i) => at !== like.order[i])))
    return null;
  const axis = axisOf(integerAt(use, use.operands.length - 1), rank);
  const along = axis === null ? undefined : AXES[rank - 1]?.[like.order[axis] - 1];
  if (along === undefined) return null;
  const values = views.map((view) =>
    rank === 2 ? valueOf(use.graph, view, planeOfShape([view.shape[1], 1])) : valueOf(use.graph, view),
  );
  if (!values.every((id) => id !== null)) return null;
  if (values.length === 1) return [like];
  const output = emit(use, {kind: 'concat', axis: along}, values);
  return [rank === 2 ? viewOf(output, [1, ...use.graph.value(output).shape!]) : viewLike(use, output, like)];
};
