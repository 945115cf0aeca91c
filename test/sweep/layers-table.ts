/** The sweep's table: layers of LayersModels. */
import {layers} from '@tensorflow/tfjs-layers';
import {depthwiseBrokenOn, entry, fits, layer, type Entry} from './table';
import {PLANES} from './graph-windows';

type Pair = [number, number];
type Activation = 'relu';
const pair = ([a, b]: readonly [number, number]): Pair => [a, b];

const KERNELS = [
  [3, 3],
  [1, 1],
  [2, 2],
  [1, 5],
  [7, 4],
] as const;
const STRIDES = [
  [1, 1],
  [2, 2],
  [1, 3],
  [5, 3],
] as const;
const ACTIVATIONS = [
  'linear',
  'relu',
  'relu6',
  'elu',
  'selu',
  'sigmoid',
  'hardSigmoid',
  'softplus',
  'softsign',
  'tanh',
  'softmax',
  'logSoftmax',
  'gelu',
  'gelu_new',
  'mish',
  'swish',
] as const;
const RANKS = [
  [5, 7, 3],
  [1, 1, 1],
  [2, 2, 8],
  [1, 64, 5],
  [9],
  [1],
  [64],
  [6, 4],
  [1, 3],
  [3, 2, 2, 4],
] as const;

const conv2d = entry(
  'conv2d',
  {
    kernel: KERNELS,
    strides: STRIDES,
    dilations: [1, 2],
    padding: ['same', 'valid'],
    plane: PLANES,
    channels: [
      [3, 4],
      [8, 9],
    ],
    open: [false, true],
  },
  ({kernel, strides, dilations, padding, plane, channels: [from, filters], open}) =>
    fits(plane, kernel, [dilations, dilations], padding)
      ? layer(
          [[...plane, from]],
          () =>
            layers.conv2d({
              filters,
              kernelSize: pair(kernel),
              strides: pair(strides),
              dilationRate: dilations,
              padding,
            }),
          {open},
        )
      : null,
);

const activatedConv = entry(
  'activated convolution',
  {
    kind: ['conv2d', 'depthwise', 'separable', 'transposed', 'dense', 'conv1d'],
    activation: ACTIVATIONS,
    bias: [true, false],
    plane: PLANES.slice(0, 4),
    channels: [3, 8],
  },
  ({kind, activation, bias, plane, channels}) => {
    if (kind === 'conv1d' && plane[0] * plane[1] < 2) return null;
    const common = {activation: activation as Activation, useBias: bias};
    const made: Readonly<Record<string, () => unknown>> = {
      conv2d: () => layers.conv2d({filters: 4, kernelSize: 3, padding: 'same', ...common}),
      depthwise: () => layers.depthwiseConv2d({kernelSize: 3, padding: 'same', ...common}),
      separable: () => layers.separableConv2d({filters: 5, kernelSize: 2, padding: 'same', ...common}),
      transposed: () => layers.conv2dTranspose({filters: 3, kernelSize: 3, strides: 2, ...common}),
      dense: () => layers.dense({units: 5, ...common}),
      conv1d: () => layers.conv1d({filters: 5, kernelSize: 2, ...common}),
    };
    return layer([kind === 'conv1d' ? [plane[0] * plane[1], channels] : [...plane, channels]], made[kind]);
  },
);

const depthwise = entry(
  'depthwiseConv2d',
  {
    kernel: KERNELS,
    strides: STRIDES,
    dilations: [1, 2],
    padding: ['same', 'valid'],
    plane: PLANES,
    channels: [
      [3, 1],
      [1, 2],
      [8, 1],
      [5, 3],
    ],
  },
  ({kernel, strides, dilations, padding, plane, channels: [from, depthMultiplier]}) =>
    fits(plane, kernel, [dilations, dilations], padding)
      ? layer(
          [[...plane, from]],
          () =>
            layers.depthwiseConv2d({
              kernelSize: pair(kernel),
              strides: pair(strides),
              dilationRate: dilations,
              padding,
              depthMultiplier,
            }),
          {brokenOn: depthwiseBrokenOn([from, depthMultiplier], strides)},
        )
      : null,
);

