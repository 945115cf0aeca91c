/**
 * NaN and infinities in a frame, op by op: on every backend and either engine, a frame gives what the model itself gives,
 * whoever computes it; and the table of who that is. A frame after it is right too.
 *
 * It stands for all ops and activations there are: see the last test.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {layers, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../src';
import {ACTIVATION_NAMES} from '../../src/graph/activation';
import type {OpKind} from '../../src/graph';
import {backends, useBackend} from '../backends';
import {numbers, randomize, single} from '../importers/helpers';
import {distance} from '../importers/graph/playing';
import {TfGraph, windowed} from '../importers/graph/tf-graph';

type Model = LayersModel | GraphModel;

/**
 * Who computes a frame with such values, for the engine that is chosen by default and the portable one: '.' the engine;
 * 'M' the model; 'I' the model where there is an infinity, the engine where there is but a NaN.
 */
interface Who {
  readonly cpu: string;
  readonly wasm: string;
  readonly tensorflow: string;
}

/** A name, who computes it on cpu, wasm and tensorflow, and the model. */
type Row = readonly [name: string, who: `${string} ${string} ${string}`, make: () => Model | Promise<Model>];

const SHAPE = [5, 6, 3];

const layer =
  (make: () => unknown, ...shapes: number[][]) =>
  (): LayersModel => {
    const model = single(make() as layers.Layer, ...(shapes.length > 0 ? shapes : [SHAPE]));
    randomize(model, 3);
    return model;
  };

const activated = (activation: string) => layer(() => layers.activation({activation: activation as 'relu'}));
const merged = (make: () => unknown) => layer(make, SHAPE, SHAPE);

const graph =
  (build: (graph: TfGraph, x: string) => void, shape = SHAPE) =>
  (): Promise<GraphModel> => {
    const made = new TfGraph();
    build(made, made.input('x', [1, ...shape]));
    return made.load();
  };

const resized = (op: string, size: readonly [number, number]) =>
  graph((g, x) => g.node(op, [x, g.integers(size)], {align_corners: false, half_pixel_centers: false}));

