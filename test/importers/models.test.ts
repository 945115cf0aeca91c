/** Whole models: how their layers hang together, what the graph's nodes are called, and what is left to tfjs. */
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf, sequential, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {isVariable} from '../../src/graph';
import {importLayer, importLayersModel} from '../../src/importers';
import {
  expectClose,
  expectSame,
  expectWellFormed,
  frameFor,
  kinds,
  nodeNamed,
  numbers,
  randomize,
  shapesOf,
  single,
} from './helpers';
import {interpret} from './interpret';

beforeAll(() => tf.setBackend('cpu'));

type Symbolic = SymbolicTensor;
const apply = (layer: unknown, inputs: Symbolic | Symbolic[]): Symbolic =>
  (layer as layers.Layer).apply(inputs) as Symbolic;
const conv = (name: string, filters = 2) => layers.conv2d({filters, kernelSize: 3, padding: 'same', name});

function game() {
  const model = sequential({name: 'game'});
  model.add(
    layers.conv2d({
      filters: 4,
      kernelSize: 4,
      strides: 2,
      inputShape: [12, 10, 3],
      activation: 'relu',
      name: 'a',
    }),
  );
  model.add(layers.dropout({rate: 0.2, name: 'drop'}));
  model.add(layers.conv2d({filters: 6, kernelSize: 3, name: 'b'}));
  model.add(layers.batchNormalization({name: 'norm'}));
  model.add(layers.activation({activation: 'relu', name: 'act'}));
  model.add(layers.maxPooling2d({poolSize: 2, name: 'pool'}));
  model.add(layers.flatten({name: 'flat'}));
  model.add(layers.dense({units: 7, activation: 'elu', name: 'hidden'}));
  model.add(layers.dense({units: 4, activation: 'softmax', name: 'out'}));
  return model;
}

test('a sequential model, which was never built', () => {
  const graph = expectSame(game());
  expect(graph.nodes.map(({name}) => name)).toEqual([
    'a',
    'b',
    'pool',
    'flat',
    'hidden',
    'out/linear',
    'out',
  ]);
  expect(nodeNamed(graph, 'b').aliases).toEqual(['norm', 'act']);
  expect(graph.values.map(({name}) => name)).toEqual([
    'a_input',
    'a',
    'b',
    'pool',
    'flat',
    'hidden',
    'out/linear',
    'out',
  ]);
  // A flattened image keeps the image's pixels, so that the dense layer sees what changed.
  expect(graph.values[graph.nodes[3].outputs[0]]).toMatchObject({
    shape: [6],
    plane: {height: 1, width: 1, channels: 6},
  });
});

test('importing makes no tensors and runs nothing', () => {
  const model = game();
  const before = tf.memory().numTensors;
  importLayersModel(model, shapesOf(model));
  expect(tf.memory().numTensors).toBe(before);
});

test('several inputs and outputs, one of them an input, one of them given twice', () => {
  const [x, y] = [input({shape: [6, 5, 2], name: 'x'}), input({shape: [6, 5, 3], name: 'y'})];
  const unused = input({shape: [4], name: 'unused'});
  const joined = apply(layers.concatenate({name: 'join'}), [apply(conv('cx'), x), apply(conv('cy', 3), y)]);
  const inner = apply(layers.activation({activation: 'relu', name: 'act'}), apply(conv('deep'), joined));
  const vector = apply(
    layers.globalAveragePooling2d({name: 'gap'} as Parameters<typeof layers.globalAveragePooling2d>[0]),
    inner,
  );
  const model = modelOf({inputs: [x, y], outputs: [vector, joined, x]});
  const graph = expectSame(model);
  expect(graph.inputs.map((id) => graph.values[id].name)).toEqual(['x', 'y']);
  expect(graph.outputs.map((id) => graph.values[id].name)).toEqual(['gap', 'join', 'x']);
  expect(nodeNamed(graph, 'deep').aliases).toEqual(['act']);
  const identity = modelOf({inputs: [unused], outputs: apply(layers.dropout({rate: 0.1}), unused)});
  expect(expectSame(identity).nodes).toEqual([]);
});

