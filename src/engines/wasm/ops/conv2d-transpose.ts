/**
 * The transposed convolution, as ordinary ones. Output row y and tap ky meet in an input row only where
 * (y + pad − ky) mod stride = 0: so all rows of one phase, (y + pad) mod stride, use the same taps, every `stride`-th of the
 * kernel, over input rows that follow each other; columns likewise. The filter is packed for each phase.
 */
import {LINEAR, type ConvTransposeOp} from '../../../graph';
import {bind} from '../kernels';
import type {WeightValues} from '../memory/weights';
import {boundsOf, UNBOUNDED, type Bounds} from './shared/activations';
import {foldAffine} from './shared/fold';
import type {PixelImplementation} from './shared/implementation';
import type {PixelOp, Setting} from './shared/op';
import {sizesOf} from './shared/masks';
import {packBlocks, packedFloats} from './shared/packed-filter';

export const conv2dTranspose: PixelImplementation<ConvTransposeOp> = {forward};

interface Phase {
  readonly y: number;
  readonly x: number;
  /** Taps of the kernel, in the order of the input rows and columns they meet. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** Where its packed filter begins among all phases', in floats. */
  readonly at: number;
}

function phasesOf({kernel, strides, filters}: ConvTransposeOp, inputs: number) {
  const phases: Phase[] = [];
  let floats = 0;
  for (let y = 0; y < strides[0]; y++) {
    for (let x = 0; x < strides[1]; x++) {
      const rows = tapsOfPhase(y, kernel[0], strides[0]);
      const columns = tapsOfPhase(x, kernel[1], strides[1]);
      phases.push({y, x, rows, columns, at: floats});
      floats += packedFloats(filters, rows.length * columns.length * inputs, columns.length * inputs);
    }
  }
  return {phases, floats};
}

/** The taps that a phase uses, in the order of the input rows (or columns) they meet: the last tap first. */
function tapsOfPhase(phase: number, kernel: number, stride: number): number[] {
  const taps: number[] = [];
  for (let tap = phase; tap < kernel; tap += stride) taps.unshift(tap);
  return taps;
}

/** The filter is [kh, kw, out, in]. */
function packPhase(
  values: WeightValues,
  {filters, kernel}: ConvTransposeOp,
  inputs: number,
  {rows, columns, at}: Phase,
  into: Float32Array,
): void {
  const {filter} = values;
  const taps = rows.flatMap((ky) => columns.map((kx) => ky * kernel[1] + kx));
  const starts = Int32Array.from(
    {length: taps.length * inputs},
    (_, i) => taps[Math.floor(i / inputs)] * filters * inputs + (i % inputs),
  );
  const affine = foldAffine(values, null, filters);
  packBlocks(affine, {values: filter, starts, step: inputs}, columns.length * inputs, into.subarray(at));
}

function forward(setting: Setting<ConvTransposeOp>): PixelOp {
  const {kernels, op, inputs, output} = setting;
  const [input] = inputs;
  const {kernel, strides, pad, filters} = op;
  const {phases, floats} = phasesOf(op, input.channels);
  const weights = setting.weights(floats, (values, into) => {
    for (const phase of phases) packPhase(values, op, input.channels, phase, into);
  });
  const bounds = boundsOf(op.activation);
  const computed = phases.map((phase) => computePhase(setting, phase, weights, bounds ?? UNBOUNDED));
  const spread = bind.spreadMask(kernels, {
    ...sizesOf(input, output),
    fh: strides[0],
    fw: strides[1],
    reachY: kernel[0],
    reachX: kernel[1],
    beforeY: pad.top,
    beforeX: pad.left,
  });
  return {
    reach: (at) => spread(at + input.mask, at + output.mask),
    compute(at, first, count, to) {
      for (const compute of computed) compute(at, first, count, to);
    },
    activation: bounds ? LINEAR : op.activation,
    cost: (kernel[0] * kernel[1] * input.channels * filters) / (strides[0] * strides[1]),
  };
}

/** @param weights of all phases */
function computePhase(
  {kernels, scratch, op, inputs: [input], output}: Setting<ConvTransposeOp>,
  {y, x, rows, columns, at: own}: Phase,
  weights: number,
  bounds: Bounds,
): PixelOp['compute'] {
  const before = Math.max(0, rows.length - 1) * input.rowBytes;
  const left = Math.max(0, columns.length - 1) * input.pixelBytes;
  const runBytes = columns.length * input.pixelBytes;
  // The list of blocks is free here: only reductions use it.
  const {ys, xs, sources, blocks, flags} = scratch;
  const listPhase = bind.listPhase(kernels, {
    padTop: op.pad.top,
    padLeft: op.pad.left,
    sh: op.strides[0],
    sw: op.strides[1],
    phaseY: y,
    phaseX: x,
    rowBytes: input.rowBytes,
    pixelBytes: input.pixelBytes,
    toBytes: output.pixelBytes,
    sources,
    targets: blocks,
  });
  const conv = bind.conv(kernels, {
    filter: weights + 4 * own,
    channels: op.filters,
    rows: rows.length,
    rowSkip: input.rowBytes - runBytes,
    runs: 1,
    runBytes,
    runSkip: 0,
    ...bounds,
  });
  return (at, first, count, to) => {
    const base = at + input.at - before - left;
    const listed = listPhase(ys + 4 * first, xs + 4 * first, count, base, to);
    // The flags are written anew with the values; those of other pixels have to stay.
    if (listed > 0) conv(sources, listed, blocks, flags + first, 0);
  };
}
