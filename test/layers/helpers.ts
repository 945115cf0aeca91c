/** The layers under test, each beside tfjs's own; edited frames; and comparisons. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {
  IncrementalConv1D,
  IncrementalConv2D,
  IncrementalDepthwiseConv2D,
  IncrementalSeparableConv2D,
  withReuse,
} from '../../src';

type Layer = layers.Layer;
type Args = Record<string, unknown>;

export interface Kind {
  readonly name: string;
  /** A frame's shape. */
  readonly shape: number[];
  readonly config: Args;
  /** tfjs's own layer. */
  plain(args: Args): Layer;
  reusing(args: Args): Layer;
}

const conv2d = (args: Args) => layers.conv2d(args as never);
const conv1d = (args: Args) => layers.conv1d(args as never);
const depthwise = (args: Args) => layers.depthwiseConv2d(args as never);
const separable = (args: Args) => layers.separableConv2d(args as never);

/** The four classes, and `withReuse` on a layer. */
export const incremental: Kind[] = [
  {
    name: 'IncrementalConv2D',
    shape: [9, 8, 2],
    config: {
      filters: 3,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
      biasInitializer: 'randomNormal',
    },
    plain: conv2d,
    reusing: (args) => new IncrementalConv2D(args as never),
  },
  {
    name: 'IncrementalConv1D',
    shape: [12, 2],
    config: {filters: 4, kernelSize: 3, activation: 'tanh'},
    plain: conv1d,
    reusing: (args) => new IncrementalConv1D(args as never),
  },
  {
    name: 'IncrementalDepthwiseConv2D',
    shape: [8, 7, 2],
    config: {kernelSize: 3, depthMultiplier: 2, padding: 'same'},
    plain: depthwise,
    reusing: (args) => new IncrementalDepthwiseConv2D(args as never),
  },
  {
    name: 'IncrementalSeparableConv2D',
    shape: [8, 7, 2],
    config: {filters: 3, kernelSize: [3, 2], activation: 'elu'},
    plain: separable,
    reusing: (args) => new IncrementalSeparableConv2D(args as never),
  },
];

export const kinds: Kind[] = [
  ...incremental,
  {...incremental[0], name: 'withReuse(conv2d)', reusing: (args) => withReuse(conv2d(args))},
];

export function head(kind: Kind, layer: Layer): LayersModel {
  void kind;
  return sequential({
    layers: [layer, layers.flatten(), layers.dense({units: 3, biasInitializer: 'randomNormal'})],
  });
}

/** A sequential model that begins with the layer. */
export function sequentialOf(kind: Kind, make: (args: Args) => Layer, args: Args = {}): LayersModel {
  return head(kind, make({inputShape: kind.shape, ...kind.config, ...args}));
}

/** A functional model: the layer's result, and what comes of it, as two outputs. */
export function functionalOf(kind: Kind, layer: Layer): LayersModel {
  const x = input({shape: kind.shape});
  const y = layer.apply(x) as SymbolicTensor;
  const flat = layers.flatten().apply(y) as SymbolicTensor;
  return modelOf({inputs: x, outputs: [y, layers.dense({units: 2}).apply(flat) as SymbolicTensor]});
}

/** Two models with the same weights: tfjs's own, and the one with reuse. */
export function pairOf(kind: Kind, args: Args = {}): {plain: LayersModel; reusing: LayersModel} {
  const plain = sequentialOf(kind, kind.plain, args);
  const reusing = sequentialOf(kind, kind.reusing, args);
  shareValues(plain, reusing);
  return {plain, reusing};
}

/** Gives a model the weights of another. */
export function shareValues(from: LayersModel, to: LayersModel): void {
  to.setWeights(from.getWeights());
}

/** A small generator of numbers below 1, the same in every run. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Frames of which each is the one before with few values changed; every fifth is unchanged, every eleventh all new. */
export function editedFrames(shape: readonly number[], count: number, seed = 1): Float32Array[] {
  const next = random(seed);
  const size = shape.reduce((product, side) => product * side, 1);
  const frames = [Float32Array.from({length: size}, () => 2 * next() - 1)];
  for (let i = 1; i < count; i++) {
    const frame = frames[i - 1].slice();
    const edits = i % 5 === 0 ? 0 : i % 11 === 0 ? size : 1 + Math.floor(next() * 3);
    for (let k = 0; k < edits; k++) frame[Math.floor(next() * size)] = 2 * next() - 1;
    frames.push(frame);
  }
  return frames;
}

export function batchOf(shape: readonly number[], frames: readonly Float32Array[]): tf.Tensor {
  const values = new Float32Array(frames.length * frames[0].length);
  frames.forEach((frame, i) => values.set(frame, i * frame.length));
  return tf.tensor(values, [frames.length, ...shape]);
}

/** Expects tensors of the same shapes and, to within 1e-5 of the largest magnitude, values. Disposes both. */
export function expectSame(actual: tf.Tensor | tf.Tensor[], expected: tf.Tensor | tf.Tensor[]): void {
  const wanted = [expected].flat();
  const given = [actual].flat();
  expect(given.map(({shape}) => shape)).toEqual(wanted.map(({shape}) => shape));
  wanted.forEach((tensor, i) => expectClose(given[i].dataSync(), tensor.dataSync()));
  [...given, ...wanted].forEach((tensor) => tensor.dispose());
}

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  const worst = Array.from(expected).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - actual[i])),
    0,
  );
  expect(actual.length).toBe(expected.length);
  expect(worst).toBeLessThanOrEqual(1e-5 * largest);
}

/** Expects both models to have equal weights. */
export function expectSameWeights(actual: LayersModel, expected: LayersModel): void {
  const wanted = expected.getWeights();
  actual.getWeights().forEach((weight, i) => expectClose(weight.dataSync(), wanted[i].dataSync()));
}

/** The message of the error that some work ends in, or 'no error'. */
export const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
};