const separable = entry(
  'separableConv2d',
  {
    kernel: KERNELS.slice(0, 4),
    strides: [1, 2, 3],
    dilations: [1, 2],
    padding: ['same', 'valid'],
    plane: PLANES.slice(0, 8),
    channels: [
      [3, 1],
      [1, 2],
      [8, 1],
    ],
  },
  ({kernel, strides, dilations, padding, plane, channels: [from, depthMultiplier]}) =>
    fits(plane, kernel, [dilations, dilations], padding)
      ? layer([[...plane, from]], () =>
          layers.separableConv2d({
            filters: 4,
            kernelSize: pair(kernel),
            strides,
            dilationRate: dilations,
            padding,
            depthMultiplier,
          }),
        )
      : null,
);

const transposed = entry(
  'conv2dTranspose',
  {
    kernel: KERNELS,
    strides: STRIDES,
    padding: ['same', 'valid'],
    plane: PLANES.slice(0, 8),
    channels: [
      [3, 4],
      [1, 1],
      [8, 5],
    ],
    open: [false, true],
  },
  ({kernel, strides, padding, plane, channels: [from, filters], open}) =>
    layer(
      [[...plane, from]],
      () => layers.conv2dTranspose({filters, kernelSize: pair(kernel), strides: pair(strides), padding}),
      {open},
    ),
);

const conv1d = entry(
  'conv1d',
  {
    kernel: [1, 2, 3, 5],
    strides: [1, 2, 3],
    dilations: [1, 2],
    padding: ['same', 'valid', 'causal'],
    steps: [1, 2, 3, 7, 64],
    channels: [
      [3, 4],
      [1, 1],
      [8, 9],
    ],
  },
  ({kernel, strides, dilations, padding, steps, channels: [from, filters]}) =>
    fits([steps], [kernel], [dilations], padding)
      ? layer([[steps, from]], () =>
          layers.conv1d({
            filters,
            kernelSize: kernel,
            strides,
            dilationRate: dilations,
            padding: padding as 'same',
          }),
        )
      : null,
);

const dense = entry(
  'dense',
  {units: [1, 3, 8, 64], shape: RANKS, bias: [true, false], open: [false, true]},
  ({units, shape, bias, open}) =>
    layer([shape], () => layers.dense({units, useBias: bias}), {open: open && shape.length > 1}),
);

const pools = entry(
  'pooling2d',
  {
    kind: ['max', 'average'],
    kernel: [...KERNELS, [5, 1], [13, 11]],
    strides: [...STRIDES, null],
    padding: ['same', 'valid'],
    plane: PLANES,
    channels: [3, 1, 8],
  },
  ({kind, kernel, strides, padding, plane, channels}) =>
    fits(plane, kernel, [1, 1], padding)
      ? layer([[...plane, channels]], () => {
          const config = {poolSize: pair(kernel), strides: strides && pair(strides), padding} as never;
          return kind === 'max' ? layers.maxPooling2d(config) : layers.averagePooling2d(config);
        })
      : null,
);

const pools1d = entry(
  'pooling1d',
  {
    kind: ['max', 'average'],
    size: [1, 2, 3, 5],
    strides: [1, 2, 3, null],
    padding: ['same', 'valid'],
    steps: [1, 2, 3, 7, 64],
    channels: [3, 1, 8],
  },
  ({kind, size, strides, padding, steps, channels}) =>
    fits([steps], [size], [1], padding)
      ? layer([[steps, channels]], () => {
          const config = {poolSize: size, strides, padding} as never;
          return kind === 'max' ? layers.maxPooling1d(config) : layers.averagePooling1d(config);
        })
      : null,
);

const globalPools = entry(
  'global pooling',
  {
    kind: ['max', 'average'],
    shape: [...PLANES.map((plane) => [...plane, 3]), [1, 1, 1], [7, 3, 8], [64, 5], [1, 3], [2, 1]],
    open: [false, true],
  },
  ({kind, shape, open}) =>
    layer(
      [shape],
      () => {
        if (shape.length === 3)
          return kind === 'max'
            ? layers.globalMaxPooling2d({} as never)
            : layers.globalAveragePooling2d({} as never);
        return kind === 'max' ? layers.globalMaxPooling1d({}) : layers.globalAveragePooling1d({});
      },
      {open},
    ),
);

const activations = entry(
  'activation layer',
  {activation: ACTIVATIONS, shape: RANKS},
  ({activation, shape}) => layer([shape], () => layers.activation({activation: activation as Activation})),
);

