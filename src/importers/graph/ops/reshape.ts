/** Nodes that compute nothing: other shapes and orders of axes, and what hands on what it is given. */
import {sizeOf} from '../../../graph';
import {axisOf, integerAt, integersAt, viewAt, type NodeImporter} from '../use';
import {inOrder, reshaped, transposed, type View} from '../view';

export const same: NodeImporter = (use) => {
  const view = viewAt(use);
  return view && [view];
};

export const reshape: NodeImporter = (use) => {
  const view = viewAt(use);
  const sides = integersAt(use, 1);
  if (!view || !sides) return null;
  const shape = filledIn(sides, sizeOf(view.shape));
  const output = shape && reshaped(view, shape);
  return output && [output];
};

/** A shape whose one open side, -1, is what is left of the size; null where that is no shape. */
function filledIn(sides: readonly number[], size: number): number[] | null {
  const open = sides.filter((side) => side === -1).length;
  const shape = sides.map((side) => (side === -1 ? size / Math.abs(sizeOf(sides)) : side));
  return open <= 1 && shape.every((side) => Number.isInteger(side) && side > 0) ? shape : null;
}

export const expandDims: NodeImporter = (use) => {
  const view = viewAt(use);
  return view && withAxis(view, integerAt(use, 1));
};

/** The tensor with one more axis of size 1, at `axis`. */
function withAxis(view: View, axis: number | null): View[] | null {
  const at = axisOf(axis, view.shape.length + 1);
  const output =
    at === null ? null : reshaped(view, [...view.shape.slice(0, at), 1, ...view.shape.slice(at)]);
  return output && [output];
}

export const squeeze: NodeImporter = (use) => {
  const view = viewAt(use);
  if (!view) return null;
  const {attributes} = use;
  const listed = attributes.integers('axis', attributes.integers('squeeze_dims', []));
  const axes = new Set(listed.map((axis) => axisOf(axis, view.shape.length)));
  const shape = view.shape.filter((side, axis) => (axes.size > 0 ? !axes.has(axis) : side !== 1));
  // An axis that there is not, or one that is longer than 1, leaves too much or too little.
  if (shape.length !== view.shape.length - axes.size && axes.size > 0) return null;
  const output = reshaped(view, shape);
  return output && [output];
};

/** A list of one, along an axis of size 1. */
export const unpack: NodeImporter = (use) => {
  const view = viewAt(use);
  if (!view) return null;
  const axis = axisOf(use.attributes.integer('axis', 0), view.shape.length);
  if (axis === null || view.shape[axis] !== 1) return null;
  const output = reshaped(
    view,
    view.shape.filter((_, i) => i !== axis),
  );
  return output && [output];
};

/** And back. */
export const pack: NodeImporter = (use) => {
  const view = viewAt(use);
  return view && use.operands.length === 1 ? withAxis(view, use.attributes.integer('axis', 0)) : null;
};

export const transpose: NodeImporter = (use) => {
  const view = viewAt(use);
  const permutation = integersAt(use, 1);
  return view && permutation && isPermutation(permutation, view.shape.length)
    ? [transposed(view, permutation)]
    : null;
};

const isPermutation = (axes: readonly number[], rank: number): boolean =>
  axes.length === rank && inOrder(rank).every((axis) => axes.includes(axis));

/** Only what is given as another dtype for the sake of being computed with. */
export const cast: NodeImporter = (use) => (use.attributes.type('DstT') === 'DT_FLOAT' ? same(use) : null);
