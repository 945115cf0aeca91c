/** Back to what an entry of the log holds. */
import type {StreamState} from '../memory/state';
import type {Compiled} from '../schedule/compiled';
import type {Entry} from './undo-log';

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
