/** Reading an activation out of the heap. */
import type {Heap} from './heap';
import type {ValueLayout} from './layout';

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
