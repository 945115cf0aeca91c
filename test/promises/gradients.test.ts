/** While a gradient tape is on, the plain differentiable model runs, and the cache is left alone. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse, type PredictInput, type Prediction} from '../../src';
import {backends, useBackend} from '../backends';
import {expectClose, plain, poke, scene, SHAPE, smallModel, tensorOf, valuesOf} from './helpers';

type Predict = (x: tf.Tensor) => Prediction;

function denseModel(): LayersModel {
  const model = sequential();
  model.add(layers.flatten({inputShape: [...SHAPE]}));
  model.add(layers.dense({units: 3, activation: 'tanh'}));
  return model;
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  /** tfjs's wasm backend trains no convolution, so there the head's weights have to do. */
  const variables = (model: LayersModel) =>
    model.trainableWeights
      .filter(({name}) => backend !== 'wasm' || name.startsWith('head'))
      .map((weight) => weight.read() as tf.Variable);

  function lossOf(predict: Predict, model: LayersModel, x: tf.Tensor): tf.Scalar {
    const error = tf.mean(tf.square(predict(x) as tf.Tensor));
    const regulariser = variables(model).map((weight) => tf.sum(tf.square(weight)));
    return tf.add(error, tf.mul(0.01, tf.addN(regulariser)));
  }

  test.each(['incremental', 'auto', 'dense'] as const)(
    "variableGrads equals the model's, with policy '%s'",
    (policy) => {
      const model = smallModel();
      const reuse = withReuse(model, {policy});
      const frame = scene();
      for (let t = 0; t < 4; t++) {
        tf.tidy(() => {
          expectClose(valuesOf(reuse.predict(tensorOf(poke(frame, t)))), plain(model, frame));
          const bytes = reuse.cache.bytes;
          const other = tensorOf(scene(50 + t));
          const gradsOf = (predict: Predict) =>
            tf.variableGrads(() => lossOf(predict, model, other), variables(model));
          const actual = gradsOf((x) => reuse.predict(x));
          const expected = gradsOf((x) => model.predict(x));
          expectClose(actual.value.dataSync(), expected.value.dataSync());
          expect(Object.keys(actual.grads)).toEqual(Object.keys(expected.grads));
          for (const name of Object.keys(expected.grads)) {
            expectClose(actual.grads[name].dataSync(), expected.grads[name].dataSync());
          }
          expect(reuse.cache.bytes).toBe(bytes);
        });
      }
      expectClose(valuesOf(reuse.predict(poke(frame, 9))), plain(model, frame));
      reuse.dispose();
    },
  );

  test("grads by the input equal the model's, for tensors and a batch of them", () => {
    // Nor does it have what a convolution's gradient by its input comes with.
    const model = backend === 'wasm' ? denseModel() : smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    tf.dispose(reuse.predict(scene()));
    tf.tidy(() => {
      const x = tensorOf(scene(4, 2 * scene().length), 2);
      const gradOf = (predict: Predict) =>
        tf.grad((input) => tf.sum(tf.square(predict(input) as tf.Tensor)))(x);
      const actual = gradOf((input) => reuse.predict(input as PredictInput));
      expectClose(actual.dataSync(), gradOf((input) => model.predict(input)).dataSync());
    });
    const frame = poke(scene(), 1);
    expectClose(valuesOf(reuse.predict(frame)), plain(model, frame));
    expect(reuse.lastFrame?.path).toBe('incremental');
    reuse.dispose();
  });

  test('regions given for a frame that the tape saw are not forgotten', () => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    const frame = scene();
    tf.dispose(reuse.predict(frame));
    const pixel = (x: number) => {
      frame[2 * x] += 1;
      return {changed: [{y: 0, x, height: 1, width: 1}]};
    };
    tf.tidy(() => {
      const options = pixel(2);
      const x = tensorOf(frame);
      const loss = () => tf.sum(tf.square(reuse.predict(x, options) as tf.Tensor)) as tf.Scalar;
      tf.variableGrads(loss, variables(model));
    });
    expectClose(valuesOf(reuse.predict(frame, pixel(7))), plain(model, frame));
    reuse.dispose();
  });

  test('no tensor is left by gradients', () => {
    const model = smallModel();
    const reuse = withReuse(model, {policy: 'incremental'});
    tf.dispose(reuse.predict(scene()));
    const before = tf.memory().numTensors;
    for (let t = 0; t < 5; t++) {
      tf.tidy(
        () =>
          void tf.variableGrads(
            () => lossOf((x) => reuse.predict(x), model, tensorOf(scene(t))),
            variables(model),
          ),
      );
    }
    expect(tf.memory().numTensors).toBe(before);
    reuse.dispose();
  });

  test.each(['auto', 'tfjs'] as const)(
    'with engine %s, a gradient that fails leaves no more than with the model itself',
    (engine) => {
      const model = smallModel();
      const failing = tf.customGrad((x) => ({
        value: tf.clone(x as tf.Tensor),
        gradFunc: () => {
          throw new Error('no gradient');
        },
      }));
      const leftBy = (predict: Predict, done: () => void = () => undefined) => {
        const before = tf.memory().numTensors;
        const x = tensorOf(scene());
        const loss = () => tf.sum(failing(predict(x) as tf.Tensor)) as tf.Scalar;
        expect(() => tf.variableGrads(loss)).toThrow('no gradient');
        x.dispose();
        done();
        return tf.memory().numTensors - before;
      };
      const reuse = withReuse(model, {engine});
      // The first frame: its plan is made while the tape is on.
      const left = leftBy(
        (x) => reuse.predict(x),
        () => reuse.dispose(),
      );
      expect(left).toBe(leftBy((x) => model.predict(x)));
    },
  );
});