test('a shared layer is a node for each use, its weights one slot', () => {
  const x = input({shape: [6, 5, 2], name: 'x'});
  const shared = conv('shared');
  const own = conv('shared_1');
  const outputs = apply(layers.add({name: 'sum'}), [
    apply(shared, x),
    apply(own, apply(shared, apply(shared, x))),
  ]);
  const graph = expectSame(modelOf({inputs: x, outputs}));
  // A layer's own name is its own, whatever others would be numbered to.
  expect(graph.nodes.map(({name}) => name)).toEqual(['shared', 'shared_2', 'shared_3', 'shared_1', 'sum']);
  expect(graph.weights.map(({name}) => name)).toEqual(
    ['shared/kernel', 'shared/bias', 'shared_1/kernel', 'shared_1/bias'].map((name) =>
      expect.stringContaining(name),
    ),
  );
  expect(new Set(graph.nodes.slice(0, 3).map(({weights}) => weights.filter)).size).toBe(1);
});

test('models in models are taken apart, and one that is used twice is there twice', () => {
  const a = input({shape: [6, 5, 2]});
  const b = input({shape: [6, 5, 2]});
  const mean = apply(layers.average({name: 'mean'}), [apply(conv('ca'), a), b]);
  const inner = modelOf({inputs: [a, b], outputs: [mean, a], name: 'inner'});
  const x = input({shape: [6, 5, 2], name: 'x'});
  const once = inner.apply([x, apply(stackOf('s1'), x)]) as Symbolic[];
  const twice = inner.apply([once[0], once[1]]) as Symbolic[];
  const graph = expectSame(modelOf({inputs: x, outputs: twice}));
  expect(kinds(graph)).not.toContain('external');
  expect(graph.nodes.map(({name}) => name)).toEqual(
    ['s1_a', 's1_b', 'ca', 'mean', 'ca_1', 'mean_1'].sort(byFirst(graph.nodes)),
  );
});

/** The order in which nodes came is the importer's own affair. */
function byFirst(nodes: readonly {name: string}[]) {
  const place = (name: string) => nodes.findIndex((node) => node.name === name);
  return (a: string, b: string) => place(a) - place(b);
}

function stackOf(name: string) {
  const model = sequential({name});
  model.add(layers.conv2d({filters: 3, kernelSize: 1, inputShape: [6, 5, 2], name: `${name}_a`}));
  model.add(layers.conv2d({filters: 2, kernelSize: 3, padding: 'same', name: `${name}_b`}));
  return model;
}

test('a sequential model of models', () => {
  const model = sequential();
  model.add(stackOf('one'));
  model.add(stackOf('two'));
  model.add(layers.flatten({name: 'flat'}));
  const graph = expectSame(model);
  expect(graph.nodes.map(({name}) => name)).toEqual(['one_a', 'one_b', 'two_a', 'two_b', 'flat']);
});

test('weights are read when they are needed', () => {
  const model = game();
  const graph = expectSame(model);
  const frame = frameFor(model, shapesOf(model));
  const variables = graph.weights.filter(isVariable);
  expect(variables).toHaveLength(graph.weights.length);
  const ids = variables.map((weight) => (weight.read() as tf.Tensor & {dataId: object}).dataId);
  randomize(model, 99);
  variables.forEach((weight, i) => expect(weight.read().dataId).not.toBe(ids[i]));
  expectClose(interpret(graph, frame), [model.predict(frame[0]) as tf.Tensor]);
  expect(graph.weights.map(({name}) => name).sort()).toEqual(model.weights.map(({name}) => name).sort());
  variables.forEach((weight) => expect(weight.read().shape).toEqual(weight.shape));
});

