/** Writes pixels into an activation where it lies, and says which of them changed. */
import type {TensorInfo} from '@tensorflow/tfjs-core';
import type {Region} from '../../../../region';
import {bitsOf, type Numbers, type Storage} from './storage';

/** How far a new value may be from the cached one and still leave it: for each channel, or for all alike. */
export type Tolerance = number | Float32Array;

export interface ScatterAttrs {
  /** Row-major indices of the pixels written, in the order of `values`. */
  readonly pixels: Int32Array;
  readonly channels: number;
  /** Null writes whatever differs in its bits. */
  readonly tolerance: Tolerance | null;
  /** Pixels that were written with another value are added to this region. */
  readonly changed: Region;
}

export function scatter(storage: Storage, target: TensorInfo, values: TensorInfo, attrs: ScatterAttrs): void {
  const {pixels, channels, tolerance, changed} = attrs;
  const {width} = changed;
  const old = storage.view(target);
  const next = storage.view(values);
  const to = bitsOf(old);
  const from = bitsOf(next);
  for (let i = 0, at = 0; i < pixels.length; i++, at += channels) {
    const pixel = pixels[i];
    const start = pixel * channels;
    let k = 0;
    while (k < channels && from[at + k] === to[start + k]) k++;
    if (k === channels) continue;
    if (tolerance !== null && isWithin(old, start, next, at, channels, tolerance)) continue;
    for (; k < channels; k++) to[start + k] = from[at + k];
    const y = (pixel / width) | 0;
    changed.add(y, pixel - y * width, 1);
  }
}

/** True only where every channel is within its tolerance, so that NaN never is. */
function isWithin(
  old: Numbers,
  start: number,
  next: Numbers,
  at: number,
  channels: number,
  tolerance: Tolerance,
): boolean {
  for (let k = 0; k < channels; k++) {
    const limit = typeof tolerance === 'number' ? tolerance : tolerance[k];
    if (!(Math.abs(next[at + k] - old[start + k]) <= limit)) return false;
  }
  return true;
}
