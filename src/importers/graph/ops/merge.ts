/** Arithmetic of two or more tensors, or of one and a constant. */
import {
  LINEAR,
  mergedShape,
  planeOfShape,
  samePlane,
  sizeOf,
  type MergeFunction,
  type ValueId,
} from '../../../graph';
import type {Constant} from '../constants';
import {spread} from '../spread';
import {constantAt, emit, isView, viewAt, viewLike, type NodeImporter, type NodeUse} from '../use';
import {planShape, valueAsItLies, valueOf, type View} from '../view';
import {activate} from './activation';
import {affine} from './affine';

export const merge =
  (fn: MergeFunction): NodeImporter =>
  (use) =>
    use.operands.every(isView) ? mergeViews(use, fn, use.operands) : withConstant(use, fn);

/** A sum of any number of tensors; of one shape, for tfjs spreads none of them here. */
export const sum: NodeImporter = (use) => {
  const views = use.operands;
  if (views.length < 2 || !views.every(isView)) return null;
  return views.every(({shape}) => `${shape}` === `${views[0].shape}`) ? mergeViews(use, 'add', views) : null;
};

/** A view and a constant, in either order: one multiplication and addition a value. */
function withConstant(use: NodeUse, fn: MergeFunction): View[] | null {
  const isFirst = isView(use.operands[0]);
  const view = viewAt(use, isFirst ? 0 : 1);
  const constant = constantAt(use, isFirst ? 1 : 0);
  if (!view || !constant) return null;
  switch (fn) {
    case 'add':
      return withShift(use, view, spread(view, constant));
    case 'multiply':
      return withScale(use, view, spread(view, constant));
    case 'subtract':
      if (isFirst)
        return withShift(
          use,
          view,
          spread(view, constant, (value) => -value),
        );
      return withBoth(
        use,
        view,
        spread(view, constant, () => -1),
        spread(view, constant),
      );
    case 'divide':
      return isFirst
        ? withScale(
            use,
            view,
            spread(view, constant, (value) => 1 / value),
          )
        : null;
    case 'maximum':
      return isNumberBeside(view, constant) && constant.values()[0] === 0
        ? activate(use, view, {name: 'relu'})
        : null;
    default:
      return null;
  }
}

/** Whether a constant is one number that leaves a view its shape. */
const isNumberBeside = (view: View, {shape}: Constant): boolean =>
  sizeOf(shape) === 1 && shape.length <= view.shape.length;

const withShift = (use: NodeUse, view: View, shift: ReturnType<typeof spread>) =>
  shift && affine(use, view, null, shift);
const withScale = (use: NodeUse, view: View, scale: ReturnType<typeof spread>) =>
  scale && affine(use, view, scale, null);
const withBoth = (
  use: NodeUse,
  view: View,
  scale: ReturnType<typeof spread>,
  shift: ReturnType<typeof spread>,
) => scale && shift && affine(use, view, scale, shift);

function mergeViews(use: NodeUse, fn: MergeFunction, views: readonly View[]): View[] | null {
  const [like] = [...views].sort(
    (a, b) => sizeOf(b.shape) - sizeOf(a.shape) || b.shape.length - a.shape.length,
  );
  const aligned = views.map((view) => alignedTo(like, view));
  if (!aligned.every((view) => view !== null)) return null;
  const shapes = aligned.map((view) => planShape(view).slice(1));
  const merged = mergedShape(shapes);
  if (merged === null || sizeOf(merged) !== sizeOf(like.shape)) return null;
  const values = samePixels(use, aligned);
  return values && [viewLike(use, emit(use, {kind: 'merge', fn, activation: LINEAR}, values), like)];
}

/** A view as it is spread beside another one: of the same rank, its axes in the same order; null where they are not. */
function alignedTo(like: View, view: View): View | null {
  const rank = like.shape.length;
  if (view.shape.length > rank) return null;
  const shape = [...new Array<number>(rank - view.shape.length).fill(1), ...view.shape];
  const hasOrder = view.shape.length === rank && view.order.every((axis, i) => axis === like.order[i]);
  if (hasOrder) return view;
  const long = shape.filter((side) => side !== 1).length;
  // Along one axis there is nothing to be out of order.
  const reads =
    long <= 1 || (view.order.every((axis, i) => axis === i) && like.order.every((axis, i) => axis === i));
  return reads ? {value: view.value, shape, order: like.order} : null;
}

/** The values behind views of one shape, with the same pixels; those that are spread over the others as their shapes say. */
function samePixels({graph}: NodeUse, views: readonly View[]): ValueId[] | null {
  const largest = Math.max(...views.map(({shape}) => sizeOf(shape)));
  const isWhole = ({shape}: View) => sizeOf(shape) === largest;
  const whole = views.filter(isWhole).map((view) => valueAsItLies(graph, view));
  const planes = whole.map((id) => (id === null ? null : graph.value(id).plane));
  const first = planes[0];
  const isOne = first && planes.every((plane) => plane && samePlane(plane, first));
  const isImagePlane = first && samePlane(first, planeOfShape(planShape(views.find(isWhole)!).slice(1)));
  const keeps = isOne && (isImagePlane || views.every(isWhole));
  const values = views.map((view) =>
    keeps && isWhole(view) ? valueAsItLies(graph, view) : valueOf(graph, view),
  );
  return values.every((id) => id !== null) ? values : null;
}
