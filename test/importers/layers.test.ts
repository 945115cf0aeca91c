/** Each of tfjs's layers, in several configurations: what it becomes, and that it computes the same. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {expectSame, kinds, single} from './helpers';

type Layer = layers.Layer;
type Case = [string, () => unknown, (number | null)[][], string[]];

beforeAll(() => tf.setBackend('cpu'));

const image = [[7, 8, 3]];
const steps = [[9, 4]];
const vector = [[6]];
const cases: Case[] = [
  [
    'conv1d',
    () => layers.conv1d({filters: 5, kernelSize: 3, padding: 'same', activation: 'elu'}),
    steps,
    ['conv2d'],
  ],
  [
    'conv1d strided',
    () => layers.conv1d({filters: 5, kernelSize: 4, strides: 3, useBias: false}),
    steps,
    ['conv2d'],
  ],
  ['conv1d dilated', () => layers.conv1d({filters: 2, kernelSize: 3, dilationRate: 2}), steps, ['conv2d']],
  ['conv2d', () => layers.conv2d({filters: 4, kernelSize: 3, activation: 'relu'}), image, ['conv2d']],
  [
    'conv2d uneven',
    () => layers.conv2d({filters: 4, kernelSize: [2, 5], strides: [3, 2], padding: 'same'}),
    image,
    ['conv2d'],
  ],
  [
    'conv2d dilated',
    () => layers.conv2d({filters: 2, kernelSize: 3, dilationRate: [2, 3], padding: 'same'}),
    image,
    ['conv2d'],
  ],
  [
    'conv2d softmax',
    () => layers.conv2d({filters: 4, kernelSize: 1, activation: 'softmax'}),
    image,
    ['conv2d', 'activation'],
  ],
  ['conv2d open sides', () => layers.conv2d({filters: 4, kernelSize: 3}), '? ? 3', ['conv2d']],
  [
    'depthwise',
    () => layers.depthwiseConv2d({kernelSize: 3, depthMultiplier: 2, activation: 'tanh'}),
    image,
    ['depthwiseConv2d'],
  ],
  [
    'depthwise strided',
    () => layers.depthwiseConv2d({kernelSize: 3, strides: 2, padding: 'same', useBias: false}),
    image,
    ['depthwiseConv2d'],
  ],
  [
    'depthwise, whose dilation tfjs ignores',
    () => layers.depthwiseConv2d({kernelSize: 3, dilationRate: 2}),
    image,
    ['depthwiseConv2d'],
  ],
  [
    'separable',
    () => layers.separableConv2d({filters: 4, kernelSize: 3, depthMultiplier: 2, activation: 'relu'}),
    image,
    ['depthwiseConv2d', 'conv2d'],
  ],
  [
    'separable dilated',
    () =>
      layers.separableConv2d({filters: 4, kernelSize: 2, dilationRate: 2, padding: 'same', useBias: false}),
    image,
    ['depthwiseConv2d', 'conv2d'],
  ],
  [
    'separable strided',
    () => layers.separableConv2d({filters: 4, kernelSize: 3, strides: [2, 2], activation: 'softmax'}),
    image,
    ['depthwiseConv2d', 'conv2d', 'activation'],
  ],
  ['dense', () => layers.dense({units: 5, activation: 'sigmoid'}), vector, ['dense']],
  [
    'dense logSoftmax',
    () => layers.dense({units: 5, activation: 'logSoftmax' as 'softmax', useBias: false}),
    vector,
    ['dense', 'activation'],
  ],
  ['dense over steps', () => layers.dense({units: 5, activation: 'relu'}), steps, ['conv2d']],
  [
    'dense over pixels',
    () => layers.dense({units: 5, activation: 'softmax'}),
    image,
    ['conv2d', 'activation'],
  ],
  ['dense over more', () => layers.dense({units: 5}), '2 3 4 3', ['external']],
  ['maxPooling1d', () => layers.maxPooling1d({poolSize: 3, strides: 2, padding: 'same'}), steps, ['pool2d']],
  ['maxPooling2d', () => layers.maxPooling2d({}), image, ['pool2d']],
  [
    'maxPooling2d uneven',
    () => layers.maxPooling2d({poolSize: [3, 2], strides: [1, 3], padding: 'same'}),
    image,
    ['pool2d'],
  ],
  ['averagePooling1d', () => layers.averagePooling1d({}), steps, ['pool2d']],
  [
    'averagePooling2d',
    () => layers.averagePooling2d({poolSize: 3, strides: 2, padding: 'same'}),
    image,
    ['pool2d'],
  ],
  ['globalMaxPooling1d', () => layers.globalMaxPooling1d({}), steps, ['globalPool']],
  ['globalMaxPooling2d', () => layers.globalMaxPooling2d({}), image, ['globalPool']],
  ['globalAveragePooling1d', () => layers.globalAveragePooling1d({}), steps, ['globalPool']],
  ['globalAveragePooling2d', () => layers.globalAveragePooling2d({}), image, ['globalPool']],
  ['batchNormalization', () => layers.batchNormalization({}), image, ['batchNorm']],
  [
    'batchNormalization of steps',
    () => layers.batchNormalization({center: false, epsilon: 0.1}),
    steps,
    ['batchNorm'],
  ],
  [
    'batchNormalization of a vector',
    () => layers.batchNormalization({scale: false, axis: 1}),
    vector,
    ['batchNorm'],
  ],
  ['batchNormalization of another axis', () => layers.batchNormalization({axis: 2}), image, ['external']],
  ['reLU', () => layers.reLU({}), image, ['activation']],
  ['reLU clipped', () => layers.reLU({maxValue: 0.5}), image, ['activation']],
  ['leakyReLU', () => layers.leakyReLU({alpha: 0.2}), image, ['activation']],
  ['thresholdedReLU', () => layers.thresholdedReLU({theta: 0.3}), image, ['activation']],
  ['elu', () => layers.elu({}), steps, ['activation']],
  ['prelu', () => layers.prelu({}), image, ['prelu']],
  ['prelu shared', () => layers.prelu({sharedAxes: [1, 2]}), image, ['prelu']],
  ['prelu of a vector', () => layers.prelu({}), vector, ['prelu']],
  ['softmax', () => layers.softmax({}), vector, ['activation']],
  ['softmax over channels', () => layers.softmax({axis: 3}), image, ['activation']],
  ['softmax from the end', () => layers.softmax({axis: [-1] as unknown as number}), image, ['activation']],
  ['softmax over two axes', () => layers.softmax({axis: [2, 3] as unknown as number}), image, ['external']],
  [
    'zeroPadding2d',
    () =>
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 3],
        ],
      }),
    image,
    ['pad2d'],
  ],
  ['zeroPadding2d by one number', () => layers.zeroPadding2d({}), image, ['pad2d']],
  [
    'cropping2D',
    () =>
      layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 3],
        ],
      }),
    image,
    ['pad2d'],
  ],
  ['upSampling2d', () => layers.upSampling2d({size: [2, 3]}), image, ['upsample2d']],
  [
    'upSampling2d bilinear',
    () => layers.upSampling2d({size: [3, 2], interpolation: 'bilinear'}),
    image,
    ['upsample2d'],
  ],
  [
    'add',
    () => layers.add({}),
    '4 5 2, 4 5 2, 4 5 2',
    ['merge'],
  ],
  [
    'add of one pixel',
    () => layers.add({}),
    '4 5 2, 1 1 2',
    ['merge'],
  ],
  [
    'multiply by one channel',
    () => layers.multiply({}),
    '4 5 1, 4 5 3',
    ['merge'],
  ],
  [
    'multiply by one pixel and one channel',
    () => layers.multiply({}),
    '4 5 1, 1 1 3',
    ['merge'],
  ],
  ['average of vectors', () => layers.average({}), '4, 4, 4', ['merge']],
  [
    'maximum of steps',
    () => layers.maximum({}),
    '4 3, 4 3',
    ['merge'],
  ],
  [
    'minimum',
    () => layers.minimum({}),
    '2 4 3, 2 4 3',
    ['merge'],
  ],
  [
    'minimum of more',
    () => layers.minimum({}),
    '2 4 3 2, 2 4 3 2',
    ['merge'],
  ],
  [
    'add of a row',
    () => layers.add({}),
    '4 5 2, 1 5 2',
    ['external'],
  ],
  [
    'add of one step',
    () => layers.add({}),
    '5 2, 1 2',
    ['external'],
  ],
  ['add of other ranks', () => layers.add({}), '4 5 2, 2', ['external']],
  [
    'concatenate',
    () => layers.concatenate({}),
    '4 5 2, 4 5 1',
    ['concat'],
  ],
  [
    'concatenate rows',
    () => layers.concatenate({axis: 1}),
    '4 5 2, 3 5 2',
    ['concat'],
  ],
  [
    'concatenate columns',
    () => layers.concatenate({axis: 2}),
    '4 5 2, 4 1 2, 4 2 2',
    ['concat'],
  ],
  [
    'concatenate from the end, which tfjs takes to be the end',
    () => layers.concatenate({axis: -2}),
    '4 5 2, 4 5 2',
    ['concat'],
  ],
  [
    'concatenate steps',
    () => layers.concatenate({axis: 1}),
    '4 2, 3 2',
    ['concat'],
  ],
  [
    'concatenate channels of steps',
    () => layers.concatenate({axis: 2}),
    '4 2, 4 3',
    ['concat'],
  ],
  [
    'concatenate vectors',
    () => layers.concatenate({}),
    '4, 2, 3',
    ['reshape', 'reshape', 'reshape', 'concat'],
  ],
  [
    'concatenate more',
    () => layers.concatenate({}),
    '2 2 2 2, 2 2 2 1',
    ['external'],
  ],
  ['flatten', () => layers.flatten(), image, ['reshape']],
  ['flatten steps', () => layers.flatten(), steps, ['reshape']],
  ['reshape', () => layers.reshape({targetShape: [4, 2, 21]}), image, ['reshape']],
  ['reshape, one side open', () => layers.reshape({targetShape: [-1, 6]}), image, ['reshape']],
  ['reshape to a vector', () => layers.reshape({targetShape: [-1]}), image, ['reshape']],
  ['activation linear', () => layers.activation({activation: 'linear'}), image, []],
  ['dropout', () => layers.dropout({rate: 0.5}), image, []],
  ['spatialDropout1d', () => layers.spatialDropout1d({rate: 0.5}), steps, []],
  ['gaussianNoise', () => layers.gaussianNoise({stddev: 1}), image, []],
  ['gaussianDropout', () => layers.gaussianDropout({rate: 0.5}), image, []],
  ['alphaDropout', () => layers.alphaDropout({rate: 0.5}), image, []],
  ['permute', () => layers.permute({dims: [3, 1, 2]}), image, ['external']],
  ['repeatVector', () => layers.repeatVector({n: 3}), vector, ['external']],
  ['layerNormalization', () => layers.layerNormalization({}), image, ['external']],
  [
    'conv2dTranspose',
    () => layers.conv2dTranspose({filters: 2, kernelSize: 3, strides: 2}),
    image,
    ['external'],
  ],
  ['conv3d', () => layers.conv3d({filters: 2, kernelSize: 2}), '3 4 5 2', ['external']],
  [
    'conv3dTranspose',
    () => layers.conv3dTranspose({filters: 2, kernelSize: 2}),
    '3 4 5 2',
    ['external'],
  ],
  ['maxPooling3d', () => layers.maxPooling3d({poolSize: 2}), '4 4 4 2', ['external']],
  ['rescaling', () => layers.rescaling({scale: 2, offset: 1}), image, ['external']],
  ['dot', () => layers.dot({axes: 1}), '6, 6', ['external']],
  ['timeDistributed', () => layers.timeDistributed({layer: layers.dense({units: 3})}), steps, ['external']],
  ['lstm', () => layers.lstm({units: 3, recurrentInitializer: 'glorotNormal'}), steps, ['external']],
  [
    'gru',
    () => layers.gru({units: 3, returnSequences: true, recurrentInitializer: 'glorotNormal'}),
    steps,
    ['external'],
  ],
  [
    'bidirectional',
    () =>
      layers.bidirectional({
        layer: layers.simpleRNN({units: 3, recurrentInitializer: 'glorotNormal'}) as layers.RNN,
        mergeMode: 'concat',
      }),
    steps,
    ['external'],
  ],
];

describe('a layer computes the same as a graph', () => {
  test.each(cases)('%s', (_name, make, shapes, expected) => {
    const model = single(make() as Layer, ...shapes);
    const graph = expectSame(model);
    expect(kinds(graph)).toEqual(expected);
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
