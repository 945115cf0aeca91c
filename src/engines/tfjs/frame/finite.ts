/** Whether what changed of a frame holds values that are not finite. Read on this side: only plans that must know ask. */
import type * as tf from '@tensorflow/tfjs-core';
import type {Region} from '../../../region';
import {areFinite, type Odd} from '../../shared/non-finite';
import type {RegionDelta} from './inputs';

type Values = Float32Array | Int32Array | Uint8Array;

export function holdsOdd(frame: readonly tf.Tensor[], {regions, downloaded}: RegionDelta, odd: Odd): boolean {
  return frame.some(
    (tensor, i) =>
      mayBeOdd(tensor, regions[i]) &&
      isOddIn(downloaded?.[i] ?? (tensor.dataSync() as Values), regions[i], odd),
  );
}

/** The same without blocking. */
export async function holdsOddSoon(
  frame: readonly tf.Tensor[],
  {regions, downloaded}: RegionDelta,
  odd: Odd,
): Promise<boolean> {
  for (let i = 0; i < frame.length; i++) {
    if (!mayBeOdd(frame[i], regions[i])) continue;
    const values = downloaded?.[i] ?? ((await frame[i].data()) as Values);
    if (isOddIn(values, regions[i], odd)) return true;
  }
  return false;
}

const mayBeOdd = ({dtype}: tf.Tensor, region: Region) => dtype === 'float32' && !region.isEmpty;

function isOddIn(values: Values, region: Region, odd: Odd): boolean {
  const channels = values.length / (region.height * region.width);
  for (const {y, x, length} of region.spans()) {
    const from = (y * region.width + x) * channels;
    const span = values.subarray(from, from + length * channels);
    if (odd === 'infinite' ? isInfiniteIn(span) : !areFinite(span)) return true;
  }
  return false;
}

function isInfiniteIn(values: Values): boolean {
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) === Infinity) return true;
  return false;
}
