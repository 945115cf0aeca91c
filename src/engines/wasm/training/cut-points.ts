/**
 * The cut points of what is computed pixel by pixel: dense layers and global pools over a plane, and planes that are outputs
 * themselves. Forwards a cut point gives a row for each frame. Backwards it hands the gradient of these rows to the pixels
 * that the frames used; of a dense layer and a mean, a pixel gets the sum over all frames that used it at once.
 */
import type {DenseOp, Node, PoolMode} from '../../../graph';
import type {Kernels} from '../kernels';
import type {Heap} from '../heap';
import type {ValueLayout} from '../layout';
import {pixelsOf} from '../ops/op';
import type {Reduction} from '../compile';
import type {ReduceOp} from '../ops/reduce';
import {readValues} from '../read';
import type {Scratch} from '../scratch';
import type {WeightGradients} from './ops';

/** A cut point, forwards. */
export interface CutPoint {
  /** Values a row. */
  readonly size: number;
  /** The value whose pixels it uses. */
  readonly source: number;
  /** Its weights by name, as the graph's nodes have them; of those that have any. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Its row for the frame that the stream's block holds. */
  read(at: number, row: Float32Array): void;
  /** Readies the backward pass. */
  open(way: Way): BackwardCutPoint;
}

/** A recording on its backward pass. */
export interface Way {
  readonly at: number;
  /** Bytes from an activation to its gradient. */
  readonly gradients: number;
  readonly frames: number;
  /** Gradients of the cut point's rows. */
  readonly rows: Float32Array;
  /** Whether the gradient of its input is wanted. */
  readonly needsInput: boolean;
  allocate(bytes: number): number;
}

/** A cut point, backwards. */
export interface BackwardCutPoint {
  /** Before a frame's pixels break. */
  enter?(frame: number): void;
  /** The listed pixels of its input were last what they are now in this frame, and are something else before it. */
  flush?(frame: number, count: number): void;
  gradients?(): WeightGradients;
}

interface Place {
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly scratch: Scratch;
}

/** The running sums of the rows' gradients, in float64: what a pixel gets is a difference of two of them. */
function prefixSums({heap}: Place, {rows, frames, allocate}: Way, size: number, width: number): number {
  const at = allocate(8 * (frames + 1) * width);
  const sums = new Float64Array(heap.octets.buffer, at, (frames + 1) * width);
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < size; i++)
      sums[(frame + 1) * width + i] = sums[frame * width + i] + rows[frame * size + i];
  }
  return at;
}

/** For each pixel the frame after the last one that used it and whose gradient it has not got: at first, the end. */
function lastFrames({heap}: Place, {frames, allocate}: Way, pixels: number): number {
  const at = allocate(4 * pixels);
  heap.ints.fill(frames, at >>> 2, (at >>> 2) + pixels);
  return at;
}

/** A dense layer: its rows are sums before the activation. */
export function denseCutPoint(
  place: Place,
  input: ValueLayout,
  source: number,
  {op, partials}: Reduction,
  node: Node<DenseOp>,
): CutPoint {
  const {kernels, heap, scratch} = place;
  const values = pixelsOf(input) * input.channels;
  const {units} = node.op;
  return {
    size: units,
    source,
    weights: node.weights,
    read: (at, row) => readTotal(place, op, at, partials, row),
    open(way) {
      const prefix = prefixSums(place, way, units, op.width);
      const last = lastFrames(place, way, pixelsOf(input));
      const sums = way.allocate(4 * values * op.width);
      const delta = way.allocate(4 * op.width);
      return {
        flush(frame, count) {
          kernels.denseGradient(
            scratch.ys,
            scratch.xs,
            count,
            input.width,
            way.at + input.at,
            input.rowBytes,
            input.channels,
            op.weights,
            op.width,
            prefix,
            last,
            frame,
            way.gradients,
            way.needsInput ? 1 : 0,
            sums,
            delta,
          );
        },
        gradients() {
          const packed = heap.floats.subarray(sums >>> 2, (sums >>> 2) + values * op.width);
          const kernel = new Float32Array(values * units);
          for (let i = 0; i < values; i++) {
            for (let u = 0; u < units; u++) kernel[i * units + u] = packed[i * op.width + u];
          }
          const total = (prefix >>> 3) + way.frames * op.width;
          const bias = Float32Array.from(new Float64Array(heap.octets.buffer, 8 * total, units));
          return {kernel, bias};
        },
      };
    },
  };
}

