/** Training a model with incremental layers is training the plain model: the same gradients, losses and weights. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {backends, useBackend} from '../backends';
import {turnOf} from '../scale';
import {
  batchOf,
  editedFrames,
  expectClose,
  expectSame,
  expectSameWeights,
  kinds,
  pairOf,
  type Kind,
} from './helpers';

// tfjs's wasm backend has no gradients of convolutions, for plain layers either.
const training = backends.filter((name) => name !== 'wasm');

/** Regularizers under the names that the kind's class has for them. */
function regularizersOf({name}: Kind): Record<string, string> {
  if (name.includes('Separable')) return {depthwiseRegularizer: 'l1l2', pointwiseRegularizer: 'l1l2'};
  return name.includes('Depthwise')
    ? {depthwiseRegularizer: 'l1l2'}
    : {kernelRegularizer: 'l1l2', biasRegularizer: 'l1l2'};
}

function dataFor(kind: Kind, frames: number, seed: number) {
  return {
    x: batchOf(kind.shape, editedFrames(kind.shape, frames, seed)),
    y: tf.randomUniform([frames, 3], -1, 1, 'float32', seed),
  };
}

// No optimizer that divides by the gradient's size, as Adam does: of a gradient close to 0 that leaves the rounding.
const compile = (model: LayersModel) =>
  model.compile({optimizer: tf.train.momentum(0.05, 0.9), loss: 'meanSquaredError'});

describe.each(training)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(turnOf(kinds, backend, training))('$name', (kind: Kind) => {
    it('fits as the plain model does, and predicts with the new weights', async () => {
      const models = pairOf(kind, regularizersOf(kind));
      const {x, y} = dataFor(kind, 24, 1);
      const validation = dataFor(kind, 10, 2);
      // A cache that was filled before has to notice.
      expectSame(models.reusing.predict(x), models.plain.predict(x));
      const histories = [];
      for (const model of [models.plain, models.reusing]) {
        compile(model);
        const options = {
          epochs: 3,
          batchSize: 8,
          shuffle: false,
          verbose: 0,
          validationData: [validation.x, validation.y] as [tf.Tensor, tf.Tensor],
        };
        histories.push((await model.fit(x, y, options)).history);
      }
      const [plain, reusing] = histories;
      expectClose(reusing['loss'] as number[], plain['loss'] as number[]);
      expectClose(reusing['val_loss'] as number[], plain['val_loss'] as number[]);
      expectSameWeights(models.reusing, models.plain);
      expectSame(models.reusing.predict(x), models.plain.predict(x));
      expectSame(models.reusing.evaluate(x, y) as tf.Scalar, models.plain.evaluate(x, y) as tf.Scalar);
    });

    it('trains batch by batch between predictions', async () => {
      const {plain, reusing} = pairOf(kind);
      [plain, reusing].forEach(compile);
      const {x, y} = dataFor(kind, 6, 3);
      for (let i = 0; i < 5; i++) {
        const losses = [await reusing.trainOnBatch(x, y), await plain.trainOnBatch(x, y)] as number[];
        expectClose([losses[0]], [losses[1]]);
        expectSame(reusing.predict(x), plain.predict(x));
      }
      expectSameWeights(reusing, plain);
    });

    it('has the gradients of the plain model, for weights and for inputs, and leaves the cache alone', () => {
      const {plain, reusing} = pairOf(kind);
      const frames = editedFrames(kind.shape, 4, 4).map((frame) => batchOf(kind.shape, [frame]));
      for (const x of frames) {
        expectSame(reusing.predict(x), plain.predict(x));
        const gradientsOf = (model: LayersModel) => {
          const {value, grads} = tf.variableGrads(
            () => tf.sum(tf.square(model.apply(x) as tf.Tensor)) as tf.Scalar,
          );
          const byWeight = model.trainableWeights.map((weight) => grads[(weight.read() as tf.Variable).name]);
          return [value, ...byWeight];
        };
        expectSame(gradientsOf(reusing), gradientsOf(plain));
        const inputGradient = (model: LayersModel) =>
          tf.grad((z) => tf.sum(tf.square(model.apply(z) as tf.Tensor)))(x);
        expectSame(inputGradient(reusing), inputGradient(plain));
      }
    });

    it('does not train what is frozen', async () => {
      const {plain, reusing} = pairOf(kind);
      for (const model of [plain, reusing]) {
        model.layers[0].trainable = false;
        compile(model);
      }
      const before = reusing.layers[0].getWeights().map((weight) => weight.dataSync().slice());
      const {x, y} = dataFor(kind, 4, 5);
      for (const model of [plain, reusing]) await model.fit(x, y, {epochs: 2, shuffle: false, verbose: 0});
      reusing.layers[0].getWeights().forEach((weight, i) => expect(weight.dataSync()).toEqual(before[i]));
      expectSameWeights(reusing, plain);
    });
  });

  it('layers that compute otherwise in training do so: dropout drops, batch norm learns its statistics', async () => {
    const build = (wrap: (layer: layers.Layer) => layers.Layer) =>
      sequential({
        layers: [
          wrap(layers.batchNormalization({inputShape: [4, 4, 2], momentum: 0.5})),
          wrap(layers.dropout({rate: 0.4, seed: 3})),
          layers.flatten(),
          layers.dense({units: 1}),
        ],
      });
    const plain = build((layer) => layer);
    const reusing = build((layer) => withReuse(layer));
    reusing.setWeights(plain.getWeights());
    const x = tf.randomUniform([8, 4, 4, 2], 1, 3, 'float32', 7);
    for (const model of [plain, reusing]) {
      model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
      await model.fit(x, tf.ones([8, 1]), {epochs: 2, shuffle: false, verbose: 0});
    }
    expectSameWeights(reusing, plain);
    expectSame(reusing.predict(x), plain.predict(x));
  });
});
