/** Nodes that only move values: padding, resizing, slices, and other shapes and orders of axes. */
import type {Op} from '../../../graph';
import {nearestRows} from '../../asked';
import {
  axisOf,
  constantAt,
  emit,
  emitPart,
  integersAt,
  isImage,
  viewAt,
  viewLike,
  type NodeImporter,
  type NodeImporters,
  type NodeUse,
} from '../use';
import {planShape, reshaped, toPlan, transposed, valueOf, type View} from '../view';
import {slicesOf, type Slice} from './slices';

const same: NodeImporter = (use) => {
  const view = viewAt(use);
  return view && [view];
};

const reshape: NodeImporter = (use) => {
  const view = viewAt(use);
  const sides = integersAt(use, 1);
  if (!view || !sides) return null;
  const size = view.shape.reduce((product, side) => product * side, 1);
  const known = sides.reduce((product, side) => (side === -1 ? product : product * side), 1);
  const output = reshaped(
    view,
    sides.map((side) => (side === -1 ? size / known : side)),
  );
  return output && [output];
};

const expandDims: NodeImporter = (use) => {
  const view = viewAt(use);
  const axis = integersAt(use, 1)?.[0];
  if (!view || axis === undefined) return null;
  const shape = [...view.shape];
  shape.splice(axisOf(axis, shape.length + 1), 0, 1);
  const output = reshaped(view, shape);
  return output && [output];
};

const squeeze: NodeImporter = (use) => {
  const view = viewAt(use);
  if (!view) return null;
  const {attributes} = use;
  const listed = [...attributes.numbers('squeeze_dims'), ...attributes.numbers('axis')];
  const axes = new Set(listed.map((axis) => axisOf(axis, view.shape.length)));
  const shape = view.shape.filter((side, axis) => side !== 1 || (axes.size > 0 && !axes.has(axis)));
  const output = reshaped(view, shape);
  return output && [output];
};

/** A list of one, along an axis of size 1. */
const unpack: NodeImporter = (use) => {
  const view = viewAt(use);
  if (!view) return null;
  const axis = axisOf(use.attributes.number('axis', 0), view.shape.length);
  if (view.shape[axis] !== 1) return null;
  const output = reshaped(
    view,
    view.shape.filter((_, i) => i !== axis),
  );
  return output && [output];
};

/** And the way back. */
const pack: NodeImporter = (use) => {
  const view = viewAt(use);
  if (!view || use.operands.length !== 1) return null;
  const shape = [...view.shape];
  shape.splice(axisOf(use.attributes.number('axis', 0), shape.length + 1), 0, 1);
  const output = reshaped(view, shape);
  return output && [output];
};

const transpose: NodeImporter = (use) => {
  const view = viewAt(use);
  const permutation = integersAt(use, 1);
  return view && permutation && [transposed(view, permutation)];
};

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
  const flat = integersAt(use, 1);
  if (!flat || flat.length !== 2 * view.shape.length) return null;
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
  const fill = use.node.op === 'PadV2' ? constantAt(use, 2)?.values()[0] : 0;
  if (!pairs || fill === undefined) return null;
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
    kind: 'pick2d',
    rows: along(height, rows),
    columns: along(width, columns),
    fill,
  });
};

const mirrorPad: NodeImporter = (use) => {
  const image = imageAt(use);
  const pairs = image && paddingsOf(use, image.view);
  if (!pairs || !isNone(pairs[3])) return null;
  const skip = use.attributes.string('mode') === 'REFLECT' ? 1 : 0;
  const along = (size: number, [before, after]: readonly [number, number]) =>
    Array.from({length: before + size + after}, (_, i) => {
      const at = i - before;
      if (at < 0) return -at - 1 + skip;
      return at < size ? at : 2 * size - 1 - at - skip;
    });
  const {height, width} = image!;
  return moved(use, image!, {
    kind: 'pick2d',
    rows: along(height, pairs[1]),
    columns: along(width, pairs[2]),
    fill: 0,
  });
};

function moved(use: NodeUse, {view, value}: Image, op: Op): View[] {
  return [viewLike(use, emit(use, op, [value]), view)];
}

const resizeBilinear: NodeImporter = (use) => {
  const image = imageAt(use);
  const size = integersAt(use, 1);
  if (!image || !size || !isImage(use, image.view)) return null;
  if (size[0] === image.height && size[1] === image.width) return [image.view];
  return moved(use, image, {
    kind: 'resize2d',
    size: [size[0], size[1]],
    alignCorners: use.attributes.boolean('align_corners'),
    halfPixelCenters: use.attributes.boolean('half_pixel_centers'),
  });
};

const resizeNearest: NodeImporter = (use) => {
  const image = imageAt(use);
  const size = integersAt(use, 1);
  if (!image || !size || !isImage(use, image.view)) return null;
  const alignCorners = use.attributes.boolean('align_corners');
  const halfPixelCenters = use.attributes.boolean('half_pixel_centers');
  const [rows, columns] = [image.height, image.width].map((from, axis) =>
    nearestRows({from, to: size[axis], alignCorners, halfPixelCenters}),
  );
  return rows && columns && moved(use, image, {kind: 'pick2d', rows, columns, fill: 0});
};

const depthToSpace: NodeImporter = (use) => {
  const image = imageAt(use);
  if (!image || !isImage(use, image.view)) return null;
  return moved(use, image, {kind: 'depthToSpace', block: use.attributes.number('block_size', 2)});
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
      kind: 'pick2d',
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

/** Equal parts, or parts of given sizes, along one axis. */
const split: NodeImporter = (use) => {
  const isSized = use.node.op === 'SplitV';
  const view = viewAt(use, isSized ? 0 : 1);
  const at = integersAt(use, isSized ? 2 : 0)?.[0];
  if (!view || at === undefined) return null;
  const axis = axisOf(at, view.shape.length);
  const count = use.attributes.number('num_split', 1);
  const sizes = isSized ? integersAt(use, 1) : Array.from({length: count}, () => view.shape[axis] / count);
  if (!sizes || sizes.some((size) => size < 1 || !Number.isInteger(size))) return null;
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
