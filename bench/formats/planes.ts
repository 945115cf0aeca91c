/** Planes of pixels whose channels lie together, as planes of one channel after another, and back. */
import {transposed} from './folded';

/** @param dims of the result: batch, channels, height, width */
export function channelsFirst(
  values: Float32Array,
  [, channels, height, width]: readonly number[],
): Float32Array {
  return transposed(values, height * width, channels);
}

/** @param dims of what is given */
export function channelsLast(
  values: Float32Array,
  [, channels, height, width]: readonly number[],
): Float32Array {
  return transposed(values, channels, height * width);
}