const conv = {filters: 4, kernelSize: 3, padding: 'same'} as const;
const ROWS: readonly Row[] = [
  // Clamps: XNNPACK, on wasm, lets a NaN through or not, as its sign bit and the processor have it.
  ['relu', '.. MM ..', activated('relu')],
  ['relu6', '.. MM ..', activated('relu6')],
  ['relu6 of a graph', '.. MM ..', graph((g, x) => g.node('Relu6', [x]))],
  ['clippedRelu', '.. MM ..', layer(() => layers.reLU({maxValue: 2}))],
  ['hardSigmoid', '.. MM ..', activated('hardSigmoid')],
  ['conv2d with relu', '.. MM ..', layer(() => layers.conv2d({...conv, activation: 'relu'}))],
  ['conv2d with relu6', '.. MM ..', layer(() => layers.conv2d({...conv, activation: 'relu6'}))],
  ['dense with relu', '.. MM ..', layer(() => layers.dense({units: 5, activation: 'relu'}), [6])],
  [
    'a sum with relu',
    '.. MM ..',
    graph((g, x) => g.node('Relu', [g.node('AddV2', [x, g.node('Tanh', [x])])])),
  ],
  // Other activations.
  ['elu', '.. .. ..', activated('elu')],
  ['selu', '.. .. ..', activated('selu')],
  ['sigmoid', '.. .. ..', activated('sigmoid')],
  ['softplus', '.. .. ..', activated('softplus')],
  ['softsign', '.. .. ..', activated('softsign')],
  ['tanh', '.. .. ..', activated('tanh')],
  ['softmax', '.. .. ..', activated('softmax')],
  ['logSoftmax', '.. .. ..', activated('logSoftmax')],
  ['gelu', '.. .. ..', activated('gelu')],
  ['gelu_new', '.. .. ..', activated('gelu_new')],
  ['mish', '.. .. ..', activated('mish')],
  ['swish', '.. .. ..', activated('swish')],
  ['leakyRelu', '.. .. ..', layer(() => layers.leakyReLU({}))],
  ['thresholdedRelu', '.. .. ..', layer(() => layers.thresholdedReLU({theta: 0.5}))],
  [
    'hardSwish',
    '.. .. ..',
    graph((g, x) => {
      const gate = g.node('Relu6', [g.node('AddV2', [x, g.floats([], [3])])]);
      g.node('Mul', [g.node('Mul', [x, gate]), g.floats([], [1 / 6])]);
    }),
  ],
  ['prelu', '.. .. I.', layer(() => layers.prelu({sharedAxes: [1, 2]}))],
  // Convolutions.
  ['conv2d', '.. .. ..', layer(() => layers.conv2d(conv))],
  [
    'conv2d of one value for one',
    '.. MM ..',
    layer(() => layers.conv2d({filters: 1, kernelSize: 1}), [5, 6, 1]),
  ],
  ['depthwiseConv2d', '.. .. ..', layer(() => layers.depthwiseConv2d({kernelSize: 3}))],
  ['depthwiseConv2d of single pixels', '.. MM ..', layer(() => layers.depthwiseConv2d({kernelSize: 1}))],
  [
    'conv2dTranspose',
    '.. .. ..',
    layer(() => layers.conv2dTranspose({filters: 2, kernelSize: 3, strides: 2})),
  ],
  ['dense', '.. .. ..', layer(() => layers.dense({units: 5}), [6])],
  // Pools. What is no number is passed over, or stays, or the least float is left.
  ['max pool', '.. MM M.', layer(() => layers.maxPooling2d({poolSize: 2}))],
  ['max pool of single pixels', 'M. MM M.', layer(() => layers.maxPooling2d({poolSize: 1}))],
  [
    'average pool',
    '.. MM ..',
    layer(() => layers.averagePooling2d({poolSize: 3, strides: 1, padding: 'same'})),
  ],
  ['global maximum', '.. .. ..', layer(() => layers.globalMaxPooling2d({}))],
  ['global mean', '.. .. ..', layer(() => layers.globalAveragePooling2d({}))],
  [
    'max pool over the whole plane',
    'MM MM MM',
    graph((g, x) => g.node('MaxPool', [x], windowed({ksize: [1, 5, 6, 1], padding: 'VALID'}))),
  ],
  [
    'average pool over the whole plane',
    '.. MM ..',
    graph((g, x) => g.node('AvgPool', [x], windowed({ksize: [1, 5, 6, 1], padding: 'VALID'}))),
  ],
  // Pixel by pixel.
  ['batchNorm', '.. .. ..', layer(() => layers.batchNormalization({}))],
  ['affine', '.. .. ..', graph((g, x) => g.node('Mul', [x, g.floats([3])]))],
  ['add', '.. .. ..', merged(() => layers.add({}))],
  ['multiply', '.. .. ..', merged(() => layers.multiply({}))],
  ['average', '.. .. ..', merged(() => layers.average({}))],
  ['maximum', '.. M. ..', merged(() => layers.maximum({}))],
  ['minimum', '.. M. ..', merged(() => layers.minimum({}))],
  ['subtract', '.. .. ..', graph((g, x) => g.node('Sub', [g.node('Tanh', [x]), x]))],
  ['divide', '.. .. ..', graph((g, x) => g.node('RealDiv', [g.node('Tanh', [x]), x]))],
  [
    'equal',
    '.. .. ..',
    graph((g, x) => g.node('Cast', [g.node('Equal', [g.node('Tanh', [x]), x])], {SrcT: {type: 'DT_BOOL'}, DstT: {type: 'DT_FLOAT'}})), // prettier-ignore
  ],
  ['concat', '.. .. ..', merged(() => layers.concatenate({}))],
  ['concat of rows', '.. .. ..', merged(() => layers.concatenate({axis: 1}))],
  // Pixels from elsewhere. Bilinear resizes on wasm read what has no share, and 0 times NaN is NaN.
  ['pad2d', '.. .. ..', layer(() => layers.zeroPadding2d({padding: 1}))],
  ['upsample2d', '.. .. ..', layer(() => layers.upSampling2d({size: [2, 3]}))],
  [
    'upsample2d, bilinear',
    '.. MM ..',
    layer(() => layers.upSampling2d({size: [3, 2], interpolation: 'bilinear'})),
  ],
  ['resize2d, bilinear', '.. MM ..', resized('ResizeBilinear', [8, 4])],
  ['resize2d, bilinear, twice as large', '.. MM ..', resized('ResizeBilinear', [10, 12])],
  ['pick2d', '.. .. ..', resized('ResizeNearestNeighbor', [8, 4])],
  ['reshape', '.. .. ..', layer(() => layers.reshape({targetShape: [6, 5, 3]}))],
  [
    'sliceChannels',
    '.. .. ..',
    graph((g, x) => g.node('Slice', [x, g.integers([0, 0, 0, 1]), g.integers([1, 5, 6, 2])])),
  ],
  [
    'padChannels',
    '.. .. ..',
    graph((g, x) => g.node('Pad', [x, g.integers([0, 0, 0, 0, 0, 0, 1, 2], [4, 2])])),
  ],
  [
    'depthToSpace',
    '.. .. ..',
    graph((g, x) => g.node('DepthToSpace', [x], {block_size: 2, data_format: 'NHWC'}), [3, 4, 8]),
  ],
  // Left to the model in any case, and for the largest there is a kernel.
  ['external', '.. .. ..', layer(() => layers.layerNormalization({}))],
  [
    'the largest',
    'M. M. M.',
    graph((g, x) => {
      const row = g.node('Reshape', [g.node('Tanh', [x]), g.integers([1, 90])]);
      g.node('TopKV2', [row, g.integers([4], [])], {sorted: true});
    }),
  ],
  ['each step by itself', '.. M. M.', layer(() => layers.timeDistributed({layer: layers.maxPooling2d({poolSize: 2})}), [3, 4, 4, 2])], // prettier-ignore
];

