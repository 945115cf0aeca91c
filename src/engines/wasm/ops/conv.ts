/** Convolutions, dense and depthwise: packing filters for the kernels, and calling these. */
import {LINEAR, type ConvOp, type DepthwiseConvOp} from '../../../graph';
import type {ResolvedWindow} from '../../../region';
import type {ValueLayout} from '../layout';
import {foldAffine, type Affine} from './fold';
import {boundsOf, roundUp4, type PixelOp, type Setting, type WeightValues} from './op';
import {listWindows, reachThrough, tapsOf, windowOf} from './window';

export const UNBOUNDED = {low: -Infinity, high: Infinity};

/**
 * Computes the pixels whose windows are in the list of sources; `targets` is the list of addresses to write to, `flags`
 * where to note which of these changed.
 */
type Write = (count: number, low: number, high: number, targets: number, flags: number) => void;

/** In place where nothing follows but a clamp, and into scratch where what follows needs whole pixels first. */
function inBothForms(
  setting: Setting<ConvOp | DepthwiseConvOp>,
  window: ResolvedWindow,
  cost: number,
  write: Write,
): PixelOp {
  const {kernels, scratch, op, output} = setting;
  const bounds = boundsOf(op.activation);
  const {low, high} = bounds ?? UNBOUNDED;
  return {
    reach: reachThrough(setting as Setting, window),
    compute(at, first, count, to) {
      listWindows(setting as Setting, window, at, first, count);
      // The list of blocks is free here: only reductions use it.
      kernels.addressSteps(count, to, output.pixelBytes, scratch.blocks);
      // These flags say nothing, and are written anew with the values; those of other pixels have to stay.
      write(count, low, high, scratch.blocks, scratch.flags + first);
    },
    ...(bounds && {
      computeInPlace(at: number, count: number) {
        listWindows(setting as Setting, window, at, 0, count);
        write(count, low, high, scratch.targets, scratch.flags);
      },
    }),
    activation: bounds ? LINEAR : op.activation,
    cost,
  };
}

/** Channels the kernel computes at a time: blocks of 8, and a last one of 4 where no more are left. */
export function channelBlocks(channels: number): {first: number; size: number}[] {
  const blocks: {first: number; size: number}[] = [];
  for (let first = 0; first < channels; first += 8) blocks.push({first, size: channels - first > 4 ? 8 : 4});
  return blocks;
}

/** Floats of a packed filter. */
export function packedFloats(channels: number, taps: number): number {
  return channelBlocks(channels).reduce((sum, {size}) => sum + (taps + 1) * size, 0);
}

/** The taps of a window as rows of runs, each of values that lie one after the other. */
export interface Runs {
  readonly rows: number;
  readonly runs: number;
  readonly runBytes: number;
  /** From the end of a run to the next one's start. */
  readonly runSkip: number;
  /** What is left to the next row after that. */
  readonly rowSkip: number;
}

/** A row of taps is one run, unless the taps are dilated: then each is a run of its own. */
export function runsOf(
  {pixelBytes, rowBytes}: ValueLayout,
  {kernel: [kh, kw], dilations}: ResolvedWindow,
): Runs {
  const joined = dilations[1] === 1 || kw === 1;
  const runs = joined ? 1 : kw;
  const runBytes = joined ? kw * pixelBytes : pixelBytes;
  const runSkip = joined ? 0 : dilations[1] * pixelBytes - runBytes;
  return {rows: kh, runs, runBytes, runSkip, rowSkip: dilations[0] * rowBytes - runs * (runBytes + runSkip)};
}

/**
 * For each block of channels the bias, then the filter's values tap by tap and input by input.
 * @param valueOf a tap's value for an output channel
 */
export function packBlocks(
  {scale, bias}: Affine,
  taps: number,
  valueOf: (tap: number, channel: number) => number,
  into: Float32Array,
): void {
  let to = 0;
  for (const {first, size} of channelBlocks(bias.length)) {
    const end = Math.min(size, bias.length - first);
    for (let c = 0; c < end; c++) into[to + c] = bias[first + c];
    to += size;
    for (let tap = 0; tap < taps; tap++, to += size) {
      for (let c = 0; c < end; c++) into[to + c] = valueOf(tap, first + c) * scale[first + c];
    }
  }
}

export function conv2d(setting: Setting<ConvOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const window = windowOf(input, op);
  const {rows, runs, runBytes, runSkip, rowSkip} = runsOf(input, window);
  const taps = (rows * runs * runBytes) / 4;
  const weights = setting.weights(packedFloats(op.filters, taps), (values, into) =>
    packBlocks(
      foldAffine(values, op.batchNormEpsilon, op.filters),
      taps,
      (tap, channel) => values['filter'][tap * op.filters + channel],
      into,
    ),
  );
  return inBothForms(setting, window, taps * op.filters, (count, low, high, targets, flags) => {
    kernels.conv(
      scratch.sources,
      count,
      weights,
      op.filters,
      rows,
      rowSkip,
      runs,
      runBytes,
      runSkip,
      low,
      high,
      targets,
      flags,
    );
  });
}

/** The filter as [taps][channels], channels rounded up to whole vectors; the bias after it. */
function packDepthwise(
  values: WeightValues,
  op: DepthwiseConvOp,
  taps: number,
  channels: number,
  into: Float32Array,
): void {
  const {filter} = values;
  const {scale, bias} = foldAffine(values, op.batchNormEpsilon, channels);
  const pitch = roundUp4(channels);
  for (let tap = 0; tap < taps; tap++) {
    for (let c = 0; c < channels; c++) into[tap * pitch + c] = filter[tap * channels + c] * scale[c];
  }
  for (let c = 0; c < channels; c++) into[taps * pitch + c] = bias[c];
}

export function depthwiseConv2d(setting: Setting<DepthwiseConvOp>): PixelOp {
  const {kernels, scratch, op, inputs, output} = setting;
  const window = windowOf(inputs[0], op);
  const taps = tapsOf(setting as Setting, window);
  const {channels} = output;
  const pitch = roundUp4(channels);
  const weights = setting.weights((taps.length + 1) * pitch, (values, into) =>
    packDepthwise(values, op, taps.length, channels, into),
  );
  const tapTable = setting.table(taps);
  const bias = weights + 4 * taps.length * pitch;
  return inBothForms(setting, window, 2 * taps.length * channels, (count, low, high, targets, flags) => {
    kernels.depthwise(
      scratch.sources,
      count,
      channels,
      op.depthMultiplier,
      tapTable,
      taps.length,
      window.kernel[1],
      weights,
      bias,
      low,
      high,
      targets,
      flags,
    );
  });
}
