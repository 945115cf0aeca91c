/** What `withReuse` takes: tfjs's own models and layers, and a model that has reuse already. */
import {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {IncrementalConv2D, ReuseModel, withReuse, type ReuseOptions} from '../src';
import {useBackend} from './backends';
import {
  expectClose,
  plain,
  poke,
  scene,
  SHAPE as SIDES,
  smallModel,
  tensorOf,
  valuesOf,
} from './promises/helpers';
import {SHAPE, small} from './promises/small-graph';

beforeAll(() => useBackend('cpu'));

describe('a model that has reuse already', () => {
  test.each([[], [undefined], [{}]] as [ReuseOptions?][])(
    'gives another stream of it, with options %j',
    (...options) => {
      const model = smallModel();
      const first = withReuse(model, {policy: 'incremental'});
      const [a, b] = [scene(1), scene(2)];
      tf.dispose(first.predict(a));
      const second = withReuse(first, ...(options as []));
      expect(second).toBeInstanceOf(ReuseModel);
      expect(second.model).toBe(model);
      expectClose(valuesOf(second.predict(b)), plain(model, b));
      expect(second.lastFrame?.path).toBe('prime');
      expectClose(valuesOf(first.predict(poke(a, 1))), plain(model, a));
      expect(first.lastFrame?.path).toBe('incremental');
      first.dispose();
      expectClose(valuesOf(second.predict(poke(b, 1))), plain(model, b));
      second.dispose();
    },
  );

  test.each([{policy: 'dense'}, {threshold: 1}, null, 5])('refuses options of its own: %j', (options) => {
    const first = withReuse(smallModel());
    expect(() => withReuse(first as never, options as never)).toThrow(
      /wrapped already.*withReuse\(reuse.model, options\)/,
    );
    first.dispose();
  });

  test('is known where the other copy of the package made it', () => {
    const stream = {};
    class Other {
      stream = () => stream;
      predict = () => null;
    }
    Object.defineProperty(Other.prototype, Symbol.for('tfjs-reuse.ReuseModel'), {value: true});
    expect(withReuse(new Other() as never)).toBe(stream);
  });

  test('says so where it is disposed', () => {
    const first = withReuse(smallModel());
    first.dispose();
    expect(() => withReuse(first)).toThrow(/is disposed/);
  });
});

test('a layer that has reuse already gives another one around the same plain layer, with the options given', () => {
  const plainLayer = layers.conv2d({filters: 2, kernelSize: 3, inputShape: [...SIDES]});
  const once = withReuse(plainLayer, {threshold: 0.5});
  const twice = withReuse(once, {threshold: 0.25});
  expect(twice).not.toBe(once);
  expect(twice.getConfig()).toMatchObject({threshold: 0.25, layer: {className: 'Conv2D'}});
  const model = sequential({layers: [twice]});
  const x = tensorOf(scene());
  expectClose(valuesOf(twice.apply(x) as tf.Tensor), valuesOf(once.apply(x) as tf.Tensor));
  expect(model.weights).toHaveLength(2);
  expect(withReuse(new IncrementalConv2D({filters: 1, kernelSize: 3})).getConfig()).toMatchObject({
    layer: {className: 'Conv2D'},
  });
  x.dispose();
});

describe('a model with reuse', () => {
  const reuse = withReuse(smallModel());
  afterAll(() => reuse.dispose());

  test('bears its own name', () => {
    expect(reuse.constructor.name).toBe('ReuseModel');
  });

  test.each([{policy: 'dense'}, {}, true, null])('has no streams with options: %j', (options) => {
    const stream = (given?: unknown) => (reuse.stream as (given?: unknown) => ReuseModel)(given);
    expect(() => stream(options)).toThrow(
      /stream\(\) takes a key, .* no options.*; got .*withReuse\(reuse.model, options\)/,
    );
    stream(undefined).dispose();
  });

  const conv = () => layers.conv2d({filters: 2, kernelSize: 1, inputShape: [...SIDES]});
  const layer = reuse as never;

  test.each<[string, () => unknown]>([
    ['the first of a model', () => sequential({layers: [layer]})],
    ['a later one of a model', () => sequential({layers: [conv(), layer]})],
    ['one that is applied', () => (layer as layers.Layer).apply(input({shape: [...SIDES]}))],
    [
      'one within another',
      () => sequential({layers: [layers.timeDistributed({layer, inputShape: [2, ...SIDES]})]}),
    ],
  ])('is no layer, and says so where it is used as one: %s', (_what, use) => {
    expect(use).toThrow(/A model with reuse is no layer.*`model`, and wrap the whole/);
  });
});

test('models of another copy of tfjs, which are no instances of these classes', async () => {
  const own = smallModel();
  const foreign = new Proxy(own, {getPrototypeOf: () => null}) as LayersModel;
  const graph = await small().load();
  const foreignGraph = new Proxy(graph, {getPrototypeOf: () => null});
  const reuse = withReuse(foreign);
  expectClose(valuesOf(reuse.predict(scene())), plain(own, scene()));
  const graphReuse = withReuse(foreignGraph);
  const x = tf.ones(SHAPE);
  expectClose(valuesOf(graphReuse.predict(x)), valuesOf(graph.predict(x)));
  [x, reuse, graphReuse].forEach((one) => one.dispose());
});

const predict = () => null;

test.each<[string, unknown, RegExp]>([
  ['undefined', undefined, /got undefined\.$/],
  ['null', null, /got null\.$/],
  ['a number', 5, /got 5\.$/],
  [
    'a URL',
    'model.json',
    /got 'model.json'. Load it first: await tf.loadLayersModel\(url\), or tf.loadGraph/,
  ],
  ['an empty object', {}, /got \{\}\.$/],
  ['a model that is still loading', Promise.resolve(1), /got a Promise, which has to be awaited first\.$/],
  ['a predict function', predict, /got a function\.$/],
  ['an object with a predict', {predict}, /got \{predict\}.*TFSavedModel/],
  [
    'a TFSavedModel',
    new (class TFSavedModel {
      inputs = [];
      outputs = [];
      predict = predict;
      execute = predict;
      dispose = predict;
    })(),
    /got a TFSavedModel. Models that run outside of TensorFlow.js/,
  ],
  [
    'a TFLiteModel',
    new (class TFLiteModel {
      inputs = [];
      outputs = [];
      predict = predict;
    })(),
    /got a TFLiteModel. Models that run outside of TensorFlow.js/,
  ],
  [
    'a graph model that is not loaded',
    new GraphModel('model.json'),
    /got a GraphModel.*must have been loaded/,
  ],
  ['a model without layers', sequential(), /got a Sequential. A model without layers has no inputs yet/],
])('%s is refused, and what is taken is said', (_what, target, message) => {
  const refusal = () => withReuse(target as never);
  expect(refusal).toThrow(/takes a tf.LayersModel, a tf.GraphModel or a tf.layers.Layer; got/);
  expect(refusal).toThrow(message);
});