/** The compiler sees to it that none is missing. */
const KINDS: {readonly [K in OpKind]: true} = {
  conv2d: true, depthwiseConv2d: true, conv2dTranspose: true, dense: true, pool2d: true, globalPool: true,
  activation: true, batchNorm: true, prelu: true, affine: true, merge: true, concat: true, pad2d: true, upsample2d: true,
  resize2d: true, pick2d: true, sliceChannels: true, padChannels: true, depthToSpace: true, reshape: true, external: true,
}; // prettier-ignore

const POISONS = [NaN, Infinity, -Infinity];

/** The inputs of a frame, the poison at one place of the last one, at another one with the opposite sign, or everywhere. */
function framesOf(model: Model, poison: number): {finite: tf.Tensor[]; poisoned: tf.Tensor[][]} {
  const shapes = model.inputs.map(({shape}) => [1, ...(shape!.slice(1) as number[])]);
  const finite = shapes.map((shape, i) =>
    numbers(tf.util.sizeFromShape(shape), 5 + i).map((value) => 3 * value),
  );
  const tensors = (values: readonly Float32Array[]) =>
    values.map((value, i) => tf.tensor(value.slice(), shapes[i]));
  const last = finite[finite.length - 1];
  const middle = last.length >> 1;
  const variants = [
    last.map((value, i) => (i === middle ? poison : value)),
    last.map((value, i) => (i === middle ? poison : i === middle + 1 ? -poison : value)),
    last.map(() => poison),
  ];
  return {
    finite: tensors(finite),
    poisoned: variants.map((variant) => tensors([...finite.slice(0, -1), variant])),
  };
}

function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [actual, expected].map((result) => [result as tf.Tensor | tf.Tensor[]].flat());
  expect(a.length).toBe(b.length);
  b.forEach((tensor, i) => {
    const {error, largest, at} = distance(a[i].dataSync(), tensor.dataSync());
    if (!(error <= 1e-5 * largest)) throw new Error(`${what}: differs by ${error} at ${at}`);
  });
}

/** Frames in turn, from scratch and as an edit, and finite ones between them. */
function check(model: Model, reuse: ReuseModel, poison: number, isModels: boolean): void {
  const {finite, poisoned} = framesOf(model, poison);
  const of = (frame: tf.Tensor[]) => (frame.length === 1 ? frame[0] : frame);
  const play = (frame: tf.Tensor[], what: string) => {
    expectSame(reuse.predict(of(frame)), model.predict(of(frame)), `${what}, ${poison}`);
    return reuse.lastFrame!.path === 'dense';
  };
  poisoned.forEach((frame, i) => {
    if (i === 0) reuse.reset();
    expect(play(frame, i === 0 ? 'from scratch' : 'edited')).toBe(isModels);
    expect(play(finite, 'the frame after')).toBe(false);
  });
  expect(play(poisoned[0], 'edited')).toBe(isModels);
}

const engines = ['auto', 'tfjs'] as const;

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(ROWS)('%s: %s', async (_name, who, make) => {
    const model = await make();
    const [cpu, wasm, tensorflow] = who.split(' ');
    const codes = ({cpu, wasm, tensorflow} satisfies Who)[backend];
    engines.forEach((engine, i) => {
      const reuse = withReuse(model, {policy: 'incremental', engine});
      const isModels = (poison: number) => codes[i] === 'M' || (codes[i] === 'I' && !Number.isNaN(poison));
      tf.tidy(() => POISONS.forEach((poison) => check(model, reuse, poison, isModels(poison))));
      reuse.dispose();
    });
    model.dispose();
  });
});

test('it stands for every op and every activation', async () => {
  await useBackend('cpu');
  const [kinds, activations] = [new Set<string>(), new Set<string>()];
  for (const [, , make] of ROWS) {
    const model = await make();
    const reuse = withReuse(model, {policy: 'incremental'});
    tf.tidy(() => {
      const {finite} = framesOf(model, NaN);
      reuse.predict(finite.length === 1 ? finite[0] : finite);
    });
    for (const {op} of reuse.lastRun!.graph.nodes) {
      kinds.add(op.kind);
      if ('activation' in op) activations.add(op.activation.name);
    }
    reuse.dispose();
    model.dispose();
  }
  expect([...kinds].sort()).toEqual(Object.keys(KINDS).sort());
  expect([...activations].sort()).toEqual([...ACTIVATION_NAMES].sort());
});
