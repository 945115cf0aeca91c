/** Reads pixels out of an activation: a list of pixels in, a tensor [pixels, channels] out. */
import type {TensorInfo} from '@tensorflow/tfjs-core';
import {bitsOf, type Storage} from './storage';

/** A pixel index that stands for padding. */
export const PADDING = -1;

export interface GatherAttrs {
  /** Row-major pixel indices; `PADDING` reads `fill`. */
  readonly pixels: Int32Array;
  readonly channels: number;
  readonly fill: number;
}

/** Below this many values a loop is faster than `TypedArray.set`. */
const LONG_RUN = 48;

export function gather(storage: Storage, x: TensorInfo, {pixels, channels, fill}: GatherAttrs): TensorInfo {
  const out = storage.output([pixels.length, channels], x.dtype);
  // Views are taken after the output exists: allocating it may have moved the heap.
  const target = storage.view(out);
  const from = bitsOf(storage.view(x));
  const to = bitsOf(target);
  for (let i = 0; i < pixels.length;) {
    const first = pixels[i];
    let run = 1;
    if (first === PADDING) {
      while (i + run < pixels.length && pixels[i + run] === PADDING) run++;
      target.fill(fill, i * channels, (i + run) * channels);
    } else {
      while (i + run < pixels.length && pixels[i + run] === first + run) run++;
      copy(from, first * channels, to, i * channels, run * channels);
    }
    i += run;
  }
  return out;
}

type Bits = Uint32Array | Uint8Array;

function copy(from: Bits, start: number, to: Bits, at: number, count: number): void {
  if (count >= LONG_RUN) {
    to.set(from.subarray(start, start + count), at);
    return;
  }
  for (let k = 0; k < count; k++) to[at + k] = from[start + k];
}
