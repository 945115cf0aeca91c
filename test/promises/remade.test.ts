/** A model that is changed or disposed after it was wrapped: reuse gives what the model itself gives. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  sequential,
  type LayersModel,
  type Sequential,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../src';
import {useBackend} from '../backends';
import {randomize} from '../importers/helpers';
import {small} from './small-graph';
import {expectClose, scene, SHAPE, sidesInTurn, smallModel, tensorOf} from './helpers';

/** Makes a Sequential model compute what it is now: tfjs builds it once, at its first prediction, and not again. */
const rebuild = (model: Sequential) => void model.build(undefined as never);

function expectSame(reuse: ReuseModel<LayersModel>, seed = 1): void {
  tf.tidy(() => {
    const x = tensorOf(scene(seed));
    const [actual, expected] = [reuse.predict(x), reuse.model.predict(x)].map((out) =>
      [out as tf.Tensor].flat(),
    );
    expect(actual.map(({shape}) => shape)).toEqual(expected.map(({shape}) => shape));
    actual.forEach((tensor, i) => expectClose(tensor.dataSync(), expected[i].dataSync()));
  });
}

const conv = (name: string) => layers.conv2d({filters: 3, kernelSize: 3, padding: 'same', name});

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  const policies =
    engine === 'auto' ? (['incremental', 'auto', 'dense'] as const) : (['incremental'] as const);

  describe.each(policies)("with policy '%s'", (policy) => {
    const reusing = (model: LayersModel) => withReuse(model, {engine, policy});

    test('layers that are added and taken off, whenever tfjs builds the model', () => {
      const model = smallModel();
      const reuse = reusing(model);
      // It is not built yet: its first prediction does that.
      model.add(layers.dense({units: 3, name: 'more'}));
      for (let t = 0; t < 3; t++) expectSame(reuse, t);
      // tfjs goes on with what it built.
      model.add(layers.dense({units: 5, name: 'most'}));
      for (let t = 0; t < 2; t++) expectSame(reuse, t);
      rebuild(model);
      for (let t = 0; t < 3; t++) expectSame(reuse, t);
      model.pop();
      expectSame(reuse);
      model.pop();
      expectSame(reuse);
      rebuild(model);
      for (let t = 0; t < 3; t++) expectSame(reuse, t);
      expect(reuse.run(scene())).toHaveLength(4);
      reuse.dispose();
    });

    test('other outputs, as many or more', () => {
      const x = input({shape: [...SHAPE]});
      const first = conv('first').apply(x) as SymbolicTensor;
      const second = conv('second').apply(first) as SymbolicTensor;
      const model = modelOf({inputs: x, outputs: second});
      const reuse = reusing(model);
      for (let t = 0; t < 3; t++) expectSame(reuse, t);
      model.outputs = [first];
      for (let t = 0; t < 3; t++) expectSame(reuse, t);
      model.outputs[0] = second;
      expectSame(reuse);
      model.outputs = [second, first];
      for (let t = 0; t < 3; t++) expectSame(reuse, t);
      expect(() => reuse.run(scene())).toThrow(/has 1 and 2/);
      reuse.dispose();
    });

    test('a model within that is changed', () => {
      const inner = sequential({
        name: 'inner',
        layers: [layers.inputLayer({inputShape: [...SHAPE]}), conv('within')],
      });
      const model = sequential({layers: [inner, conv('after')]});
      randomize(model, 1);
      const reuse = reusing(model);
      for (let t = 0; t < 3; t++) expectSame(reuse, t);
      inner.add(layers.activation({activation: 'relu', name: 'late'}));
      for (let t = 0; t < 2; t++) expectSame(reuse, t);
      rebuild(inner);
      for (let t = 0; t < 3; t++) expectSame(reuse, t);
      reuse.dispose();
    });

    test('layers that are frozen, and weights that are set', () => {
      const model = smallModel();
      const reuse = reusing(model);
      for (let t = 0; t < 4; t++) {
        model.layers[0].trainable = t % 2 === 0;
        if (t > 1) randomize(model, t);
        for (let i = 0; i < 2; i++) expectSame(reuse, 3 * t + i);
      }
      reuse.dispose();
    });

    test('a model that is disposed says so in its own words', async () => {
      for (const model of [
        smallModel(),
        sequential({layers: [layers.activation({activation: 'relu', inputShape: [...SHAPE]})]}),
      ]) {
        const reuse = reusing(model);
        for (let t = 0; t < 3; t++) expectSame(reuse, t);
        model.dispose();
        const x = tensorOf(scene());
        let own = '';
        try {
          model.predict(x);
        } catch (error) {
          own = (error as Error).message;
        }
        expect(own).toMatch(/is already disposed/);
        for (let t = 0; t < 2; t++) expect(() => reuse.predict(x)).toThrow(own);
        expect(() => reuse.run(scene())).toThrow(own);
        expect(() => reuse.predict(x, {commit: false})).toThrow(own);
        await expect(reuse.predictAsync(x)).rejects.toThrow(own);
        x.dispose();
        reuse.dispose();
        expect(reuse.cache.bytes).toBe(0);
      }
    });

    test('a graph model that is disposed is named', async () => {
      const model = await small().load();
      const reuse = withReuse(model, {engine, policy});
      const x = tensorOf(scene());
      for (let t = 0; t < 3; t++) tf.dispose(reuse.predict(x));
      model.dispose();
      expect(() => reuse.predict(x)).toThrow(/GraphModel is disposed: its weights are gone. Load it anew/);
      expect(() => reuse.execute(x, 'relu')).toThrow(/is disposed/);
      await expect(reuse.executeAsync(x, 'relu')).rejects.toThrow(/is disposed/);
      reuse.dispose();
      x.dispose();
    });
  });

  test('streams of a model notice it each, and plans of what it was are given back', () => {
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const other = reuse.stream();
    [reuse, other, reuse].forEach((one) => expectSame(one));
    const {numTensors} = tf.memory();
    const {bytes} = reuse.cache;
    for (let t = 0; t < 4; t++) {
      model.add(layers.activation({activation: 'relu', name: `late${t}`}));
      rebuild(model);
      [reuse, other, reuse].forEach((one) => expectSame(one, t));
      model.pop();
      rebuild(model);
      [reuse, other].forEach((one) => expectSame(one, t));
      expect(tf.memory().numTensors).toBe(numTensors);
      expect(reuse.cache.bytes).toBe(bytes);
    }
    [reuse, other].forEach((one) => one.dispose());
  });
});
