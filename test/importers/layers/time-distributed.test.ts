/** TimeDistributed layers: what each step computes is known as a graph, where it can be computed step by step. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import type {ExternalOp, TimeDistributed} from '../../../src/graph';
import {importLayer, importLayersModel} from '../../../src/importers';
import {expectSame, expectWellFormed, kinds, shapesOf, single} from '../helpers';

beforeAll(() => tf.setBackend('cpu'));

type Layer = layers.Layer;

const each = (inner: unknown): Layer =>
  layers.timeDistributed({layer: inner as Layer, name: 'each'}) as Layer;
const conv = (name: string) => layers.conv2d({filters: 2, kernelSize: 3, padding: 'same', name});

/** What is known of the one node of a model. */
function opOf(model: LayersModel): ExternalOp {
  const {nodes} = importLayersModel(model, shapesOf(model));
  expect(nodes).toHaveLength(1);
  return nodes[0].op as ExternalOp;
}

const stepsOf = (model: LayersModel) => opOf(model).known as TimeDistributed | undefined;

/** A model whose convolution is used twice, with a model of its own inside. */
function trunk() {
  const x = input({shape: [6, 5, 2]});
  const shared = conv('shared');
  const deep = layers.conv2d({filters: 2, kernelSize: 3, padding: 'same', inputShape: [6, 5, 2]});
  const inner = sequential({layers: [deep, layers.reLU({})] as Layer[], name: 'inner'});
  const once = shared.apply(x) as SymbolicTensor;
  const twice = shared.apply(inner.apply(once) as SymbolicTensor) as SymbolicTensor;
  return modelOf({inputs: x, outputs: layers.add({}).apply([once, twice]) as SymbolicTensor, name: 'trunk'});
}

test('a layer', () => {
  const model = single(each(conv('inner')), [4, 6, 5, 2]);
  const graph = expectSame(model);
  expect(graph.nodes[0]).toMatchObject({
    name: 'each',
    op: {pure: true, rowwise: true, label: 'TimeDistributed'},
  });
  const steps = stepsOf(model)!;
  expect(steps).toMatchObject({kind: 'timeDistributed', steps: 4, macs: 6 * 5 * 9 * 2 * 2});
  expect(kinds(steps.graph)).toEqual(['conv2d']);
  expect(steps.graph.values[steps.graph.inputs[0]].shape).toEqual([6, 5, 2]);
});

test('a model with a model and a shared layer inside; its weights are noticed by the node', () => {
  const model = single(each(trunk()), [3, 6, 5, 2]);
  const graph = expectSame(model);
  expect(Object.keys(graph.nodes[0].weights)).toHaveLength(model.weights.length);
  const steps = stepsOf(model)!;
  expectWellFormed(steps.graph);
  expect(kinds(steps.graph)).toEqual(['conv2d', 'conv2d', 'conv2d', 'merge']);
  // The shared layer's weights are one slot each.
  expect(steps.graph.weights).toHaveLength(4);
});

test('a trunk over each frame of two windows, and over single frames beside them', () => {
  const shared = trunk();
  const [x, y] = [input({shape: [3, 6, 5, 2]}), input({shape: [3, 6, 5, 2]})];
  const frame = input({shape: [6, 5, 2]});
  const layer = each(shared);
  const windows = layers
    .add({})
    .apply([layer.apply(x), layer.apply(y)] as SymbolicTensor[]) as SymbolicTensor;
  const single = shared.apply(frame) as SymbolicTensor;
  const graph = expectSame(modelOf({inputs: [x, y, frame], outputs: [windows, single]}));
  expect(graph.nodes.map(({name}) => name)).toEqual(expect.arrayContaining(['each', 'each_1', 'shared']));
});

test('layers that compute themselves are part of the graph of a step', () => {
  const steps = stepsOf(single(each(layers.rescaling({scale: 2})), [4, 6, 5, 2]))!;
  expect(kinds(steps.graph)).toEqual(['external']);
});

class Odd extends layers.Layer {
  static className = 'Odd';
  override call(inputs: tf.Tensor[]): tf.Tensor {
    return tf.mul([inputs].flat()[0], tf.randomUniform([1]));
  }
}

test('what is no pure function of one step alone is left to the layer', () => {
  const odd = () => new Odd({});
  expect(opOf(single(each(odd()), [4, 6]))).toMatchObject({pure: false, rowwise: false});
  // Neither is a model that holds such a layer.
  const within = sequential({layers: [layers.dense({units: 2, inputShape: [6]}) as Layer, odd()]});
  expect(opOf(single(each(within), [4, 6]))).toMatchObject({pure: false, rowwise: false});
  // The batch axis is axis 0 inside as well.
  const mixing = layers.softmax({axis: 0});
  expect(opOf(single(each(mixing), [4, 6]))).toMatchObject({pure: true, rowwise: false});
  for (const inner of [odd(), within, mixing]) expect(stepsOf(single(each(inner), [4, 6]))).toBeUndefined();
});

test('steps with masks are left to the layer', () => {
  const masked = sequential({
    layers: [
      layers.masking({maskValue: 0, inputShape: [5, 2]}) as Layer,
      layers.lstm({units: 2, recurrentInitializer: 'glorotNormal'}) as Layer,
    ],
  });
  expect(stepsOf(single(each(masked), [4, 5, 2]))).toBeUndefined();
});

test('a layer alone', () => {
  const layer = each(conv('inner'));
  layer.build([null, 4, 6, 5, 2]);
  const {nodes} = importLayer(layer, [[4, 6, 5, 2]]);
  expect(nodes.map(({op}) => (op as ExternalOp).known)).toMatchObject([{kind: 'timeDistributed', steps: 4}]);
});
