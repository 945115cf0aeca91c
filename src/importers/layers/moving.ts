/** Layers that move values or leave them where they are: padding, upsampling, reshaping, and dropout at inference. */
import {reshapeTo, type ValueId} from '../../graph';
import {nearestRows} from '../asked';
import {emit, inputPlane, inputShape, type LayerImporter, type LayerImporters, type LayerUse} from '../use';

type Sides = readonly [readonly [number, number], readonly [number, number]];

interface Spatial {
  readonly dataFormat: string;
}

interface UpSampling extends Spatial {
  readonly size: readonly [number, number];
  readonly interpolation: 'nearest' | 'bilinear';
}

const isNatural = (sides: readonly number[], least: number): boolean =>
  sides.every((side) => Number.isInteger(side) && side >= least);

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

const zeroPadding: LayerImporter = (use) => pad(use, (use.layer as unknown as {padding: Sides}).padding, 1);

const cropping: LayerImporter = (use) => pad(use, (use.layer as unknown as {cropping: Sides}).cropping, -1);

const upSampling: LayerImporter = (use) => {
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

const flatten: LayerImporter = (use) => {
  if ((use.layer as unknown as Partial<Spatial>).dataFormat === 'channelsFirst') return null;
  const {height, width, channels} = inputPlane(use);
  return emit(use, reshapeTo([height * width * channels], inputPlane(use)));
};

const reshape: LayerImporter = (use) => {
  // The layer's own arithmetic fills in a side that its config left open.
  const [, ...shape] = use.layer.computeOutputShape([1, ...inputShape(use)]) as number[];
  // A vector keeps the pixels of what it was made from, as a flattened image does.
  return emit(use, shape.length === 1 ? reshapeTo(shape, inputPlane(use)) : reshapeTo(shape));
};

/** At inference these layers hand on what they are given. */
const nothing: LayerImporter = (use) => use.inputs[0];

export const movings: LayerImporters = {
  ZeroPadding2D: zeroPadding,
  Cropping2D: cropping,
  UpSampling2D: upSampling,
  Flatten: flatten,
  Reshape: reshape,
  Dropout: nothing,
  SpatialDropout1D: nothing,
  GaussianNoise: nothing,
  GaussianDropout: nothing,
  AlphaDropout: nothing,
};

/** Layers that neither compute nor care: any dtype goes through them. */
export const ANY_DTYPE: ReadonlySet<string> = new Set([
  'Flatten',
  'Reshape',
  'Dropout',
  'SpatialDropout1D',
  'GaussianNoise',
  'GaussianDropout',
  'AlphaDropout',
]);
