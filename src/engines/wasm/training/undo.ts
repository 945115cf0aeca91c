/** Putting back what an entry of the log holds. */
import type {StreamState} from '../memory/state';
import type {Plan} from './plan';
import type {Entry} from './undo-log';

/** @param buffer where in the heap the entry fits */
export function undo(
  {compiled: {place, layouts}, kernels}: Plan,
  state: StreamState,
  {value, count, bytes}: Entry,
  buffer: number,
): void {
  const {at, rowBytes, pixelBytes, width, channels} = layouts[value];
  place.heap.octets.set(bytes, buffer);
  kernels.undoPixels(buffer, count, width, channels, state.at + at, rowBytes, pixelBytes);
}