function readTotal(
  {heap, scratch}: Place,
  op: ReduceOp,
  at: number,
  partials: number,
  row: Float32Array,
): void {
  op.compute(at, at + partials, 0, 0, scratch.values);
  row.set(heap.floats.subarray(scratch.values >>> 2, (scratch.values >>> 2) + row.length));
}

export function globalPoolEnd(
  place: Place,
  input: ValueLayout,
  source: number,
  {op, partials}: Reduction,
  mode: PoolMode,
): CutPoint {
  return {
    size: input.channels,
    source,
    read: (at, row) => readTotal(place, op, at, partials, row),
    open: (way) =>
      mode === 'max' ? backThroughMax(place, input, way) : backThroughMean(place, input, op, way),
  };
}

function backThroughMean(place: Place, input: ValueLayout, {width}: ReduceOp, way: Way): BackwardCutPoint {
  if (!way.needsInput) return {};
  const {kernels, scratch} = place;
  const prefix = prefixSums(place, way, input.channels, width);
  const last = lastFrames(place, way, pixelsOf(input));
  return {
    flush(frame, count) {
      kernels.meanGradient(
        scratch.ys,
        scratch.xs,
        count,
        input.width,
        way.at + input.at,
        input.rowBytes,
        input.channels,
        prefix,
        width,
        last,
        frame,
        way.gradients,
        1 / pixelsOf(input),
      );
    },
  };
}

/** All pixels that hold a channel's maximum get a frame's gradient, as tf.max has it; looked for anew only after a break. */
function backThroughMax({heap}: Place, input: ValueLayout, way: Way): BackwardCutPoint {
  if (!way.needsInput) return {};
  const {channels} = input;
  let largest: readonly number[][] | null = null;
  return {
    enter(frame) {
      largest ??= findLargest(heap, input, way.at);
      const {floats} = heap;
      largest.forEach((places, c) => {
        for (const place of places) floats[place + (way.gradients >> 2)] += way.rows[frame * channels + c];
      });
    },
    flush() {
      largest = null;
    },
  };
}

/** Where in the heap, in floats, each channel's largest values lie. */
function findLargest(
  {floats}: Heap,
  {at: offset, height, width, channels, rowBytes}: ValueLayout,
  at: number,
): number[][] {
  const first = (at + offset) >>> 2;
  const places = Array.from({length: channels}, (): number[] => []);
  const most = new Float32Array(channels).fill(-Infinity);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = first + y * (rowBytes >>> 2) + x * channels;
      for (let c = 0; c < channels; c++) {
        const value = floats[pixel + c];
        if (value > most[c]) places[c] = [];
        else if (value !== most[c]) continue;
        most[c] = value;
        places[c].push(pixel + c);
      }
    }
  }
  return places;
}

/** A plane that is an output itself: each frame's gradient goes to all of its pixels. */
export function planeCutPoint({kernels, heap}: Place, layout: ValueLayout, source: number): CutPoint {
  const {height, width, channels, rowBytes} = layout;
  const size = height * width * channels;
  return {
    size,
    source,
    read(at, row) {
      readValues(heap, at, layout, row);
    },
    open(way) {
      if (!way.needsInput) return {};
      const room = way.allocate(4 * size);
      return {
        enter(frame) {
          heap.floats.set(way.rows.subarray(frame * size, (frame + 1) * size), room >>> 2);
          kernels.addPlane(room, way.at + layout.at, rowBytes, height, width, channels, way.gradients);
        },
      };
    },
  };
}
