/** Each of tfjs's layers, in several configurations: what it becomes, and that it computes the same. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {expectSame, kinds, shapesIn, single} from './helpers';
import {CASES} from './layer-cases';

type Layer = layers.Layer;

beforeAll(() => tf.setBackend('cpu'));

describe('a layer computes the same as a graph', () => {
  test.each(CASES)('%s', (_name, make, shapes, expected) => {
    const model = single(make() as Layer, ...shapesIn<number | null>(shapes));
    const graph = expectSame(model);
    expect(kinds(graph).join(' ')).toBe(expected);
    for (const {op} of graph.nodes)
      if (op.kind === 'external') expect(op).toMatchObject({pure: true, rowwise: true});
    model.dispose();
  });
});

const activations = [
  ...['relu', 'relu6', 'elu', 'selu', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh', 'softmax'],
  ...['logSoftmax', 'gelu', 'gelu_new', 'mish', 'swish'],
] as 'relu'[];

test.each(activations)('the activation %s, alone and after a convolution', (activation) => {
  for (const shape of [[3, 4, 5], [4, 3], [6]]) {
    expect(kinds(expectSame(single(layers.activation({activation}) as Layer, shape)))).toEqual([
      'activation',
    ]);
  }
  const conv = single(layers.conv2d({filters: 4, kernelSize: 2, activation}) as Layer, [4, 5, 3]);
  expect(expectSame(conv).nodes[0].op.kind).toBe('conv2d');
});

const channelsFirst = {dataFormat: 'channelsFirst', name: undefined} as const;
test.each([
  ['flatten', () => layers.flatten({dataFormat: 'channelsFirst'})],
  ['upSampling2d', () => layers.upSampling2d({...channelsFirst})],
  ['zeroPadding2d', () => layers.zeroPadding2d({...channelsFirst})],
  ['cropping2D', () => layers.cropping2D({cropping: 1, ...channelsFirst})],
  ['conv2d', () => layers.conv2d({filters: 4, kernelSize: 3, ...channelsFirst})],
  ['conv2dTranspose', () => layers.conv2dTranspose({filters: 4, kernelSize: 3, ...channelsFirst})],
  ['depthwiseConv2d', () => layers.depthwiseConv2d({kernelSize: 3, useBias: false, ...channelsFirst})],
  [
    'maxPooling2d',
    () => layers.maxPooling2d({...channelsFirst} as Parameters<typeof layers.maxPooling2d>[0]),
  ],
  ['globalMaxPooling2d', () => layers.globalMaxPooling2d({...channelsFirst})],
])('%s with channels first computes itself', (_name, make) => {
  const graph = expectSame(single(make() as Layer, [3, 6, 5]));
  expect(kinds(graph)).toEqual(['external']);
  expect(graph.nodes[0].op).toMatchObject({pure: true, rowwise: true});
});

test('making samples of tfjs layers leaves its counters and tensors alone', () => {
  const before = tf.memory().numTensors;
  const number = (name: string) => Number(/(\d+)$/.exec(name)![1]);
  const first = number(layers.conv2d({filters: 1, kernelSize: 1}).name);
  expectSame(single(layers.reLU({}) as Layer, [2, 2, 1]));
  expect(number(layers.conv2d({filters: 1, kernelSize: 1}).name)).toBe(first + 1);
  expect(tf.memory().numTensors).toBe(before);
});
