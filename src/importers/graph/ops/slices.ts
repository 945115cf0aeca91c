/** What Slice and StridedSlice take of a tensor, axis by axis. */
import {integersAt, type NodeUse} from '../use';
import type {View} from '../view';

/** Indices along one axis: `count` from `begin`, `step` apart. */
export interface Slice {
  readonly begin: number;
  readonly step: number;
  readonly count: number;
}

export interface Slices {
  /** One for each axis of the tensor. */
  readonly slices: readonly Slice[];
  /** The shape of the result where axes are left out or added; null where the slices tell it. */
  readonly shape: readonly number[] | null;
}

/**
 * The slices of a node; null where they are not known before any frame, nothing is left of an axis, or they reach beyond
 * what there is.
 */
export function slicesOf(use: NodeUse, view: View): Slices | null {
  const found = use.node.op === 'Slice' ? plainSlices(use, view) : stridedSlices(use, view);
  return found?.slices.every((slice, i) => isWithin(slice, view.shape[i])) ? found : null;
}

function isWithin({begin, step, count}: Slice, side: number): boolean {
  const last = begin + (count - 1) * step;
  return count >= 1 && [begin, last].every((at) => at >= 0 && at < side);
}

function plainSlices(use: NodeUse, {shape}: View): Slices | null {
  const [begins, sizes] = [integersAt(use, 1), integersAt(use, 2)];
  if (begins?.length !== shape.length || sizes?.length !== shape.length) return null;
  const slices = shape.map((side, i) => ({
    begin: begins[i],
    step: 1,
    count: sizes[i] === -1 ? side - begins[i] : sizes[i],
  }));
  return {slices, shape: null};
}

const has = (mask: number, i: number): boolean => ((mask >> i) & 1) === 1;

function stridedSlices(use: NodeUse, {shape}: View): Slices | null {
  const [begins, ends, steps] = [1, 2, 3].map((i) => integersAt(use, i));
  const mask = (name: string) => use.attributes.integer(name, 0);
  if (!begins || !ends || !steps || mask('ellipsis_mask') !== 0 || mask('new_axis_mask') !== 0) return null;
  if (begins.length > shape.length || steps.includes(0)) return null;
  if (ends.length !== begins.length || steps.length !== begins.length) return null;
  const shrinks = mask('shrink_axis_mask');
  // tfjs rejects steps on axes that are picked, or mixes up its axes: that is its own to do.
  if (shrinks !== 0 && steps.some((step) => step !== 1)) return null;
  const slices = shape.map((side, i): Slice => {
    if (i >= begins.length) return {begin: 0, step: 1, count: side};
    const at = (index: number) => (index < 0 ? index + side : index);
    if (has(shrinks, i)) return {begin: at(begins[i]), step: 1, count: 1};
    const step = steps[i];
    const clamp = (index: number) =>
      Math.min(Math.max(at(index), step > 0 ? 0 : -1), step > 0 ? side : side - 1);
    const begin = has(mask('begin_mask'), i) ? (step > 0 ? 0 : side - 1) : clamp(begins[i]);
    const end = has(mask('end_mask'), i) ? (step > 0 ? side : -1) : clamp(ends[i]);
    return {begin, step, count: Math.max(0, Math.ceil((end - begin) / step))};
  });
  const kept = slices.flatMap(({count}, i) => (i < begins.length && has(shrinks, i) ? [] : [count]));
  return {slices, shape: shrinks === 0 ? null : kept};
}
