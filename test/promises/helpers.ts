/** What the specifications of the promises share: a small network, frames that change a little, and comparisons. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel, type Sequential} from '@tensorflow/tfjs-layers';
import type {Prediction} from '../../src';
import {backends} from '../backends';
import {numbers, randomize} from '../importers/helpers';
import {atScale} from '../scale';

/** Every backend with the engine that 'auto' takes there, and with the portable one. */
export const sides = backends.flatMap((backend) =>
  (['auto', 'tfjs'] as const).map((engine) => ({backend, engine})),
);

/**
 * The sides for a file of tests: in a short run one of two halves, each with all backends and both engines. Files take
 * the halves in turn.
 */
export const sidesInTurn = (half: 0 | 1) =>
  sides.filter(({backend, engine}) => {
    const own = (backends.indexOf(backend) + (engine === 'tfjs' ? 1 : 0)) % 2;
    return own === half || atScale({short: false, ci: true, long: true});
  });

export const SHAPE = [8, 9, 2] as const;
export const SIZE = 8 * 9 * 2;

/** Two convolutions and a dense layer; `middle` goes between the convolutions. */
export function smallModel({
  seed = 1,
  middle,
  open = false,
}: {seed?: number; middle?: layers.Layer; open?: boolean} = {}): Sequential {
  const model = sequential();
  const inputShape = open ? [null, null, 2] : [...SHAPE];
  const first = {filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', name: 'first'} as const;
  model.add(layers.conv2d({...first, inputShape}));
  if (middle) model.add(middle);
  model.add(layers.conv2d({filters: 3, kernelSize: 3, strides: 2, name: 'second'}));
  if (!open) {
    model.add(layers.flatten({name: 'flat'}));
    model.add(layers.dense({units: 4, name: 'head'}));
  }
  randomize(model, seed);
  return model;
}

/** A frame to start from. */
export const scene = (seed = 1, size = SIZE) => numbers(size, seed);

/** Moves one pixel or two of a frame, another one for each t, in place. */
export function poke(frame: Float32Array, t: number): Float32Array {
  frame[(t * 7) % frame.length] += 0.25 + (t % 5) / 8;
  if (t % 3 === 0) frame[(t * 31 + 5) % frame.length] = ((t % 17) - 8) / 8;
  return frame;
}

/** A tensor of its own for a frame. */
export const tensorOf = (frame: Float32Array, rows = 1) => tf.tensor4d(frame.slice(), [rows, ...SHAPE]);

/** The values of a prediction of one output, in an array of their own; the prediction is disposed. */
export function valuesOf(prediction: Prediction | tf.Tensor | tf.Tensor[]): Float32Array {
  const tensor = prediction as tf.Tensor;
  const values = tensor.dataSync().slice() as Float32Array;
  tensor.dispose();
  return values;
}

/** What the model itself predicts for a frame. */
export function plain(model: LayersModel, frame: Float32Array, rows = 1): Float32Array {
  return tf.tidy(() => valuesOf(model.predict(tensorOf(frame, rows))));
}

/** Within 1e-5 of the largest magnitude expected. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = Array.from(expected).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - actual[i])),
    0,
  );
  expect(worst).toBeLessThanOrEqual(1e-5 * largest);
}

/** The tensors that a piece of work leaves behind. */
export function leftBy(work: () => void): number {
  const before = tf.memory().numTensors;
  work();
  return tf.memory().numTensors - before;
}