const units = entry(
  'rectifier layer',
  {
    kind: [
      'reLU',
      'reLU 6',
      'reLU 0.5',
      'reLU 0',
      'leakyReLU',
      'leakyReLU 0',
      'leakyReLU -0.5',
      'leakyReLU 2',
      'thresholdedReLU',
      'thresholdedReLU 0',
      'thresholdedReLU -1',
      'elu',
      'elu 2',
      'softmax',
      'softmax 1',
      'softmax 2',
    ],
    shape: RANKS,
  },
  ({kind, shape}) => {
    const [name, detail] = kind.split(' ');
    const number = detail === undefined ? undefined : Number(detail);
    const made: Readonly<Record<string, () => unknown>> = {
      reLU: () => layers.reLU({maxValue: number}),
      leakyReLU: () => layers.leakyReLU({alpha: number}),
      thresholdedReLU: () => layers.thresholdedReLU({theta: number}),
      elu: () => layers.elu({alpha: number}),
      softmax: () => layers.softmax({axis: number}),
    };
    return layer([shape], made[name]);
  },
);

const prelus = entry(
  'prelu',
  {
    sharedAxes: [null, [1, 2], [1], [2], [3], [1, 3], [2, 3], [1, 2, 3], [4]],
    shape: [...RANKS, [3, 3, 3], [4, 5, 3], [3, 1, 3], [2, 4, 1]],
    open: [false, true],
  },
  ({sharedAxes, shape, open}) => {
    if (sharedAxes?.some((axis) => axis > shape.length)) return null;
    return layer([shape], () => layers.prelu({sharedAxes: sharedAxes ? [...sharedAxes] : undefined}), {open});
  },
);

const norms = entry(
  'batchNormalization',
  {
    axis: [-1, 1, 2, 3],
    epsilon: [0.001, 1e-7],
    center: [true, false],
    scale: [true, false],
    shape: RANKS,
  },
  ({axis, epsilon, center, scale, shape}) =>
    axis > shape.length
      ? null
      : layer([shape], () => layers.batchNormalization({axis, epsilon, center, scale})),
);

const layerNorms = entry(
  'layerNormalization',
  {
    axis: [-1, 1, 2, 3],
    epsilon: [0.001, 1e-7],
    center: [true, false],
    scale: [true, false],
    shape: RANKS,
  },
  ({axis, epsilon, center, scale, shape}) =>
    axis > shape.length
      ? null
      : layer([shape], () => layers.layerNormalization({axis, epsilon, center, scale})),
);

const merges = entry(
  'merge',
  {
    kind: ['add', 'multiply', 'average', 'maximum', 'minimum', 'concatenate'],
    other: ['same', 'pixel', 'channel', 'one', 'row', 'step'],
    count: [2, 3],
    isFirst: [false, true],
    shape: RANKS,
  },
  ({kind, other, count, isFirst, shape}) => {
    const last = shape[shape.length - 1];
    const others: Readonly<Record<string, readonly number[] | null>> = {
      same: shape,
      pixel: shape.length === 3 ? [1, 1, last] : null,
      channel: shape.length === 3 ? [shape[0], shape[1], 1] : null,
      one: shape.map(() => 1),
      row: shape.length === 3 ? [1, shape[1], last] : null,
      step: shape.length === 2 ? [1, last] : null,
    };
    const own = others[other];
    if (own === null) return null;
    const all = isFirst ? [own, shape] : [shape, own];
    const shapes = count === 3 ? [...all, shape] : all;
    const made: Readonly<Record<string, () => unknown>> = {
      add: () => layers.add({}),
      multiply: () => layers.multiply({}),
      average: () => layers.average({}),
      maximum: () => layers.maximum({}),
      minimum: () => layers.minimum({}),
      concatenate: () => layers.concatenate({}),
    };
    return layer(shapes, made[kind]);
  },
);

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

export const LAYERS: readonly Entry[] = [
  conv2d,
  activatedConv,
  depthwise,
  separable,
  transposed,
  conv1d,
  dense,
  pools,
  pools1d,
  globalPools,
  activations,
  units,
  prelus,
  norms,
  layerNorms,
  merges,
  concats,
  padded,
  upsampled,
  shaped,
  distributed,
];