test('vectors that were images of different sides are merged and joined as vectors', () => {
  const [x, y] = [input({shape: [2, 3, 2]}), input({shape: [3, 4, 1]})];
  const [fx, fy] = [apply(layers.flatten({}), x), apply(layers.flatten({}), y)];
  const sum = apply(layers.add({}), [fx, fy]);
  const same = apply(layers.multiply({}), [fx, apply(layers.flatten({}), x)]);
  const graph = expectSame(
    modelOf({inputs: [x, y], outputs: [sum, same, apply(layers.concatenate({}), [fx, fy, sum])]}),
  );
  const planes = graph.outputs.map((id) => graph.values[id].plane);
  expect(planes).toEqual([
    {height: 1, width: 1, channels: 12},
    {height: 2, width: 3, channels: 2},
    {height: 1, width: 36, channels: 1},
  ]);
});

test('softmax, batch norm and PReLU of a flattened image see a vector', () => {
  const x = input({shape: [2, 3, 2]});
  const flat = apply(layers.flatten({}), x);
  const outputs = [layers.softmax({}), layers.batchNormalization({}), layers.prelu({})].map((layer) =>
    apply(layer, flat),
  );
  expect(kinds(expectSame(modelOf({inputs: x, outputs})))).not.toContain('external');
});

test('inputs of other dtypes go to tfjs', () => {
  const tokens = input({shape: [5], dtype: 'int32', name: 'tokens'});
  const doubled = apply(layers.add({name: 'twice'}), [tokens, tokens]);
  const embedded = apply(layers.embedding({inputDim: 10, outputDim: 3, name: 'embed'}), tokens);
  const steps = apply(layers.conv1d({filters: 2, kernelSize: 2, name: 'conv'}), embedded);
  const graph = expectSame(
    modelOf({
      inputs: tokens,
      outputs: [steps, doubled, apply(layers.reshape({targetShape: [5, 1]}), tokens)],
    }),
  );
  expect(graph.values[graph.inputs[0]].dtype).toBe('int32');
  expect(kinds(graph).sort()).toEqual(['conv2d', 'external', 'external', 'reshape']);
});

test('what does not fit is refused by name', () => {
  const model = game();
  expect(() => importLayersModel(model, [])).toThrow(/'game' has 1 inputs, but was given 0 shapes/);
  expect(() => importLayersModel(model, [[12, 10, 4]])).toThrow(
    /'a_input'.*\[12, 10, 4\].*Expected \[12, 10, 3\]/,
  );
  expect(() => importLayersModel(model, [[12, 10]])).toThrow(/Expected \[12, 10, 3\]/);
  expect(() => importLayersModel(sequential({name: 'nothing'}), [])).toThrow(/'nothing' is empty/);
  const open = single(layers.conv2d({filters: 1, kernelSize: 1}) as layers.Layer, [null, null, 2]);
  expect(() => importLayersModel(open, [[4.5, 4, 2]])).toThrow(/Expected \[any, any, 2\]/);
});

test('one layer as a graph', () => {
  const layer = layers.separableConv2d({
    filters: 3,
    kernelSize: 3,
    activation: 'relu',
    name: 'sep',
  }) as layers.Layer;
  expect(() => importLayer(layer, [[6, 5, 2]])).toThrow(/'sep' is not built/);
  layer.build([null, 6, 5, 2]);
  const graph = importLayer(layer, [[6, 5, 2]]);
  expectWellFormed(graph);
  const x = tf.tensor(numbers(60), [1, 6, 5, 2]);
  expectClose(interpret(graph, [x]), [layer.apply(x) as tf.Tensor]);
  expect(graph.nodes.map(({name}) => name)).toEqual(['sep/depthwise', 'sep']);
  const sum = importLayer(layers.add({name: 'sum'}) as layers.Layer, [
    [2, 2, 1],
    [2, 2, 1],
  ]);
  expect(sum.values.map(({name}) => name)).toEqual(['input', 'input_1', 'sum']);
  const inner = stackOf('inner');
  inner.build();
  expect(importLayer(inner, [[6, 5, 2]]).nodes.map(({name}) => name)).toEqual(['inner_a', 'inner_b']);
});
