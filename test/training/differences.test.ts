/**
 * Gradients of recorded frames against differences of the loss in float64, along random directions: for every op, also
 * those whose gradients tfjs lacks or has wrong.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {importLayersModel} from '../../src/importers';
import type {Graph} from '../../src/graph';
import {useBackend} from '../backends';
import {
  applyEdit,
  buildNetwork,
  film,
  network,
  random,
  type Edit,
  type NetworkSpec,
} from '../properties/networks';
import {float64} from '../reference/float64';

/** Of equal values tf.max gives the gradient to each, so that it is no derivative. */
const untied = network.map((spec): NetworkSpec =>
  spec.head === 'globalMax' ? {...spec, head: 'globalAverage'} : spec,
);

const CASES = Math.min(150, Number(process.env['REUSE_CASES'] ?? 150));
const SEED = Number(process.env['REUSE_SEED'] ?? 1);
const FRAMES = 6;
const STEP = 1e-5;

type EngineName = 'wasm' | 'tfjs';
type Values = ReadonlyMap<string, Float64Array>;

function framesOf({input, seed}: NetworkSpec, edits: readonly Edit[]): Float32Array[] {
  const next = random(seed);
  const frame = Float32Array.from({length: input[0] * input[1] * input[2]}, () => next() * 2 - 1);
  return edits.slice(0, FRAMES).map((edit) => {
    applyEdit(frame, input, edit);
    return frame.slice();
  });
}

/** Sum of the outputs by random weights, and squares of their means over time: it couples frames. */
function weightsOf(length: number, seed: number): Float32Array {
  const next = random(seed);
  return Float32Array.from({length}, () => next() - 0.5);
}

function lossOf(outputs: tf.Tensor, seed: number): tf.Scalar {
  const weights = tf.tensor(weightsOf(outputs.size, seed), outputs.shape);
  const mean = tf.mean(outputs, 0);
  return tf.add(tf.sum(tf.mul(outputs, weights)), tf.sum(tf.mul(mean, mean))) as tf.Scalar;
}

/** The same loss in float64, with weights moved by `step` along a direction. */
function exactLoss(
  graph: Graph,
  frames: readonly Float32Array[],
  seed: number,
  direction: Values,
  step: number,
): number {
  const weights = graph.weights.map((weight) => {
    const values = Float64Array.from(weight.read().dataSync());
    direction.get(weight.name)?.forEach((slope, i) => (values[i] += step * slope));
    return {...weight, read: () => ({dataSync: () => values}) as unknown as tf.Tensor};
  });
  const outputs = frames.map((frame) => float64({...graph, weights}, [frame])[0]);
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
  {input, seed}: NetworkSpec,
  frames: readonly Float32Array[],
  engine: EngineName,
): Values {
  const reuse = withReuse(model, {engine});
  try {
    const episode = reuse.record();
    const gradients = new Map<string, Float64Array>();
    tf.tidy(() => {
      frames.forEach((frame) => reuse.predict(tf.tensor4d(frame, [1, ...input])));
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

function check(engine: EngineName, spec: NetworkSpec, edits: Edit[]): void {
  const model = buildNetwork(spec, 'cpu');
  try {
    fc.pre(model.trainableWeights.length > 0);
    const frames = framesOf(spec, edits);
    const gradients = recorded(model, spec, frames, engine);
    const graph = importLayersModel(model, [spec.input]);
    const next = random(spec.seed + 1);
    for (const [name, gradient] of gradients) {
      const direction = gradient.map(() => next() - 0.5);
      const moved = new Map([[name, direction]]);
      const difference =
        (exactLoss(graph, frames, spec.seed, moved, STEP) -
          exactLoss(graph, frames, spec.seed, moved, -STEP)) /
        (2 * STEP);
      const slope = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
      const scale = gradient.reduce((sum, value, i) => sum + Math.abs(value * direction[i]), 0);
      if (!(Math.abs(slope - difference) <= 1e-3 * scale + 1e-5))
        throw new Error(`${name}: ${slope} along a direction, ${difference} by differences, scale ${scale}.`);
    }
  } finally {
    model.dispose();
  }
}

beforeAll(() => useBackend('cpu'));

it.each(['wasm', 'tfjs'] as const)(
  `on the %s engine agree with differences in float64 in ${CASES} random networks`,
  (engine) => {
    fc.assert(
      fc.property(untied, film, (spec, edits) => check(engine, spec, edits)),
      {numRuns: CASES, seed: SEED},
    );
  },
  900_000,
);
