/** Means and maxima over whole planes. */
import type {PoolMode} from '../../../graph';
import {axisOf, emit, someIntegersAt, viewAt, type NodeImporter, type NodeUse} from '../use';
import {valueAsItLies, viewOf, type View} from '../view';

/** A mean or a maximum over all axes between the batch and the channels. */
export const reduce =
  (mode: PoolMode): NodeImporter =>
  (use) => {
    const view = viewAt(use);
    const axes = someIntegersAt(use, 1);
    if (!view || !axes) return null;
    const reduced = new Set(axes.map((axis) => axisOf(axis, view.shape.length)));
    if (reduced.size < axes.length || reduced.has(null) || !isOverSpace(view, reduced)) return null;
    const value = valueAsItLies(use.graph, view);
    if (value === null || use.graph.value(value).shape!.length < 2) return null;
    const keeps = use.attributes.boolean('keep_dims', false);
    const shape = view.shape.flatMap((side, axis) => (reduced.has(axis) ? (keeps ? [1] : []) : [side]));
    return [viewOf(pooled(use, value, mode), shape)];
  };

function isOverSpace({shape, order}: View, reduced: ReadonlySet<number | null>): boolean {
  const rank = shape.length;
  return order.every((axis, i) => reduced.has(i) === (axis > 0 && axis < rank - 1));
}

/** Global pools are over images and rows of pixels. */
function pooled(use: NodeUse, value: number, mode: PoolMode): number {
  return emit(use, {kind: 'globalPool', mode}, [value]);
}
