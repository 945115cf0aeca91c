/** Back to what an entry of the log holds. */
import type {Compiled} from '../compile';
import type {StreamState} from '../state';
import type {Entry} from './log';

/** @param room where in the heap the entry fits */
export function undo(
  {place, layouts}: Compiled,
  state: StreamState,
  {value, count, bytes}: Entry,
  room: number,
): void {
  const {at, rowBytes, pixelBytes, width, channels} = layouts[value];
  place.heap.octets.set(bytes, room);
  place.kernels.undoPixels(room, count, width, channels, state.at + at, rowBytes, pixelBytes);
}
