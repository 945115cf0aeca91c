/** Filters as the kernel of convolutions reads them: blocks of output channels, and taps as runs of values. */
import type {ResolvedWindow} from '../../../../region';
import type {ValueLayout} from '../../memory/layout';
import type {Affine} from './fold';

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
