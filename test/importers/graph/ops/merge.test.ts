/** Arithmetic of two tensors in every form of broadcasting. */
import {windowed, type TfGraph} from '../tf-graph';
import {specify, specifyLeft, type Case} from './specify';
import {every} from '../../../scale';

const IMAGE = [1, 6, 7, 3];

/** Constants beside an image. */
const CONSTANTS: readonly (readonly number[])[] = [
  [],
  [1],
  [3],
  [1, 3],
  [1, 1, 3],
  [1, 1, 1, 3],
  [1, 1, 1, 1],
  [6, 7, 1],
  [6, 1, 1],
  [1, 7, 1],
  [6, 7, 3],
  [1, 6, 7, 3],
  [1, 6, 7, 1],
  [7, 3],
  [7, 1],
];

const ARITHMETIC = ['AddV2', 'Add', 'Sub', 'Mul', 'RealDiv'];

const withConstant =
  (op: string, shape: readonly number[], isFirst: boolean, image = IMAGE): Case[1] =>
  (graph) => {
    const x = graph.input('x', image);
    const constant = graph.floats(shape);
    graph.node(op, isFirst ? [constant, x] : [x, constant]);
  };

const constants: Case[] = every({short: 3, ci: 1, long: 1}, CONSTANTS).flatMap((shape) =>
  ARITHMETIC.flatMap((op): Case[] => [
    [`${op} of an image and a constant of [${shape}]`, withConstant(op, shape, false)],
    // A number over an image is no product.
    ...(op === 'RealDiv'
      ? []
      : [[`${op} of a constant of [${shape}] and an image`, withConstant(op, shape, true)] as const]),
  ]),
);

const vectors: Case[] = ARITHMETIC.flatMap((op): Case[] => [
  [`${op} of a vector and a constant`, withConstant(op, [9], false, [1, 9])],
  [`${op} of rows of pixels and a constant`, withConstant(op, [5, 3], false, [1, 5, 3])],
]);

const limits: Case[] = [
  ['Maximum with 0', (graph) => void graph.node('Maximum', [graph.input('x', IMAGE), graph.floats([], [0])])],
];

/** Two activations: the image, and what comes of it by `second`. */
const beside =
  (op: string, second: (graph: TfGraph, x: string) => string, isFirst = false): Case[1] =>
  (graph) => {
    const x = graph.node('Relu', [graph.input('x', IMAGE)]);
    const other = second(graph, x);
    graph.node(op, isFirst ? [other, x] : [x, other]);
  };

const same = (graph: TfGraph, x: string) => graph.node('Sigmoid', [x]);
const pooled = (graph: TfGraph, x: string) =>
  graph.node('Sigmoid', [graph.node('Mean', [x, graph.integers([1, 2])], {keep_dims: true})]);
const oneChannel = (graph: TfGraph, x: string) =>
  graph.node('Sigmoid', [graph.node('Conv2D', [x, graph.floats([3, 3, 3, 1])], windowed())]);
/** [1, C] beside [1, H, W, C]. */
const vector = (graph: TfGraph, x: string) =>
  graph.node('Sigmoid', [graph.node('Mean', [x, graph.integers([1, 2])], {keep_dims: false})]);
/** [H, W, C] beside [1, H, W, C]. */
const batchless = (graph: TfGraph, x: string) => graph.node('Squeeze', [same(graph, x)], {squeeze_dims: [0]});

const MERGES = ['AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum'];
const merges: Case[] = MERGES.flatMap((op): Case[] => [
  [`${op} of two images`, beside(op, same)],
  [`${op} of an image and a pixel`, beside(op, pooled)],
  [`${op} of a pixel and an image`, beside(op, pooled, true)],
  [`${op} of an image and one channel`, beside(op, oneChannel)],
  [`${op} of one channel and an image`, beside(op, oneChannel, true)],
  [`${op} of an image and a vector of channels`, beside(op, vector)],
  [`${op} of an image and one without a batch`, beside(op, batchless)],
]);

const many: Case[] = [
  [
    'AddN',
    (graph) => {
      const x = graph.input('x', IMAGE);
      graph.node('AddN', [x, graph.node('Relu', [x]), graph.node('Tanh', [x])]);
    },
  ],
  [
    'Mul of an image with itself',
    (graph) => {
      const x = graph.node('Relu', [graph.input('x', IMAGE)]);
      graph.node('Mul', [x, x]);
    },
  ],
  [
    'two inputs',
    (graph) => {
      graph.node('Sub', [graph.input('a', IMAGE), graph.input('b', IMAGE)]);
    },
  ],
];

specify([...constants, ...vectors, ...limits, ...merges, ...many]);
specifyLeft([
  [
    'RealDiv of a constant by an image',
    (graph) => {
      const positive = graph.node('Sigmoid', [graph.input('x', IMAGE)]);
      graph.node('RealDiv', [graph.floats([3]), positive]);
    },
  ],
  [
    'an image made larger by a constant',
    (graph) => {
      const x = graph.node('Relu', [graph.input('x', [1, 6, 1, 3])]);
      graph.node('AddV2', [x, graph.floats([1, 6, 7, 3])]);
    },
  ],
  [
    'a constant with more axes',
    (graph) => {
      const x = graph.node('Relu', [graph.input('x', IMAGE)]);
      graph.node('AddV2', [x, graph.floats([1, 1, 1, 1, 3])]);
    },
  ],
  [
    'Maximum with 1',
    (graph) =>
      void graph.node('Maximum', [graph.node('Relu', [graph.input('x', IMAGE)]), graph.floats([], [1])]),
  ],
]);
