/** Reading an activation, and what changed of it, out of the heap. */
import {Region} from '../../../region';
import type {Heap} from './heap';
import type {ValueLayout} from './layout';
import type {StreamState} from './state';

/** A copy of an activation's values, as a tensor of its shape holds them. */
export function readValues(heap: Heap, at: number, layout: ValueLayout, out?: Float32Array): Float32Array {
  const {height, width, channels, rowBytes, isTight} = layout;
  const values = out ?? new Float32Array(height * width * channels);
  const start = (at + layout.at) >>> 2;
  if (isTight) {
    values.set(heap.floats.subarray(start, start + values.length));
    return values;
  }
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    const from = start + y * (rowBytes >>> 2);
    values.set(heap.floats.subarray(from, from + row), y * row);
  }
  return values;
}

/** The pixels that changed in the last frame. */
export function regionOf(heap: Heap, {at}: StreamState, layout: ValueLayout, count: number): Region {
  const {height, width, mask, maskWords} = layout;
  if (count === 0) return Region.empty(height, width);
  const first = (at + mask) >>> 2;
  return new Region(height, width, Uint32Array.from(heap.ints.subarray(first, first + maskWords)));
}
