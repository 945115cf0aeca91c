/**
 * Pictures at another size: the mean over the area of each new pixel along an axis that shrinks, linear interpolation
 * between pixel centres along one that grows. The aspect is not kept: a model sees its whole input filled.
 */
import type {Picture} from './pictures';

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** The old pixels that a new one is a weighted mean of, from `first` on. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** A picture of the size wanted already comes back as it is. */
export function resize(picture: Picture, {height, width}: Size): Picture {
  if (picture.height === height && picture.width === width) return picture;
  return {height, width, values: resizePlanes(picture.values, picture, {height, width}, 3)};
}

/** The same for any number of channels, which lie together for each pixel. */
export function resizePlanes(values: Uint8Array, from: Size, to: Size, channels: number): Uint8Array {
  const rows = tapsOf(from.height, to.height);
  const columns = tapsOf(from.width, to.width);
  const line = from.width * channels;
  const row = new Float64Array(line);
  const out = new Uint8Array(to.height * to.width * channels);
  rows.forEach(({first, weights}, y) => {
    row.fill(0);
    weights.forEach((weight, i) => {
      const start = (first + i) * line;
      for (let x = 0; x < line; x++) row[x] += weight * values[start + x];
    });
    writeRow(out, y * to.width * channels, row, columns, channels);
  });
  return out;
}

function writeRow(
  out: Uint8Array,
  start: number,
  row: Float64Array,
  columns: readonly Taps[],
  channels: number,
): void {
  columns.forEach(({first, weights}, x) => {
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i] * row[(first + i) * channels + channel];
      out[start + x * channels + channel] = Math.round(sum);
    }
  });
}

function tapsOf(from: number, to: number): Taps[] {
  const scale = from / to;
  const tapsAt = scale > 1 ? areaTaps : linearTaps;
  return Array.from({length: to}, (_, i) => tapsAt(i, scale, from));
}

function areaTaps(i: number, scale: number, from: number): Taps {
  const [start, end] = [i * scale, Math.min((i + 1) * scale, from)];
  const first = Math.floor(start);
  const weights: number[] = [];
  for (let pixel = first; pixel < end; pixel++) {
    weights.push((Math.min(pixel + 1, end) - Math.max(pixel, start)) / scale);
  }
  return {first, weights};
}

function linearTaps(i: number, scale: number, from: number): Taps {
  const centre = Math.min(Math.max((i + 0.5) * scale - 0.5, 0), from - 1);
  const first = Math.floor(centre);
  const share = centre - first;
  return {first, weights: share === 0 ? [1] : [1 - share, share]};
}
