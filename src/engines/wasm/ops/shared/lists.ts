/** Addresses of the pixels that the listed ones are computed from. */
import type {Pair} from '../../../../region';
import {bind} from '../../kernels';
import type {ValueLayout} from '../../memory/layout';
import type {Setting} from './op';

/** Addresses of the listed pixels of a plane, in the list of sources or another one. */
export function listSources(
  {kernels, scratch}: Setting,
  at: number,
  layout: ValueLayout,
  first: number,
  count: number,
  list = scratch.sources,
): void {
  const skip = 4 * first;
  kernels.addressPixels(
    scratch.ys + skip,
    scratch.xs + skip,
    count,
    at + layout.at,
    layout.rowBytes,
    layout.pixelBytes,
    list,
  );
}

/** Lists the addresses of the pixels that the listed ones copy, ((y + dy) / fh, (x + dx) / fw) of an input; 0 where there is none. */
export function copiedList(
  {kernels, scratch}: Setting,
  input: ValueLayout,
  [dy, dx]: Pair,
  [fh, fw]: Pair = [1, 1],
): (at: number, first: number, count: number) => void {
  const {ys, xs, sources} = scratch;
  const list = bind.addressSources(kernels, {...input, dy, dx, fh, fw, to: sources});
  return (at, first, count) => list(ys + 4 * first, xs + 4 * first, count, at + input.at);
}

/** Where to cut the list from `first` on, at `end` or before: between two rows of tiles if that can be, for those that are cut in two are computed twice. */
export function endOfTiles(
  {heap, scratch}: Pick<Setting, 'heap' | 'scratch'>,
  first: number,
  end: number,
  count: number,
): number {
  if (end === count) return end;
  const rowOf = (pixel: number) => heap.ints[(scratch.ys >>> 2) + pixel] >> 1;
  let whole = end;
  while (whole > first && rowOf(whole - 1) === rowOf(end)) whole--;
  return whole > first ? whole : end;
}
