/** The gradients of recorded frames against differences of the loss in float64, along random directions. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {readWeight, type Graph, type Shape} from '../../src/graph';
import {importLayersModel} from '../../src/importers';
import {random} from '../properties/networks';
import {float64} from '../reference/float64';

export type EngineName = 'wasm' | 'tfjs';
/** The values of each input. */
export type Frame = readonly Float32Array[];
type Values = ReadonlyMap<string, Float64Array>;

const STEP = 1e-5;

function weightsOf(length: number, seed: number): Float32Array {
  const next = random(seed);
  return Float32Array.from({length}, () => next() - 0.5);
}

/** Sum of the outputs by random weights, and squares of their means over time: it couples frames. */
function lossOf(outputs: tf.Tensor, seed: number): tf.Scalar {
  const weights = tf.tensor(weightsOf(outputs.size, seed), outputs.shape);
  const mean = tf.mean(outputs, 0);
  return tf.add(tf.sum(tf.mul(outputs, weights)), tf.sum(tf.mul(mean, mean))) as tf.Scalar;
}

/** The same loss in float64, with weights moved by `step` along a direction. */
function exactLoss(
  graph: Graph,
  frames: readonly Frame[],
  seed: number,
  direction: Values,
  step: number,
): number {
  const weights = graph.weights.map((weight) => {
    const values = Float64Array.from(readWeight(weight));
    direction.get(weight.name)?.forEach((slope, i) => (values[i] += step * slope));
    return {...weight, read: () => ({dataSync: () => values}) as unknown as tf.Tensor};
  });
  const outputs = frames.map((frame) => float64({...graph, weights}, frame)[0]);
  const size = outputs[0].length;
  const factors = weightsOf(size * frames.length, seed);
  let loss = 0;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    outputs.forEach((output, t) => {
      loss += factors[t * size + i] * output[i];
      sum += output[i];
    });
    loss += (sum / frames.length) ** 2;
  }
  return loss;
}

function recorded(
  model: LayersModel,
  shapes: readonly Shape[],
  frames: readonly Frame[],
  engine: EngineName,
  seed: number,
): Values {
  const reuse = withReuse(model, {engine});
  const gradients = new Map<string, Float64Array>();
  try {
    tf.tidy(() => {
      frames.slice(0, 1).forEach((frame) => reuse.predict(tensorsOf(frame, shapes)));
      const episode = reuse.record();
      frames.forEach((frame) => reuse.predict(tensorsOf(frame, shapes)));
      const {grads} = episode.valueAndGrads((outputs) => lossOf(outputs as tf.Tensor, seed));
      Object.entries(grads).forEach(([name, tensor]) =>
        gradients.set(name, Float64Array.from(tensor.dataSync())),
      );
    });
    return gradients;
  } finally {
    reuse.dispose();
  }
}

const tensorsOf = (frame: Frame, shapes: readonly Shape[]): tf.Tensor[] =>
  frame.map((values, i) => tf.tensor(values, [1, ...shapes[i]]));

/** @throws where a gradient is not the slope that differences show */
export function checkSlopes(
  model: LayersModel,
  shapes: readonly Shape[],
  frames: readonly Frame[],
  engine: EngineName,
  seed: number,
): void {
  const gradients = recorded(model, shapes, frames, engine, seed);
  const graph = importLayersModel(model, shapes);
  const next = random(seed + 1);
  for (const [name, gradient] of gradients) {
    const direction = gradient.map(() => next() - 0.5);
    const moved = new Map([[name, direction]]);
    const difference =
      (exactLoss(graph, frames, seed, moved, STEP) - exactLoss(graph, frames, seed, moved, -STEP)) /
      (2 * STEP);
    const slope = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
    const scale = gradient.reduce((sum, value, i) => sum + Math.abs(value * direction[i]), 0);
    if (!(Math.abs(slope - difference) <= 1e-3 * scale + 1e-5))
      throw new Error(`${name}: ${slope} along a direction, ${difference} by differences, scale ${scale}.`);
  }
}
