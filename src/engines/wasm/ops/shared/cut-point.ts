/**
 * The cut points of what is computed pixel by pixel. Forwards a cut point gives a row for each frame. Backwards it hands the
 * gradient of these rows to the pixels that the frames used; of a dense layer and a mean, a pixel gets the sum over all
 * frames that used it at once.
 */
import type {BackwardKernels} from '../../backward-kernels';
import {pixelsOf, type ValueLayout} from '../../memory/layout';
import type {WeightGradients} from './backward-op';
import type {Reduction, Setting} from './op';

/** A cut point, forwards. */
export interface CutPoint {
  /** Values a row. */
  readonly size: number;
  /** Its row for the frame that the stream's block holds. */
  read(at: number, row: Float32Array): void;
  /** Readies the backward pass. */
  open(flow: CutPointFlow): BackwardCutPoint;
}

/** Where everything lies during a backward pass, and what comes in there. */
export interface CutPointFlow {
  readonly kernels: BackwardKernels;
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

/** Reads a reduction's sums, before its activation. */
export function readTotal(
  {heap, scratch}: Pick<Setting, 'heap' | 'scratch'>,
  {op, partials}: Reduction,
  at: number,
  row: Float32Array,
): void {
  op.compute(at, at + partials, 0, 0, scratch.values);
  row.set(heap.floats.subarray(scratch.values >>> 2, (scratch.values >>> 2) + row.length));
}

/**
 * The running sums of the rows' gradients, in float64: what a pixel gets is a difference of two of them.
 * @param width floats from one sum to the next, of which `size` are used
 */
export function prefixSums(
  {heap}: Pick<Setting, 'heap'>,
  {rows, frames, allocate}: CutPointFlow,
  size: number,
  width: number,
): number {
  const at = allocate(8 * (frames + 1) * width);
  const sums = new Float64Array(heap.octets.buffer, at, (frames + 1) * width);
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < size; i++)
      sums[(frame + 1) * width + i] = sums[frame * width + i] + rows[frame * size + i];
  }
  return at;
}

/** For each pixel the frame after the last one that used it and whose gradient it has not got: at first, all have passed. */
export function lastFrames(
  {heap}: Pick<Setting, 'heap'>,
  {frames, allocate}: CutPointFlow,
  input: ValueLayout,
): number {
  const pixels = pixelsOf(input);
  const at = allocate(4 * pixels);
  heap.ints.fill(frames, at >>> 2, (at >>> 2) + pixels);
  return at;
}
