/** The sweep's table: layers that compute with values: dense, activations, norms, sums. */
import {layers} from '@tensorflow/tfjs-layers';
import {ACTIVATIONS, RANKS, type Activation} from './layer-settings';
import {entry, layer, type Entry} from './table';

const dense = entry(
  'dense',
  {units: [1, 3, 8, 64], shape: RANKS, bias: [true, false], open: [false, true]},
  ({units, shape, bias, open}) =>
    layer([shape], () => layers.dense({units, useBias: bias}), {open: open && shape.length > 1}),
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

export const LAYER_ARITHMETIC: readonly Entry[] = [
  dense,
  activations,
  units,
  prelus,
  norms,
  layerNorms,
  merges,
];
