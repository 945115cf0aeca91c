/** What convolutions do with a finished sum. */
import {clamp1} from '../simd';

/** Stores `sum` within [low, high]; sets the flag where that is not bit for bit what was there. */
// @ts-ignore: decorator
@inline
export function replace(at: usize, sum: f32, low: f32, high: f32, flag: usize): void {
  const value = clamp1(sum, low, high);
  if (reinterpret<u32>(value) == load<u32>(at)) return;
  store<f32>(at, value);
  store<u8>(flag, load<u8>(flag) | 1);
}
