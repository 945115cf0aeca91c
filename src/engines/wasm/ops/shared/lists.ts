/** Addresses of the pixels that the listed ones are computed from. */
import type {Pair} from '../../../../region';
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

/** Addresses of the pixels that the listed ones copy, ((y + dy) / fh, (x + dx) / fw) of an input; 0 where there is none. */
export function listCopied(
  {kernels, scratch}: Setting,
  at: number,
  input: ValueLayout,
  first: number,
  count: number,
  [dy, dx]: Pair,
  [fh, fw]: Pair = [1, 1],
): void {
  kernels.addressSources(
    scratch.ys + 4 * first,
    scratch.xs + 4 * first,
    count,
    at + input.at,
    input.rowBytes,
    input.pixelBytes,
    input.height,
    input.width,
    dy,
    dx,
    fh,
    fw,
    scratch.sources,
  );
}
