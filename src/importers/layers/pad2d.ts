/** Layers that pad an image with zeros, or crop it. */
import type {ValueId} from '../../graph';
import {emit, isNatural, type LayerImporter, type LayerUse, type Spatial} from './use';

type Sides = readonly [readonly [number, number], readonly [number, number]];

/** Adds a pad; a negative amount crops. */
function pad(use: LayerUse, [[top, bottom], [left, right]]: Sides, sign: 1 | -1): ValueId | null {
  if ((use.layer as unknown as Spatial).dataFormat !== 'channelsLast') return null;
  if (!isNatural([top, bottom, left, right], 0)) return null;
  return emit(use, {
    kind: 'pad2d',
    top: sign * top,
    bottom: sign * bottom,
    left: sign * left,
    right: sign * right,
  });
}

export const zeroPadding: LayerImporter = (use) =>
  pad(use, (use.layer as unknown as {padding: Sides}).padding, 1);

export const cropping: LayerImporter = (use) =>
  pad(use, (use.layer as unknown as {cropping: Sides}).cropping, -1);
