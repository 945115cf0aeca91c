/**
 * The transposed convolution, TensorFlow's Conv2DBackpropInput: every input pixel adds its products with the filter to
 * the outputs that a convolution would have read it from.
 *
 * Weights: `filter` [kh, kw, out, in], and, any of them missing, `bias`, `scale`, `shift` [out]: (sum + bias) · scale +
 * shift.
 */
import {receptiveField, type ResolvedWindow} from '../../region';
import type {Activation} from '../activation';
import type {OpDefinition} from '../definition';
import {expectRank, known} from '../forms';
import type {Plane} from '../plane';
import {sideOf, type Axis} from '../reads';
import {kernelEffect, transposedReads} from '../window';

/** Output (y, x) sums input (iy, ix) · filter[ky, kx] wherever iy · sh + ky − pad.top = y, and x likewise. */
export interface ConvTransposeOp {
  readonly kind: 'conv2dTranspose';
  readonly filters: number;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pad: {readonly top: number; readonly left: number};
  /** Rows and columns of the output. */
  readonly size: readonly [number, number];
  readonly activation: Activation;
}

/** The window, over the op's output, of the convolution that it is the transpose of. */
export function transposedWindow(op: ConvTransposeOp, {height, width}: Plane): ResolvedWindow {
  const {kernel, strides, pad, size} = op;
  const after = (count: number, axis: Axis, before: number) =>
    Math.max(0, (count - 1) * strides[axis] + kernel[axis] - size[axis] - before);
  return {
    input: size,
    output: [height, width],
    kernel,
    strides,
    dilations: [1, 1],
    pad: {...pad, bottom: after(height, 0, pad.top), right: after(width, 1, pad.left)},
  };
}

/** How far the outputs read before the input's first row (or column), and past its last. */
function readsPast(op: ConvTransposeOp, input: Plane, axis: Axis): {before: number; after: number} {
  const reads = transposedReads(transposedWindow(op, input), axis);
  let [before, after] = [0, 0];
  for (let at = 0; at < op.size[axis]; at++) {
    const {first, count} = reads(at);
    if (count === 0) continue;
    before = Math.max(before, -first);
    after = Math.max(after, first + count - sideOf(input, axis));
  }
  return {before, after};
}

export const conv2dTranspose: OpDefinition<ConvTransposeOp> = {
  outputs(op, inputs) {
    const [{shape}] = known(op.kind, inputs);
    expectRank(op.kind, shape, 3, 'height, width, channels');
    const sides = [...op.kernel, ...op.strides, ...op.size, op.filters, op.pad.top + 1, op.pad.left + 1];
    if (!sides.every((side) => Number.isInteger(side) && side > 0)) {
      throw new Error(
        `${op.kind}: expected positive integers, and a padding of 0 or more; got ${JSON.stringify(op)}.`,
      );
    }
    return [{shape: [...op.size, op.filters]}];
  },
  affected: (op, [{plane}], _output, [changed]) => receptiveField(changed, transposedWindow(op, plane)),
  macs({kernel: [kh, kw], strides: [sh, sw], filters}, [{plane}], _output, _changed, {area}) {
    return Math.round((area * kh * kw * plane.channels * filters) / (sh * sw));
  },
  reads: (op, {axis, input}) => transposedReads(transposedWindow(op, input), axis),
  halo(op, input) {
    const [rows, columns] = [readsPast(op, input, 0), readsPast(op, input, 1)];
    return {top: rows.before, bottom: rows.after, left: columns.before, right: columns.after};
  },
  effect: ({kernel}) => kernelEffect(kernel),
  takes: {batchNorm: false, affine: true, activation: true, pad: false},
  gradient: () => 'none',
  handsOn: () => false,
  filter: {inputs: -1},
  countedBy: 'outputs',
  isComputed: true,
};
