/** Constants: weights as they are, and what the model folds of them. */
import * as tf from '@tensorflow/tfjs-core';
import {readWeight, isVariable} from '../../../src/graph';
import {
  constantOf,
  fold,
  graphWeight,
  nameOf,
  tensorOf,
  weightOf,
} from '../../../src/importers/graph/constants';
import {useBackend} from '../../backends';
import {externals, expectSameClip, graphOf} from './playing';
import {FLOAT, INT32, TfGraph} from './tf-graph';

beforeAll(() => useBackend('cpu'));

const at = (node: string, output = 0) => ({node, output});

async function load() {
  const graph = new TfGraph();
  const x = graph.input('x', [1, 4, 5, 3]);
  const scale = graph.floats([3], [1, 2, 3]);
  const doubled = graph.named('doubled', 'Mul', [scale, graph.floats([], [2])]);
  graph.node('Mul', [x, graph.named('rooted', 'Sqrt', [doubled])]);
  return {model: await graph.load(), scale};
}

test('a weight of the model, and none', async () => {
  const {model, scale} = await load();
  const weight = weightOf(model, at(scale))!;
  expect(weight).toMatchObject({shape: [3], dtype: 'float32', tensor: model.weights[scale][0]});
  expect([...weight.values()]).toEqual([1, 2, 3]);
  expect(weightOf(model, at('doubled'))).toBeNull();
  expect(weightOf(model, at(scale, 1))).toBeNull();
});

test('what follows from weights is computed by the model, and nothing is left behind', async () => {
  const {model} = await load();
  const before = tf.memory().numTensors;
  const [doubled, rooted] = fold(model, [at('doubled'), at('rooted')], []);
  expect([...doubled.values()]).toEqual([2, 4, 6]);
  expect(rooted.shape).toEqual([3]);
  expect(rooted.values()[1]).toBe(2);
  expect(tf.memory().numTensors).toBe(before);
});

test('what follows from more is fed', async () => {
  const {model} = await load();
  const [rooted] = fold(
    model,
    [at('rooted')],
    [constantOf(at('doubled'), [2], 'float32', Float32Array.of(9, 16))],
  );
  expect([...rooted.values()]).toEqual([3, 4]);
});

test('what has not a value for each place is no constant', async () => {
  const graph = new TfGraph();
  graph.input('x', [1, 4, 5, 3]);
  const whole = graph.floats([1, 2, 5, 3]);
  const crops = graph.integers([-2, 0, 0, 0], [2, 2]);
  graph.named('short', 'BatchToSpaceND', [whole, graph.integers([1, 1]), crops]);
  const model = await graph.load();
  const before = tf.memory().numTensors;
  expect(() => fold(model, [at('short')], [])).toThrow("'short' has no value for each place");
  expect(tf.memory().numTensors).toBe(before);
});

test('names of outputs', () => {
  expect(nameOf(at('a'))).toBe('a');
  expect(nameOf(at('a', 2))).toBe('a:2');
});

test('a tensor of a constant shares nothing with it', () => {
  const values = Float32Array.of(1, 2);
  const tensor = tensorOf(constantOf(at('a'), [2], 'float32', values));
  values[0] = 5;
  expect([...tensor.dataSync()]).toEqual([1, 2]);
  tensor.dispose();
});

describe('the graph’s weight for a constant', () => {
  test('is the model’s own tensor where nothing is changed', async () => {
    const {model, scale} = await load();
    const weight = graphWeight(weightOf(model, at(scale))!);
    expect(isVariable(weight)).toBe(true);
    expect([...readWeight(weight)]).toEqual([1, 2, 3]);
  });

  test('is worked out where values or shape are', async () => {
    const {model, scale} = await load();
    const constant = weightOf(model, at(scale))!;
    const changed = graphWeight(constant, [3], (values) => values.map((value) => -value));
    expect([...readWeight(changed)]).toEqual([-1, -2, -3]);
    expect([...constant.values()]).toEqual([1, 2, 3]);
    expect(graphWeight(constant, [1, 3]).shape).toEqual([1, 3]);
  });
});

test('arithmetic on constants and on shapes is no part of the plan', async () => {
  const graph = new TfGraph();
  const x = graph.node('Relu', [graph.input('x', [1, 4, 5, 3])]);
  const size = graph.node('Cast', [graph.node('Shape', [x], {out_type: INT32})], {SrcT: INT32, DstT: FLOAT});
  const half = graph.node('Mul', [size, graph.floats([], [0.5])]);
  graph.node('Mul', [x, graph.node('Sum', [half, graph.integers([0])], {keep_dims: false})]);
  const model = await graph.load();
  expect(externals(graphOf(model))).toEqual([]);
  expect(graphOf(model).nodes.length).toBeLessThanOrEqual(2);
  expectSameClip(model, {});
});

test('random constants are drawn anew by each frame', async () => {
  const graph = new TfGraph();
  const x = graph.node('Relu', [graph.input('x', [1, 4, 5, 3])]);
  const noise = graph.node('RandomUniform', [graph.integers([1, 4, 5, 3])], {
    dtype: FLOAT,
    seed: 0,
    seed2: 0,
  });
  graph.node('AddV2', [x, noise]);
  const model = await graph.load();
  const external = graphOf(model)
    .nodes.map(({op}) => op)
    .find(({kind}) => kind === 'external');
  expect(external).toMatchObject({pure: false});
});
