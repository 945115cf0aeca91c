/** The sweep's table: layers that move values, and layers over steps. */
import {layers} from '@tensorflow/tfjs-layers';
import {PLANES} from './graph-windows';
import {pair, RANKS, type Pair} from './layer-settings';
import {entry, fits, layer, type Entry} from './table';

const concats = entry(
  'concatenate',
  {
    axis: [-1, 1, 2, 3, -2, 4],
    shapes: [
      [
        [4, 5, 2],
        [4, 5, 1],
      ],
      [
        [4, 5, 2],
        [3, 5, 2],
      ],
      [
        [4, 5, 2],
        [4, 1, 2],
        [4, 2, 2],
      ],
      [
        [4, 5, 2],
        [4, 5, 2],
      ],
      [
        [4, 2],
        [3, 2],
      ],
      [
        [4, 2],
        [4, 3],
      ],
      [[4], [2], [3]],
      [[1], [1]],
      [
        [2, 2, 2, 2],
        [2, 2, 2, 1],
      ],
      [
        [1, 1, 1],
        [1, 1, 8],
      ],
    ],
  },
  ({axis, shapes}) => {
    // What joins the frames of a batch is refused.
    if (axis + shapes[0].length < 0) return null;
    return layer(shapes, () => layers.concatenate({axis}));
  },
);

const padded = entry(
  'padding and cropping',
  {
    kind: ['zeroPadding2d', 'cropping2D'],
    rows: [
      [0, 0],
      [1, 1],
      [2, 0],
      [0, 3],
    ],
    columns: [
      [0, 0],
      [1, 2],
      [4, 0],
    ],
    plane: PLANES,
    channels: [3, 1, 8],
  },
  ({kind, rows, columns, plane, channels}) => {
    const sides: [Pair, Pair] = [pair(rows), pair(columns)];
    const cropped = [rows, columns].map(([before, after]) => 1 + before + after);
    if (kind === 'cropping2D' && !fits(plane, cropped)) return null;
    return layer([[...plane, channels]], () =>
      kind === 'cropping2D' ? layers.cropping2D({cropping: sides}) : layers.zeroPadding2d({padding: sides}),
    );
  },
);

const upsampled = entry(
  'upSampling2d',
  {
    interpolation: ['nearest', 'bilinear'],
    rows: [2, 1, 3, 5, 41],
    columns: [2, 1, 3, 6, 47],
    plane: PLANES,
    channels: [2],
    open: [false, true],
  },
  ({interpolation, rows, columns, plane, channels, open}) => {
    if (rows * columns * plane[0] * plane[1] > 40_000) return null;
    return layer([[...plane, channels]], () => layers.upSampling2d({size: [rows, columns], interpolation}), {
      open,
    });
  },
);

const shaped = entry(
  'shape',
  {
    kind: [
      'flatten',
      'reshape -1',
      'reshape',
      'dropout',
      'spatialDropout1d',
      'gaussianNoise',
      'gaussianDropout',
      'alphaDropout',
      'permute',
      'repeatVector',
      'rescaling',
    ],
    shape: RANKS,
    order: ['channelsLast', 'channelsFirst'],
  },
  ({kind, shape, order}) => {
    const size = shape.reduce((product: number, side) => product * side, 1);
    const made: Readonly<Record<string, () => unknown>> = {
      flatten: () => layers.flatten({dataFormat: order}),
      'reshape -1': () => layers.reshape({targetShape: [-1]}),
      reshape: () => layers.reshape({targetShape: [1, size, 1]}),
      dropout: () => layers.dropout({rate: 0.5}),
      spatialDropout1d: () => layers.spatialDropout1d({rate: 0.5}),
      gaussianNoise: () => layers.gaussianNoise({stddev: 1}),
      gaussianDropout: () => layers.gaussianDropout({rate: 0.5}),
      alphaDropout: () => layers.alphaDropout({rate: 0.5}),
      permute: () => layers.permute({dims: shape.map((_, i) => shape.length - i)}),
      repeatVector: () => layers.repeatVector({n: 3}),
      rescaling: () => layers.rescaling({scale: 2, offset: 1}),
    };
    return layer([shape], made[kind]);
  },
);

const distributed = entry(
  'timeDistributed',
  {
    inner: ['dense', 'conv2d', 'maxPooling2d', 'flatten', 'prelu', 'batchNormalization', 'upSampling2d'],
    steps: [1, 2, 5],
    sides: [[5, 7, 3], [2, 2, 1], [6], [4, 3]],
  },
  ({inner, steps, sides}) => {
    if (inner.endsWith('2d') && (sides.length !== 3 || sides[0] < 2)) return null;
    const made: Readonly<Record<string, () => unknown>> = {
      dense: () => layers.dense({units: 3}),
      conv2d: () => layers.conv2d({filters: 4, kernelSize: 2, activation: 'relu'}),
      maxPooling2d: () => layers.maxPooling2d({}),
      flatten: () => layers.flatten(),
      prelu: () => layers.prelu({sharedAxes: [1]}),
      batchNormalization: () => layers.batchNormalization({}),
      upSampling2d: () => layers.upSampling2d({}),
    };
    return layer([[steps, ...sides]], () => layers.timeDistributed({layer: made[inner]() as layers.Layer}));
  },
);

export const LAYER_MOVES: readonly Entry[] = [concats, padded, upsampled, shaped, distributed];
