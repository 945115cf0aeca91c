/** Models of one op each, for every op and activation, and who computes them where a frame is not finite. Data for a test. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {layers, type LayersModel} from '@tensorflow/tfjs-layers';
import {randomize, single} from '../../importers/helpers';
import {TfGraph, windowed} from '../../importers/graph/tf-graph';

export type Model = LayersModel | GraphModel;

/**
 * Who computes a frame with such values, for the engine that is chosen by default and the portable one: '.' the engine;
 * 'M' the model; 'I' the model where there is an infinity, the engine where there is but a NaN.
 */
export interface Who {
  readonly cpu: string;
  readonly wasm: string;
  readonly tensorflow: string;
}

/** A name, who computes it on cpu, wasm and tensorflow, and the model. */
export type Row = readonly [
  name: string,
  who: `${string} ${string} ${string}`,
  make: () => Model | Promise<Model>,
];

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
export const ROWS: readonly Row[] = [
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
  // In tiles, infinities are subtracted from each other.
  ['conv2d in tiles', 'I. I. I.', layer(() => layers.conv2d({...conv, filters: 16}), [5, 6, 16])],
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
  ['layerNormalization', '.. .. ..', layer(() => layers.layerNormalization({}))],
  ['layerNormalization of many channels', '.. .. ..', layer(() => layers.layerNormalization({}), [3, 2, 21])],
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
  ['gather2d', '.. .. ..', resized('ResizeNearestNeighbor', [8, 4])],
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
  ['external', '.. .. ..', layer(() => layers.permute({dims: [2, 1, 3]}))],
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
