/** Filters as the kernel of convolutions reads them: blocks of output channels, and taps as runs of values. */
import type {ResolvedWindow} from '../../../../region';
import type {ValueLayout} from '../../memory/layout';
import type {Affine} from './fold';

/** Channels that the kernel computes at a time: blocks of 8, and of what is left 4, 2 and 1. */
function blocksOf(channels: number): {first: number; size: number}[] {
  const blocks: {first: number; size: number}[] = [];
  for (let first = 0, size = 8; first < channels; first += size) {
    while (size > channels - first) size /= 2;
    blocks.push({first, size});
  }
  return blocks;
}

/** Of blocks of 8 each value is a row of channels; of smaller ones each 4 values of a run are a vector a channel. */
const BLOCK = 8;
const LANES = 4;

/** Floats of a packed filter for windows of `taps` values, in runs of `runFloats`. */
export function packedFloats(channels: number, taps: number, runFloats: number): number {
  const vectors = runFloats === 0 ? 0 : (taps / runFloats) * Math.ceil(runFloats / LANES);
  return blocksOf(channels).reduce(
    (sum, {size}) => sum + size * (1 + (size === BLOCK ? taps : vectors * LANES)),
    0,
  );
}

/** A filter as a model has it. */
export interface Filter {
  readonly values: Float32Array;
  /** Where the value for output channel 0 is, for each value of a window in its order. */
  readonly starts: Int32Array;
  /** From an output channel's value to the next one's. */
  readonly step: number;
}

/** For each block of channels the biases, then the values of the filter. */
export function packBlocks(
  {scale, bias}: Affine,
  filter: Filter,
  runFloats: number,
  into: Float32Array,
): void {
  const {starts} = filter;
  let to = 0;
  for (const {first, size} of blocksOf(bias.length)) {
    for (let c = 0; c < size; c++) into[to + c] = bias[first + c];
    to += size;
    if (size === BLOCK) {
      for (let tap = 0; tap < starts.length; tap++, to += size)
        packTap(filter, scale, tap, first, size, into, to, 1);
    } else {
      for (let run = 0; run < starts.length; run += runFloats) {
        for (let i = 0; i < runFloats; i += LANES, to += LANES * size) {
          const end = Math.min(LANES, runFloats - i);
          for (let lane = 0; lane < end; lane++)
            packTap(filter, scale, run + i + lane, first, size, into, to + lane, LANES);
        }
      }
    }
  }
}

/** The value of a tap for each channel of a block, `pitch` floats apart. */
function packTap(
  {values, starts, step}: Filter,
  scale: Affine['scale'],
  tap: number,
  first: number,
  size: number,
  into: Float32Array,
  to: number,
  pitch: number,
): void {
  const from = starts[tap] + first * step;
  for (let c = 0; c < size; c++) into[to + c * pitch] = values[from + c * step] * scale[first + c];
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

/** Values that a window reads. */
export const tapsIn = ({rows, runs, runBytes}: Runs): number => (rows * runs * runBytes) / 4;
