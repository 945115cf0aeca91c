/** Training models whose convolutions go frame by frame: `fit` on consecutive frames ends where the plain model's does. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {WasmProgram} from '../../src/engines/wasm/program';
import {backends, useBackend, type BackendName} from '../backends';
import {turnOf} from '../scale';
import {batchOf, editedFrames, random} from './helpers';
import {expectNear, makers, type Config, type Maker} from './tape-helpers';

jest.mock('../../src/layers/tape/pays', () => ({pays: () => true}));

const SHAPE = [10, 10, 2];
const FRAMES = 24;

/** Builds a model with tfjs's layers (0) or ours (1). */
type Build = (which: 0 | 1) => LayersModel;

const make = (which: 0 | 1, maker: Maker, config: Config) => makers[maker][which](config);

const models: Record<string, Build> = {
  'two convolutions and a pool': (which) =>
    sequential({
      layers: [
        make(which, 'conv2d', {filters: 4, kernelSize: 3, activation: 'relu', inputShape: SHAPE}),
        layers.maxPooling2d({poolSize: 2}),
        make(which, 'conv2d', {filters: 6, kernelSize: 2, activation: 'elu', kernelRegularizer: 'l1l2'}),
        layers.flatten(),
        layers.dense({units: 3}),
      ],
    }),
  'a separable convolution': (which) =>
    sequential({
      layers: [
        make(which, 'separableConv2d', {filters: 4, kernelSize: 3, activation: 'relu', inputShape: SHAPE}),
        layers.flatten(),
        layers.dense({units: 3}),
      ],
    }),
  'a depthwise convolution': (which) =>
    sequential({
      layers: [
        make(which, 'depthwiseConv2d', {kernelSize: 3, depthMultiplier: 2, inputShape: SHAPE}),
        layers.globalAveragePooling2d({}),
        layers.dense({units: 3}),
      ],
    }),
  'a convolution that is used twice': (which) => {
    const x = input({shape: SHAPE});
    const shared = make(which, 'conv2d', {filters: 2, kernelSize: 3, padding: 'same', activation: 'tanh'});
    const y = shared.apply(shared.apply(x)) as SymbolicTensor;
    const flat = layers.flatten().apply(y) as SymbolicTensor;
    return modelOf({inputs: x, outputs: layers.dense({units: 3}).apply(flat) as SymbolicTensor});
  },
};

interface Trained {
  readonly losses: Float32Array;
  readonly weights: Float32Array[];
}

async function train(model: LayersModel, weights: readonly Float32Array[]): Promise<Trained> {
  model.setWeights(model.getWeights().map(({shape}, i) => tf.tensor(weights[i], shape)));
  model.compile({optimizer: tf.train.momentum(0.02, 0.9), loss: 'meanSquaredError'});
  const x = batchOf(SHAPE, editedFrames(SHAPE, FRAMES));
  const y = tf.randomUniform([FRAMES, 3], -1, 1, 'float32', 5);
  const {history} = await model.fit(x, y, {epochs: 4, batchSize: 10, shuffle: false, verbose: 0});
  return {
    losses: Float32Array.from(history['loss'] as number[]),
    weights: model.getWeights().map((weight) => Float32Array.from(weight.dataSync())),
  };
}

async function trainPlain(backend: BackendName, build: Build, weights: readonly Float32Array[]) {
  // tfjs's wasm backend trains no convolution of its own.
  await tf.setBackend(backend === 'wasm' ? 'cpu' : backend);
  const trained = await train(build(0), weights);
  await tf.setBackend(backend);
  return trained;
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(turnOf(Object.entries(models), backend, backends))('fits %s as tfjs does', async (_name, build) => {
    const model = build(1);
    const next = random(11);
    const weights = model
      .getWeights()
      .map(({size}) => Float32Array.from({length: size}, () => 0.6 * next() - 0.3));
    const record = jest.spyOn(WasmProgram.prototype, 'record');
    const actual = await train(model, weights);
    expect(record).toHaveBeenCalled();
    record.mockRestore();
    const expected = await trainPlain(backend, build, weights);
    expectNear([actual.losses, ...actual.weights], [expected.losses, ...expected.weights], 1e-4);
    actual.weights.forEach((values, i) => expect(values).not.toEqual(weights[i]));
  });

  it('fits a model with a shuffled batch, too', async () => {
    const model = models['a separable convolution'](1);
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    const x = batchOf(SHAPE, editedFrames(SHAPE, FRAMES));
    const {history} = await model.fit(x, tf.zeros([FRAMES, 3]), {epochs: 5, verbose: 0});
    const losses = history['loss'] as number[];
    expect(losses[4]).toBeLessThan(losses[0]);
  });

  it('keeps no tensor over many steps of an optimizer', () => {
    const model = models['two convolutions and a pool'](1);
    const x = batchOf(SHAPE, editedFrames(SHAPE, 6));
    const optimizer = tf.train.adam(0.01);
    const step = () =>
      optimizer.minimize(
        () => tf.mean(tf.square(model.apply(x, {training: true}) as tf.Tensor)) as tf.Scalar,
      );
    step();
    const {numTensors} = tf.memory();
    for (let i = 0; i < 20; i++) step();
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
