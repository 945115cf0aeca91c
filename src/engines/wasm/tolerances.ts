/** The tolerance of each channel of a node with a threshold: given, or relative to the channel's RMS over a frame. */
import type {Threshold} from '../engine';
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
  if (typeof threshold === 'number') {
    heap.floats.fill(threshold, first, first + channels);
    return;
  }
  const values = readValues(heap, at, output);
  const pixels = values.length / channels;
  for (let c = 0; c < channels; c++) {
    let squares = 0;
    for (let i = c; i < values.length; i += channels) squares += values[i] * values[i];
    heap.floats[first + c] = threshold.relative * Math.sqrt(squares / pixels);
  }
}
