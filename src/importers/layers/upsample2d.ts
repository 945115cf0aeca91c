/** The layer that enlarges an image by whole factors. */
import {nearestRows} from '../asked';
import {emit, inputShape, isNatural, type LayerImporter, type Spatial} from './use';

interface UpSampling extends Spatial {
  readonly size: readonly [number, number];
  readonly interpolation: 'nearest' | 'bilinear';
}

export const upSampling: LayerImporter = (use) => {
  const {dataFormat, size, interpolation} = use.layer as unknown as UpSampling;
  if (dataFormat !== 'channelsLast' || !isNatural(size, 1)) return null;
  const enlarge = {kind: 'upsample2d', factor: [size[0], size[1]], interpolation} as const;
  if (interpolation !== 'nearest') return emit(use, enlarge);
  const tables = inputShape(use)
    .slice(0, 2)
    .map((from, axis) => enlargedRows(from, size[axis]));
  if (!tables.every((table) => table !== null)) return null;
  const [rows, columns] = tables;
  const isPlain = tables.every((table, axis) => table.every((row, i) => row === Math.floor(i / size[axis])));
  return emit(use, isPlain ? enlarge : {kind: 'gather2d', rows, columns, fill: 0});
};

const enlargedRows = (from: number, factor: number) =>
  nearestRows({from, to: from * factor, alignCorners: false, halfPixelCenters: false});
