/** The sweep's table: layers with windows, and pools over the whole plane. */
import {layers} from '@tensorflow/tfjs-layers';
import {PLANES} from './graph-windows';
import {ACTIVATIONS, pair, type Activation} from './layer-settings';
import {depthwiseBrokenOn, entry, fits, layer, type Entry} from './table';

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

export const LAYER_WINDOWS: readonly Entry[] = [
  conv2d,
  activatedConv,
  depthwise,
  separable,
  transposed,
  conv1d,
  pools,
  pools1d,
  globalPools,
];
