/** A changed weight is noticed, and the next frame is computed in full; so are another backend and another input shape. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {backends, useBackend} from '../backends';
import {numbers} from '../importers/helpers';
import {expectClose, plain, poke, scene, sidesInTurn, smallModel, tensorOf, valuesOf} from './helpers';

/** A layer of the user's own, which computes itself: a weight for each channel. */
class Scale extends layers.Layer {
  static className = 'PromisesScale';
  override build(inputShape: number[]): void {
    this.addWeight('scale', [inputShape[3]], 'float32', {
      apply: (shape: number[]) => tf.ones(shape),
    } as never);
    super.build(inputShape);
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0], this.weights[0].read());
  }
  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
  override getClassName(): string {
    return Scale.className;
  }
}

const assign = (model: LayersModel, seed: number, at?: number) =>
  tf.tidy(() => {
    const values = model.getWeights().map((weight, i) => {
      if (at !== undefined && i !== at) return weight;
      return tf.tensor(numbers(weight.size, seed + i), weight.shape);
    });
    model.setWeights(values);
  });

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  describe.each(['incremental', 'auto'] as const)("with policy '%s'", (policy) => {
    test('setWeights is noticed by every stream that shares the plan', () => {
      const model = smallModel();
      const first = withReuse(model, {engine, policy});
      const second = first.stream();
      const frame = scene();
      for (let t = 0; t < 12; t++) {
        if (t % 3 === 2) assign(model, t, t % 6);
        poke(frame, t);
        expectClose(valuesOf(first.predict(frame)), plain(model, frame));
        expectClose(valuesOf(second.predict(frame)), plain(model, frame));
      }
      [first, second].forEach((reuse) => reuse.dispose());
    });

    test("a weight of the user's own layer is noticed", () => {
      const middle = new Scale({name: 'own'});
      const model = smallModel({middle});
      const reuse = withReuse(model, {engine, policy});
      const frame = scene();
      expectClose(valuesOf(reuse.predict(frame)), plain(model, frame));
      middle.setWeights([tf.tensor1d([2, -1, 0.5, 3])]);
      expectClose(valuesOf(reuse.predict(frame)), plain(model, frame));
      reuse.dispose();
    });
  });

  test('a step of an optimizer is noticed', () => {
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const frame = scene();
    // tfjs's wasm backend trains no convolution.
    const variables = model.trainableWeights
      .filter(({name}) => backend !== 'wasm' || name.startsWith('head'))
      .map((weight) => weight.read() as tf.Variable);
    const optimizer = tf.train.sgd(1e-4);
    for (let t = 0; t < 5; t++) {
      const before = valuesOf(reuse.predict(poke(frame, t)));
      expectClose(before, plain(model, frame));
      tf.tidy(() => {
        const x = tensorOf(frame);
        const loss = () => tf.mean(tf.square(tf.sub(reuse.predict(x) as tf.Tensor, 1))) as tf.Scalar;
        optimizer.minimize(loss, false, variables);
      });
      const after = valuesOf(reuse.predict(frame, {changed: []}));
      expectClose(after, plain(model, frame));
      expect(after).not.toEqual(before);
    }
    reuse.dispose();
  });

  test('another input shape is another plan, and back again', () => {
    const model = smallModel({open: true});
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    for (const [t, side] of [6, 6, 9, 9, 6, 6, 7].entries()) {
      tf.tidy(() => {
        const x = tf.tensor4d(numbers(side * 8 * 2, t), [1, side, 8, 2]);
        expectClose(valuesOf(reuse.predict(x)), valuesOf(model.predict(x) as tf.Tensor));
      });
    }
    reuse.dispose();
  });

  test('regions given for a frame of another shape are of no use for the next one', () => {
    const model = smallModel({open: true});
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const small = numbers(6 * 8 * 2);
    const x = () => tf.tensor4d(small.slice(), [1, 6, 8, 2]);
    tf.tidy(() => {
      reuse.predict(x());
      reuse.predict(tf.tensor4d(numbers(9 * 8 * 2), [1, 9, 8, 2]));
      small[0] += 1;
      expect(() => reuse.predict(tf.zeros([1, 5, 5, 2]), {commit: false})).toThrow(/committed frame/);
      expectClose(valuesOf(reuse.predict(x(), {changed: []})), valuesOf(model.predict(x()) as tf.Tensor));
    });
    reuse.dispose();
  });
});

test.each([
  {engine: 'auto', policy: 'incremental'},
  {engine: 'auto', policy: 'auto'},
  {engine: 'tfjs', policy: 'incremental'},
  {engine: 'tfjs', policy: 'auto'},
] as const)(
  "another backend, and back again, with engine '$engine' and policy '$policy'",
  async ({engine, policy}) => {
    await useBackend('cpu');
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy});
    const other = reuse.stream();
    const frame = scene();
    const before = tf.memory().numTensors;
    for (const backend of [...backends, ...backends, ...backends.slice().reverse()]) {
      await useBackend(backend);
      for (let t = 0; t < 3; t++) {
        poke(frame, t);
        expectClose(valuesOf(reuse.predict(frame)), plain(model, frame));
        expectClose(
          valuesOf(other.predict(frame, {changed: t === 0 ? undefined : wholePlane})),
          plain(model, frame),
        );
      }
    }
    [reuse, other].forEach((one) => one.dispose());
    expect(tf.memory().numTensors).toBe(before);
  },
);

const wholePlane = [{y: 0, x: 0, height: 8, width: 9}];
