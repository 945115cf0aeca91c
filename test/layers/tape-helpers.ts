/** Convolution layers on a tape beside tfjs's own, whose gradients are taken on cpu where a backend has none. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {
  IncrementalConv1D,
  IncrementalConv2D,
  IncrementalDepthwiseConv2D,
  IncrementalSeparableConv2D,
} from '../../src';
import type {BackendName} from '../backends';
import {batchOf, editedFrames, random} from './helpers';

export type Layer = layers.Layer;
export type Config = Record<string, unknown>;

/** tfjs's layer and ours, by name. */
export const makers = {
  conv2d: [(c: Config) => layers.conv2d(c as never), (c: Config) => new IncrementalConv2D(c as never)],
  conv1d: [(c: Config) => layers.conv1d(c as never), (c: Config) => new IncrementalConv1D(c as never)],
  depthwiseConv2d: [
    (c: Config) => layers.depthwiseConv2d(c as never),
    (c: Config) => new IncrementalDepthwiseConv2D(c as never),
  ],
  separableConv2d: [
    (c: Config) => layers.separableConv2d(c as never),
    (c: Config) => new IncrementalSeparableConv2D(c as never),
  ],
} as const satisfies Record<string, readonly [(config: Config) => Layer, (config: Config) => Layer]>;

export type Maker = keyof typeof makers;

export interface Pair {
  readonly plain: Layer;
  readonly ours: Layer;
}

/** Two layers, built for frames of this shape, with the same weights. */
export function pairFor(maker: Maker, config: Config, shape: readonly number[], seed = 1): Pair {
  const [plain, ours] = makers[maker].map((make) => make(config));
  return withSameWeights(plain, ours, shape, seed);
}

export function withSameWeights(plain: Layer, ours: Layer, shape: readonly number[], seed = 1): Pair {
  [plain, ours].forEach((layer) => build(layer, shape));
  setWeights([plain, ours], seed);
  return {plain, ours};
}

export function build(layer: Layer, shape: readonly number[]): void {
  tf.tidy(() => void layer.apply(tf.zeros([1, ...shape])));
}

/** Gives layers the same random weights. */
export function setWeights(all: readonly Layer[], seed: number): void {
  const next = random(seed);
  const values = all[0].getWeights().map(({size, shape}) => {
    const data = Float32Array.from({length: size}, () => next() - 0.5);
    return tf.tensor(data, shape);
  });
  all.forEach((layer) => layer.setWeights(values));
  tf.dispose(values);
}

/** A clip as one batch. */
export const clipOf = (shape: readonly number[], frames: number, seed = 1): tf.Tensor =>
  batchOf(shape, editedFrames(shape, frames, seed));

/** A loss that knows no symmetry. */
export function lossOf(y: tf.Tensor, seed = 1): tf.Scalar {
  const next = random(seed);
  const factors = tf.tensor(
    Float32Array.from({length: y.size}, () => next() - 0.5),
    y.shape,
  );
  return tf.sum(tf.mul(factors, tf.add(y, tf.square(y)))) as tf.Scalar;
}

export const variablesOf = ({trainableWeights}: Layer): tf.Variable[] =>
  trainableWeights.map((weight) => weight.read() as tf.Variable);

/** What a layer gives on a tape, and the gradients for its weights, as values. */
export function weightGradients(layer: Layer, x: tf.Tensor): Float32Array[] {
  const variables = variablesOf(layer);
  let given = new Float32Array();
  const {value, grads} = tf.variableGrads(() => {
    const y = layer.apply(x) as tf.Tensor;
    given = Float32Array.from(y.dataSync());
    return lossOf(y);
  }, variables);
  value.dispose();
  return [given, ...readAll(variables.map(({name}) => grads[name]))];
}

export function inputGradient(layer: Layer, x: tf.Tensor): Float32Array[] {
  return readAll([tf.grad((z) => lossOf(layer.apply(z) as tf.Tensor))(x)]);
}

/** Reads tensors and disposes them. */
export function readAll(tensors: readonly tf.Tensor[]): Float32Array[] {
  return tensors.map((tensor) => {
    const values = Float32Array.from(tensor.dataSync());
    tensor.dispose();
    return values;
  });
}

/** What tfjs itself gives: on cpu, where the backend is wasm, which has no gradients of convolutions. */
export async function byTfjs<T>(backend: BackendName, work: () => T): Promise<T> {
  if (backend !== 'wasm') return work();
  await tf.setBackend('cpu');
  const result = work();
  await tf.setBackend('wasm');
  return result;
}

/** Expects the same numbers to within a share of the largest. */
export function expectNear(
  actual: readonly Float32Array[],
  expected: readonly Float32Array[],
  share = 2e-5,
): void {
  expect(actual.map(({length}) => length)).toEqual(expected.map(({length}) => length));
  expected.forEach((values, i) => {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    const worst = values.reduce((most, value, k) => Math.max(most, Math.abs(value - actual[i][k])), 0);
    expect(worst / largest).toBeLessThanOrEqual(share);
    expect(actual[i].every(Number.isFinite)).toBe(true);
  });
}
