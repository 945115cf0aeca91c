/** Nodes that only move values: padding, resizing, slices, and other shapes and orders of axes. */
import {sizeOf, type Op} from '../../../graph';
import {nearestRows} from '../../asked';
import {
  axisOf,
  constantAt,
  emit,
  emitPart,
  integerAt,
  integersAt,
  isImage,
  numberAt,
  viewAt,
  viewLike,
  type NodeImporter,
  type NodeImporters,
  type NodeUse,
} from '../use';
import {inOrder, planShape, reshaped, toPlan, transposed, valueOf, type View} from '../view';
import {slicesOf, type Slice} from './slices';

const same: NodeImporter = (use) => {
  const view = viewAt(use);
  return view && [view];
};

const reshape: NodeImporter = (use) => {
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

const expandDims: NodeImporter = (use) => {
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

const squeeze: NodeImporter = (use) => {
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
const unpack: NodeImporter = (use) => {
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

/** And the backward pass. */
const pack: NodeImporter = (use) => {
  const view = viewAt(use);
  return view && use.operands.length === 1 ? withAxis(view, use.attributes.integer('axis', 0)) : null;
};

const transpose: NodeImporter = (use) => {
  const view = viewAt(use);
  const permutation = integersAt(use, 1);
  return view && permutation && isPermutation(permutation, view.shape.length)
    ? [transposed(view, permutation)]
    : null;
};

const isPermutation = (axes: readonly number[], rank: number): boolean =>
  axes.length === rank && inOrder(rank).every((axis) => axes.includes(axis));

/** A view of at most three axes behind the batch, as rows, columns and channels of the plan. */
interface Image {
  readonly view: View;
  readonly value: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

function imageAt(use: NodeUse): Image | null {
  const view = viewAt(use);
  if (!view || view.shape.length !== 4) return null;
  const value = valueOf(use.graph, view);
  if (value === null) return null;
  const [, height, width, channels] = planShape(view);
  return {view, value, height, width, channels};
}

type Pairs = readonly (readonly [number, number])[];

/** Paddings by the plan's axes; null where there are none, or the batch axis is padded. */
function paddingsOf(use: NodeUse, view: View): Pairs | null {
  const constant = constantAt(use, 1);
  if (constant?.shape.join() !== `${view.shape.length},2`) return null;
  const flat = Array.from(constant.values());
  if (!flat.every((side) => Number.isInteger(side) && side >= 0)) return null;
  const pairs = toPlan(
    view,
    view.shape.map((_, i): [number, number] => [flat[2 * i], flat[2 * i + 1]]),
  );
  return pairs[0][0] === 0 && pairs[0][1] === 0 ? pairs : null;
}

const isNone = ([before, after]: readonly [number, number]) => before === 0 && after === 0;

/** Around the image with zeros or another value; behind its channels with zeros. */
const pad: NodeImporter = (use) => {
  const image = imageAt(use);
  const pairs = image && paddingsOf(use, image.view);
  const fill = use.node.op === 'PadV2' ? numberAt(use, 2) : use.attributes.number('constant_value', 0);
  if (!pairs || fill === null) return null;
  const [, rows, columns, channels] = pairs;
  if (!isNone(channels)) {
    if (!isNone(rows) || !isNone(columns) || fill !== 0) return null;
    const [before, after] = channels;
    return moved(use, image!, {kind: 'padChannels', before, after});
  }
  if (fill === 0) {
    return moved(use, image!, {
      kind: 'pad2d',
      top: rows[0],
      bottom: rows[1],
      left: columns[0],
      right: columns[1],
    });
  }
  const along = (size: number, [before, after]: readonly [number, number]) =>
    Array.from({length: before + size + after}, (_, i) =>
      i < before || i >= before + size ? -1 : i - before,
    );
  const {height, width} = image!;
  return moved(use, image!, {
    kind: 'gather2d',
    rows: along(height, rows),
    columns: along(width, columns),
    fill,
  });
};

const mirrorPad: NodeImporter = (use) => {
  const image = imageAt(use);
  const pairs = image && paddingsOf(use, image.view);
  if (!pairs || !isNone(pairs[3])) return null;
  const mode = use.attributes.string('mode');
  if (mode !== 'REFLECT' && mode !== 'SYMMETRIC') return null;
  const skip = mode === 'REFLECT' ? 1 : 0;
  // What is mirrored has to be there.
  const most = [image!.height, image!.width].map((size) => size - skip);
  if (most.some((side, axis) => Math.max(...pairs[axis + 1]) > side)) return null;
  const along = (size: number, [before, after]: readonly [number, number]) =>
    Array.from({length: before + size + after}, (_, i) => {
      const at = i - before;
      if (at < 0) return -at - 1 + skip;
      return at < size ? at : 2 * size - 1 - at - skip;
    });
  const {height, width} = image!;
  return moved(use, image!, {
    kind: 'gather2d',
    rows: along(height, pairs[1]),
    columns: along(width, pairs[2]),
    fill: 0,
  });
};

function moved(use: NodeUse, {view, value}: Image, op: Op): View[] {
  return [viewLike(use, emit(use, op, [value]), view)];
}

interface Resize {
  readonly image: Image;
  readonly size: readonly [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** What a node resizes, and how; null where tfjs refuses. */
function resizeOf(use: NodeUse): Resize | null {
  const image = imageAt(use);
  const size = integersAt(use, 1);
  if (!image || size?.length !== 2 || size.some((side) => side < 1) || !isImage(use, image.view)) return null;
  const alignCorners = use.attributes.boolean('align_corners', false);
  const halfPixelCenters = use.attributes.boolean('half_pixel_centers', false);
  return alignCorners && halfPixelCenters
    ? null
    : {image, size: [size[0], size[1]], alignCorners, halfPixelCenters};
}

const resizeBilinear: NodeImporter = (use) => {
  const found = resizeOf(use);
  if (!found) return null;
  const {image, ...how} = found;
  if (how.size[0] === image.height && how.size[1] === image.width) return [image.view];
  return moved(use, image, {kind: 'resize2d', ...how});
};

const resizeNearest: NodeImporter = (use) => {
  const found = resizeOf(use);
  if (!found) return null;
  const {image, size, alignCorners, halfPixelCenters} = found;
  const [rows, columns] = [image.height, image.width].map((from, axis) =>
    nearestRows({from, to: size[axis], alignCorners, halfPixelCenters}),
  );
  return rows && columns && moved(use, image, {kind: 'gather2d', rows, columns, fill: 0});
};

const depthToSpace: NodeImporter = (use) => {
  const image = imageAt(use);
  // tfjs wants to be told the format, and has no block of 1.
  use.attributes.string('data_format');
  const block = use.attributes.integer('block_size');
  if (!image || !isImage(use, image.view) || block < 2) return null;
  return moved(use, image, {kind: 'depthToSpace', block});
};

/** Parts of a tensor along several axes: of the space first, then of the channels. */
const slice: NodeImporter = (use) => {
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
const split: NodeImporter = (use) => {
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

/** Only what is given as another dtype for the sake of being computed with. */
const cast: NodeImporter = (use) => (use.attributes.type('DstT') === 'DT_FLOAT' ? same(use) : null);

export const movings: NodeImporters = {
  Identity: same,
  StopGradient: same,
  Snapshot: same,
  Cast: cast,
  Reshape: reshape,
  ExpandDims: expandDims,
  Squeeze: squeeze,
  Unpack: unpack,
  Pack: pack,
  Transpose: transpose,
  Pad: pad,
  PadV2: pad,
  MirrorPad: mirrorPad,
  ResizeBilinear: resizeBilinear,
  ResizeNearestNeighbor: resizeNearest,
  DepthToSpace: depthToSpace,
  Slice: slice,
  StridedSlice: slice,
  Split: split,
  SplitV: split,
};
