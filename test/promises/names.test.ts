/** Names that every object answers to, as a layer, an input or an output may bear them, mean nothing but what bears them. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseOptions} from '../../src';
import {useBackend} from '../backends';
import {TfGraph, windowed} from '../importers/graph/tf-graph';
import {randomize} from '../importers/helpers';
import {expectClose, plain, poke, scene, SHAPE, valuesOf} from './helpers';

const NAMES = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'];

const modelOf = (first: string, second: string) => {
  const model = sequential({
    layers: [
      layers.conv2d({
        filters: 3,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        name: first,
        inputShape: [...SHAPE],
      }),
      layers.conv2d({filters: 2, kernelSize: 3, name: second}),
    ],
  });
  randomize(model, 5);
  return model;
};

beforeAll(() => useBackend('cpu'));

describe.each(NAMES)('%s', (name) => {
  test.each(['wasm', 'tfjs'] as const)(
    'as a layer is exact where no threshold was asked for it, on %s',
    (engine) => {
      const options = {engine, policy: 'incremental', threshold: {nodes: {second: 0}}} as const;
      const [model, other] = [modelOf(name, 'second'), modelOf('first', 'second')];
      const [reuse, plainly] = [withReuse(model, options), withReuse(other, options)];
      const frame = scene();
      for (let t = 0; t < 4; t++) {
        expectClose(valuesOf(reuse.predict(poke(frame, t))), plain(model, frame));
        tf.dispose(plainly.predict(frame));
        const pixels = ({lastFrame}: typeof reuse) =>
          lastFrame!.layers.map(({computed, changed}) => [computed, changed]);
        expect(pixels(reuse)).toEqual(pixels(plainly));
      }
      reuse.summary(() => undefined);
      reuse.dispose();
      plainly.dispose();
    },
  );

  test('as a layer has the threshold that was asked for it, after a detour through JSON too', () => {
    const model = modelOf(name, 'second');
    const options = JSON.parse(
      `{"policy": "incremental", "threshold": {"nodes": {"${name}": 1e9}}}`,
    ) as ReuseOptions;
    const reuse = withReuse(model, options);
    const frame = scene();
    const first = valuesOf(reuse.predict(frame));
    for (let t = 0; t < 4; t++) expect(valuesOf(reuse.predict(poke(frame, t)))).toEqual(first);
    reuse.dispose();
  });

  test('as a threshold of a model that has no such layer is refused', () => {
    const options = JSON.parse(`{"threshold": {"nodes": {"${name}": 1}}}`) as ReuseOptions;
    const reuse = withReuse(modelOf('first', 'second'), options);
    expect(() => reuse.predict(scene())).toThrow(
      `threshold.nodes names '${name}', which the model does not have`,
    );
    reuse.dispose();
  });

  test('as a class of layers that nobody registered is refused', () => {
    const reuse = withReuse(layers.dense({units: 1})) as layers.Layer & {constructor: {fromConfig: unknown}};
    const {fromConfig} = reuse.constructor as unknown as {
      fromConfig: (cls: unknown, config: unknown) => unknown;
    };
    const config = {layer: {className: name, config: {}}};
    expect(() => fromConfig(reuse.constructor, config)).toThrow(`cannot load a layer of class '${name}'`);
  });
});

test('__proto__, which no layer can be called, as a threshold', () => {
  const options = JSON.parse('{"threshold": {"nodes": {"__proto__": 1}}}') as ReuseOptions;
  const reuse = withReuse(modelOf('first', 'second'), options);
  expect(() => reuse.predict(scene())).toThrow(
    "threshold.nodes names '__proto__', which the model does not have",
  );
  reuse.dispose();
});

/** Loaded from a graph whose input and op bear these names. */
async function graphOf(input: string, op: string) {
  const graph = new TfGraph();
  const x = graph.input(input, [1, 8, 9, 2]);
  graph.named('y', op, [graph.node('Conv2D', [x, graph.floats([3, 3, 2, 2])], windowed())]);
  return graph.load();
}

test.each(NAMES)('an op %s is none that a graph knows: the model refuses it', async (op) => {
  const model = await graphOf('x', op);
  const reuse = withReuse(model);
  const x = tf.ones([1, ...SHAPE]);
  expect(() => model.predict(x)).toThrow(`Unknown op '${op}'`);
  expect(() => reuse.predict(x)).toThrow(`Unknown op '${op}'`);
  x.dispose();
  reuse.dispose();
});
