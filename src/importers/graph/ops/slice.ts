/** Parts of a tensor: slices, with steps or without, and splits. */
import type {Op} from '../../../graph';
import {
  axisOf,
  emit,
  emitPart,
  integerAt,
  integersAt,
  viewAt,
  viewLike,
  type NodeImporter,
  type NodeUse,
} from '../use';
import {planShape, reshaped, toPlan, valueOf, type View} from '../view';
import {slicesOf, type Slice} from './slices';

/** Parts of a tensor along several axes: of the space first, then of the channels. */
export const slice: NodeImporter = (use) => {
  const view = viewAt(use);
  const found = view && slicesOf(use, view);
  if (!view || !found) return null;
  const part = cut(use, view, toPlan(view, found.slices));
  if (part === null) return null;
  return found.shape ? finish(reshaped(part, found.shape)) : [part];
};

const finish = (view: View | null): View[] | null => view && [view];

/** @param slices by the plan's axes */
function cut(use: NodeUse, view: View, slices: readonly Slice[]): View | null {
  const shape = planShape(view);
  const isWhole = slices.map(
    ({begin, step, count}, axis) => begin === 0 && step === 1 && count === shape[axis],
  );
  if (isWhole.every((whole) => whole)) return view;
  let value = valueOf(use.graph, view);
  if (value === null || !isWhole[0] || shape.length > 4) return null;
  const space = slices.slice(1, -1);
  const channels = slices[slices.length - 1];
  const cutsChannels = !isWhole[slices.length - 1];
  if (cutsChannels && channels.step !== 1) return null;
  if (isWhole.slice(1, -1).includes(false)) {
    if (shape.length !== 4) return null;
    const part: Op = {
      kind: 'gather2d',
      rows: indices(space[0]),
      columns: indices(space[1]),
      fill: 0,
    };
    value = cutsChannels ? emitPart(use, 'space', part, [value]) : emit(use, part, [value]);
  }
  if (cutsChannels) {
    value = emit(use, {kind: 'sliceChannels', begin: channels.begin, size: channels.count}, [value]);
  }
  return viewLike(use, value, view);
}

const indices = ({begin, step, count}: Slice): number[] =>
  Array.from({length: count}, (_, i) => begin + i * step);

const evenly = (size: number, count: number): number[] => Array.from({length: count}, () => size / count);

/** Equal parts, or parts of given sizes, along one axis. */
export const split: NodeImporter = (use) => {
  const isSized = use.node.op === 'SplitV';
  const view = viewAt(use, isSized ? 0 : 1);
  const axis = view && axisOf(integerAt(use, isSized ? 2 : 0), view.shape.length);
  if (axis === null) return null;
  const sizes = isSized
    ? integersAt(use, 1)
    : evenly(view!.shape[axis], use.attributes.integer('num_split', 1));
  if (!view || !sizes || sizes.some((size) => size < 1 || !Number.isInteger(size))) return null;
  if (sizes.reduce((sum, size) => sum + size, 0) !== view.shape[axis]) return null;
  const parts: View[] = [];
  let begin = 0;
  for (const size of sizes) {
    const slices = view.shape.map((side, i) => ({
      begin: i === axis ? begin : 0,
      step: 1,
      count: i === axis ? size : side,
    }));
    const part = cut(use, view, toPlan(view, slices));
    if (part === null) return null;
    parts.push(part);
    begin += size;
  }
  return parts;
};
