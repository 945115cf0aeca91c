/** The tolerance of each channel of a node with a threshold: given, or relative to the channel's RMS, and that RMS. */
import type {Threshold} from '../../engine';
import {finiteOr0, tolerancesOf} from '../../shared/thresholds';
import type {ValueLayout} from './layout';
import type {Workplace} from './place';

/** Writes the tolerances of one output into a stream's block, from what it holds now. */
export function setTolerance(
  place: Workplace,
  at: number,
  offset: number,
  output: ValueLayout,
  threshold: Threshold,
): void {
  const {heap} = place;
  const {channels} = output;
  const first = (at + offset) >>> 2;
  const known = tolerancesOf(threshold);
  if (typeof known === 'number') heap.floats.fill(known, first, first + channels);
  else if (known) heap.floats.set(known, first);
  else {
    const {relative} = threshold as Exclude<Threshold, number>;
    channelRms(place, at, output).forEach((rms, c) => (heap.floats[first + c] = finiteOr0(relative * rms)));
  }
}

/** The root mean square of each channel of what an output holds now. */
export function channelRms(
  {kernels, heap, scratch}: Workplace,
  at: number,
  output: ValueLayout,
): Float32Array {
  const {height, width, channels, rowBytes} = output;
  // As long as nothing is computed, there is room for a pixel of doubles.
  const to = scratch.values;
  kernels.sumSquares(at + output.at, rowBytes, height, width, channels, to);
  const sums = new Float64Array(heap.octets.buffer, to, channels);
  return Float32Array.from(sums, (sum) => Math.sqrt(sum / (height * width)));
}
