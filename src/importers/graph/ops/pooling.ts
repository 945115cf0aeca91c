/** Pools over windows, and means and maxima over whole planes. */
import type {PoolMode, WindowConfig} from '../../../graph';
import {
  axisOf,
  emit,
  emitPart,
  isChannelsLast,
  isImage,
  someIntegersAt,
  spatial,
  viewAt,
  viewLike,
  type NodeImporter,
  type NodeImporters,
  type NodeUse,
} from '../use';
import {reshapeTo} from '../../../graph';
import {planShape, valueAsItLies, valueOf, viewOf, type View} from '../view';
import {paddingOf} from './convolution';

const pool =
  (mode: PoolMode): NodeImporter =>
  (use) => {
    const view = viewAt(use);
    const padding = paddingOf(use);
    // tfjs itself has no explicit padding for pools.
    if (!isImage(use, view) || !isChannelsLast(use) || (padding !== 'same' && padding !== 'valid'))
      return null;
    const kernel = spatial(use.attributes.integers('ksize'));
    const strides = spatial(use.attributes.integers('strides'));
    const [, height, width, channels] = planShape(view);
    const value = valueOf(use.graph, view)!;
    if (strides.some((side) => side < 1)) return null;
    if (padding === 'valid' && kernel[0] === height && kernel[1] === width && height * width > 1) {
      const pooled = emitPart(use, 'pool', {kind: 'globalPool', mode, isWindow: true}, [value]);
      return [viewLike(use, emit(use, reshapeTo([1, 1, channels]), [pooled]), view)];
    }
    const window: WindowConfig = {kernel, strides, dilations: [1, 1], padding};
    return [viewLike(use, emit(use, {kind: 'pool2d', mode, window}, [value]), view)];
  };

/** A mean or a maximum over all axes between the batch and the channels. */
const reduce =
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

export const poolings: NodeImporters = {
  MaxPool: pool('max'),
  AvgPool: pool('average'),
  Mean: reduce('average'),
  Max: reduce('max'),
};
