/** A graph model as one node over whole inputs, and what is known of it. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {loadGraphModel, type GraphModel} from '@tensorflow/tfjs-converter';
import type {ExternalOp, Graph} from '../../../src/graph';
import {wholeGraph} from '../../../src/importers/graph/whole';
import {isPureOp} from '../../../src/importers/graph-ops';
import {expectClose, numbers} from '../helpers';
import {interpret} from '../interpret';
import {encode, type NodeDef} from './tf-graph';

beforeAll(() => tf.setBackend('cpu'));

const FLOAT = {T: {type: 'DT_FLOAT'}};
const SHAPE = [1, 4, 4, 2];
const placeholder: NodeDef = {
  name: 'x',
  op: 'Placeholder',
  attr: {dtype: {type: 'DT_FLOAT'}, shape: {shape: {dim: SHAPE.map((size) => ({size: String(size)}))}}},
};
const filter: NodeDef = {name: 'filter', op: 'Const', attr: {dtype: {type: 'DT_FLOAT'}}};
const conv: NodeDef = {
  name: 'conv',
  op: 'Conv2D',
  input: ['x', 'filter'],
  attr: {
    ...FLOAT,
    strides: encode([1, 1, 1, 1]),
    dilations: encode([1, 1, 1, 1]),
    padding: encode('SAME'),
    data_format: encode('NHWC'),
  },
};
const relu: NodeDef = {name: 'relu', op: 'Relu', input: ['conv'], attr: FLOAT};

function load(...node: NodeDef[]): Promise<GraphModel> {
  const values = numbers(3 * 3 * 2 * 3);
  const modelTopology = {node, versions: {producer: 1}, library: {}};
  const weightSpecs = [{name: 'filter', shape: [3, 3, 2, 3], dtype: 'float32' as const}];
  return loadGraphModel(
    tf.io.fromMemory({modelTopology, weightSpecs, weightData: values.buffer as ArrayBuffer}),
  );
}

const inputs = [{name: 'x', shape: SHAPE, dtype: 'float32' as const}];
const frame = () => [tf.tensor(numbers(32, 5), SHAPE)];

function only(graph: Graph): ExternalOp {
  expect(graph.nodes.length).toBe(1);
  return graph.nodes[0].op as ExternalOp;
}

test('a graph model is one node over whole inputs', async () => {
  const model = await load(placeholder, filter, conv, relu);
  const graph = wholeGraph(model, inputs);
  expect(only(graph)).toMatchObject({pure: true, rowwise: false, batched: false, forms: [{shape: null}]});
  expect(only(graph).applyAsync).toBeUndefined();
  expect(graph.values[graph.inputs[0]]).toMatchObject({
    name: 'x',
    shape: SHAPE,
    plane: {height: 4, width: 4, channels: 2},
  });
  const [x] = frame();
  const expected = tf.relu(tf.conv2d(x as tf.Tensor4D, model.weights['filter'][0] as tf.Tensor4D, 1, 'same'));
  expectClose(interpret(graph, [x]), [expected]);
});

test('outputs by name, in the order asked for', async () => {
  const model = await load(placeholder, filter, conv, relu);
  const graph = wholeGraph(model, inputs, ['relu', 'conv']);
  const [x] = frame();
  expect(graph.outputs.length).toBe(2);
  expectClose(interpret(graph, [x]), model.execute({x}, ['relu', 'conv']) as tf.Tensor[]);
});

test('an input or a constant that is an output is handed out as a tensor of its own', async () => {
  const model = await load(placeholder, filter, conv, relu);
  const [x] = frame();
  const results = only(wholeGraph(model, inputs, ['x', 'filter'])).apply([x]);
  results.forEach((result) => result.dispose());
  expect(x.isDisposed).toBe(false);
  expect(model.weights['filter'][0].isDisposed).toBe(false);
});

test('nothing is left behind', async () => {
  const model = await load(placeholder, filter, conv, relu);
  const {apply} = only(wholeGraph(model, inputs));
  const [x] = frame();
  const before = tf.memory().numTensors;
  apply([x]).forEach((result) => result.dispose());
  expect(tf.memory().numTensors).toBe(before);
});

const size: NodeDef = {
  name: 'size',
  op: 'Shape',
  input: ['relu'],
  attr: {...FLOAT, out_type: {type: 'DT_INT32'}},
};

test.each<[string, NodeDef]>([
  [
    'random',
    {name: 'noise', op: 'RandomUniform', input: ['size'], attr: {dtype: {type: 'DT_FLOAT'}, seed: {i: '0'}}},
  ],
  ['printing', {name: 'print', op: 'Print', input: ['size', 'size']}],
  ['a tensor list', {name: 'list', op: 'TensorListFromTensor', input: ['relu', 'size']}],
])('a model with %s is not pure', async (_name, node) => {
  const graph = wholeGraph(await load(placeholder, filter, conv, relu, size, node), inputs, ['relu']);
  expect(only(graph).pure).toBe(false);
});

test('a random model computes nonetheless', async () => {
  const noise = {name: 'noise', op: 'RandomUniform', input: ['size'], attr: {dtype: {type: 'DT_FLOAT'}}};
  const sum = {name: 'sum', op: 'AddV2', input: ['relu', 'noise'], attr: FLOAT};
  const graph = wholeGraph(await load(placeholder, filter, conv, relu, size, noise, sum), inputs);
  const [a, b] = [interpret(graph, frame()), interpret(graph, frame())].map(([tensor]) => tensor.dataSync());
  expect([...a]).not.toEqual([...b]);
});

test('an op of the user’s is not pure', async () => {
  const own = {name: 'own', op: 'NobodyKnows', input: ['relu']};
  tf.env(); // the converter reads its flags when a model loads
  const {registerOp, deregisterOp} = await import('@tensorflow/tfjs-converter');
  registerOp('NobodyKnows', ({inputs: [x]}) => tf.neg(x));
  const graph = wholeGraph(await load(placeholder, filter, conv, relu, own), inputs);
  expect(only(graph).pure).toBe(false);
  const [x] = frame();
  expect(Math.max(...interpret(graph, [x])[0].dataSync())).toBeLessThanOrEqual(0);
  deregisterOp('NobodyKnows');
});

test('dynamic shapes are computed with promises, and refused without, as tfjs does', async () => {
  const where = {name: 'where', op: 'Where', input: ['positive']};
  const zero = {name: 'zero', op: 'ZerosLike', input: ['relu'], attr: FLOAT};
  const positive = {name: 'positive', op: 'Greater', input: ['relu', 'zero'], attr: FLOAT};
  const model = await load(placeholder, filter, conv, relu, zero, positive, where);
  const op = only(wholeGraph(model, inputs));
  expect(op.pure).toBe(true);
  const [x] = frame();
  expect(() => op.apply([x])).toThrow(/dynamic op 'Where'/);
  const [found] = await op.applyAsync!([x]);
  const [expected] = [await model.executeAsync({x}, ['where'])].flat();
  expect(found.shape).toEqual([expected.shape[0], 4]);
  expectClose([found], [expected]);
});

test('control flow, functions and models not loaded are not known to be pure', async () => {
  for (const op of [
    'If',
    'StatelessWhile',
    'Merge',
    'HashTableV2',
    'VarHandleOp',
    'TensorArrayV3',
    'Multinomial',
  ]) {
    expect(isPureOp(op)).toBe(false);
  }
  const blank = {execute: () => [], executeAsync: async () => [], outputNodes: ['y'], weights: {}} as never;
  const op = only(wholeGraph(blank, inputs));
  expect(op.pure).toBe(false);
  expect(op.applyAsync).toBeDefined();
});
