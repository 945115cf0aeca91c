/** The tolerance of each channel of a node with a threshold: given, or relative to the channel's RMS, and that RMS. */
import type {Threshold} from '../../engine';
import {finiteOr0, tolerancesOf} from '../../shared/thresholds';
import type {Heap} from './heap';
import type {ValueLayout} from './layout';
import {readValues} from './read';

/** Writes the tolerances of one output into a stream's block, from what it holds now. */
export function setTolerance(
  heap: Heap,
  at: number,
  offset: number,
  output: ValueLayout,
  threshold: Threshold,
): void {
  const {channels} = output;
  const first = (at + offset) >>> 2;
  const known = tolerancesOf(threshold);
  if (typeof known === 'number') heap.floats.fill(known, first, first + channels);
  else if (known) heap.floats.set(known, first);
  else {
    const {relative} = threshold as Exclude<Threshold, number>;
    channelRms(heap, at, output).forEach((rms, c) => (heap.floats[first + c] = finiteOr0(relative * rms)));
  }
}

/** The root mean square of each channel of what an output holds now. */
export function channelRms(heap: Heap, at: number, output: ValueLayout): Float32Array {
  const {channels} = output;
  const values = readValues(heap, at, output);
  const squares = new Float64Array(channels);
  for (let i = 0; i < values.length;)
    for (let c = 0; c < channels; c++, i++) squares[c] += values[i] * values[i];
  return Float32Array.from(squares, (sum) => Math.sqrt((sum * channels) / values.length));
}
