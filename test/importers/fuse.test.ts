/** What is fused, what is not, and that the result stays the same. */
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {GraphBuilder, LINEAR, sizeOf, type ConvOp, type Graph, type Op} from '../../src/graph';
import {fuse} from '../../src/importers/fuse';
import {expectClose, expectSame, expectWellFormed, kinds, numbers} from './helpers';
import {float64} from '../reference/float64';
import {interpret} from './interpret';

beforeAll(() => tf.setBackend('cpu'));

type Layer = layers.Layer;

/** A model of a stack of layers; `taps` are layers whose results are outputs as well. */
function stack(made: unknown[], taps: number[] = []) {
  const x = input({shape: [8, 7, 3], name: 'x'});
  const values: SymbolicTensor[] = [];
  for (const layer of made as Layer[])
    values.push(layer.apply(values[values.length - 1] ?? x) as SymbolicTensor);
  return modelOf({inputs: x, outputs: [...taps.map((i) => values[i]), values[values.length - 1]]});
}

const conv = (config: object = {}) => layers.conv2d({filters: 4, kernelSize: 3, name: 'conv', ...config});
const depthwise = () => layers.depthwiseConv2d({kernelSize: 3, name: 'conv'});
const norm = (config: object = {}) => layers.batchNormalization({name: 'norm', ...config});
const relu = (name = 'relu') => layers.reLU({name});
const pad = () =>
  layers.zeroPadding2d({
    padding: [
      [1, 0],
      [2, 3],
    ],
    name: 'pad',
  });

test('batch norm and activation go into a convolution, padding into its window', () => {
  for (const layer of [conv(), depthwise(), conv({useBias: false})]) {
    const graph = expectSame(stack([pad(), layer, norm({epsilon: 0.01}), relu()]));
    expect(graph.nodes.length).toBe(1);
    expect(graph.nodes[0]).toMatchObject({
      name: 'conv',
      op: {batchNormEpsilon: 0.01, activation: {name: 'relu'}},
    });
    expect([...graph.nodes[0].aliases].sort()).toEqual(['norm', 'pad', 'relu']);
    expect((graph.nodes[0].op as ConvOp).window.padding).toEqual([
      [1, 0],
      [2, 3],
    ]);
    expect(Object.keys(graph.nodes[0].weights)).toEqual(
      expect.arrayContaining(['filter', 'gamma', 'beta', 'mean', 'variance']),
    );
    expect(graph.values.map(({name}) => name)).toEqual(['x', 'conv']);
  }
});

test('a batch norm without scale or offset', () => {
  const graph = expectSame(stack([conv(), norm({scale: false, center: false})]));
  expect(Object.keys(graph.nodes[0].weights).sort()).toEqual(['bias', 'filter', 'mean', 'variance']);
});

test('strided and dilated convolutions take the pad in as well', () => {
  expect(expectSame(stack([pad(), conv({strides: [2, 3]})])).nodes.length).toBe(1);
  expect(expectSame(stack([pad(), conv({dilationRate: 2})])).nodes.length).toBe(1);
  expect(
    kinds(expectSame(stack([pad(), pad(), conv()].map((layer, i) => Object.assign(layer, {name: `l${i}`}))))),
  ).toEqual(['pad2d', 'conv2d']);
});

test.each([
  ['a batch norm after an activation', () => [conv({activation: 'relu'}), norm()], ['conv2d', 'batchNorm']],
  ['a second batch norm', () => [conv(), norm(), norm({name: 'again'})], ['conv2d', 'batchNorm']],
  ['a second activation', () => [conv(), relu(), layers.elu({name: 'elu'})], ['conv2d', 'activation']],
  ['a softmax', () => [conv(), layers.softmax({axis: 3})], ['conv2d', 'activation']],
  ['a PReLU', () => [conv(), layers.prelu({})], ['conv2d', 'prelu']],
  ['an activation after a pool', () => [layers.maxPooling2d({}), relu()], ['pool2d', 'activation']],
  ['a pad before padding', () => [pad(), conv({padding: 'same'})], ['pad2d', 'conv2d']],
  ['a crop', () => [layers.cropping2D({cropping: 1}), conv()], ['pad2d', 'conv2d']],
  ['a pad before a pool', () => [pad(), layers.maxPooling2d({})], ['pad2d', 'pool2d']],
  [
    'a batch norm after a dense layer',
    () => [layers.flatten({}), layers.dense({units: 3}), norm(), relu()],
    ['reshape', 'dense', 'batchNorm', 'activation'],
  ],
  [
    'an activation after a dense layer is',
    () => [layers.flatten({}), layers.dense({units: 3}), relu()],
    ['reshape', 'dense'],
  ],
  ['an activation after a dense layer over pixels is', () => [layers.dense({units: 3}), relu()], ['conv2d']],
])('not fused: %s', (_name, make, expected) => {
  expect(kinds(expectSame(stack(make())))).toEqual(expected);
});

test('an output of the graph is never fused away', () => {
  expect(kinds(expectSame(stack([pad(), conv(), norm(), relu()], [0])))).toEqual(['pad2d', 'conv2d']);
  expect(kinds(expectSame(stack([pad(), conv(), norm(), relu()], [1])))).toEqual([
    'conv2d',
    'batchNorm',
    'activation',
  ]);
  expect(kinds(expectSame(stack([pad(), conv(), norm(), relu()], [2])))).toEqual(['conv2d', 'activation']);
});

test('nor is a value that others read', () => {
  const x = input({shape: [6, 6, 2]});
  const y = (conv({padding: 'same', filters: 2}) as Layer).apply(x) as SymbolicTensor;
  const z = (relu() as Layer).apply(y) as SymbolicTensor;
  const sum = (layers.add({name: 'sum'}) as Layer).apply([y, z]) as SymbolicTensor;
  const out = (layers.elu({name: 'elu'}) as Layer).apply(sum) as SymbolicTensor;
  const graph = expectSame(modelOf({inputs: x, outputs: out}));
  expect(graph.nodes.map(({name, aliases}) => [name, ...aliases])).toEqual([
    ['conv'],
    ['relu'],
    ['sum', 'elu'],
  ]);
  const same = (layers.multiply({name: 'square'}) as Layer).apply([y, y]) as SymbolicTensor;
  expect(kinds(expectSame(modelOf({inputs: x, outputs: same})))).toEqual(['conv2d', 'merge']);
});

describe('a graph built by hand', () => {
  function handmade(): Graph {
    const graph = new GraphBuilder();
    const weight = (shape: number[], seed: number) => {
      const tensor = tf.tensor(numbers(tf.util.sizeFromShape(shape), seed), shape);
      return graph.weight({name: `w${seed}`, shape, read: () => tensor});
    };
    const window = {kernel: [1, 1], strides: [1, 1], dilations: [1, 1], padding: 'valid'} as const;
    const op: Op = {kind: 'conv2d', filters: 2, window, activation: LINEAR, batchNormEpsilon: null};
    const [x, unread] = [graph.input('x', [3, 3, 2]), graph.input('unread', [4])];
    const [dead] = graph.node(op, [x], {name: 'dead', weights: {filter: weight([1, 1, 2, 2], 1)}});
    graph.node({kind: 'activation', activation: {name: 'relu'}}, [dead], {name: 'deader'});
    const [y] = graph.node(op, [x], {name: 'y', weights: {filter: weight([1, 1, 2, 2], 2)}});
    const [z] = graph.node({kind: 'activation', activation: {name: 'tanh'}}, [y], {name: 'z'});
    expect(unread).toBe(1);
    return graph.build([z, x]);
  }

  test('dead nodes and their weights go, inputs stay, and all is numbered anew', () => {
    const graph = handmade();
    const before = JSON.stringify(graph);
    const fused = fuse(graph);
    expect(JSON.stringify(graph)).toBe(before);
    expectWellFormed(fused);
    expect(fused.nodes.map(({name}) => name)).toEqual(['y']);
    expect(fused.values.map(({name}) => name)).toEqual(['x', 'unread', 'y']);
    expect(fused.weights.map(({name}) => name)).toEqual(['w2']);
    const frame = [tf.tensor(numbers(18), [1, 3, 3, 2]), tf.zeros([1, 4])];
    expectClose(interpret(fused, frame), interpret(graph, frame));
    expect(fuse(fused)).toEqual(fused);
  });
});

describe('affine ops', () => {
  const window = {kernel: [2, 2], strides: [1, 1], dilations: [1, 1], padding: 'same'} as const;
  const convolutions: readonly [Op, number[]][] = [
    [{kind: 'conv2d', filters: 4, window, activation: LINEAR, batchNormEpsilon: null}, [2, 2, 2, 4]],
    [
      {kind: 'depthwiseConv2d', depthMultiplier: 2, window, activation: LINEAR, batchNormEpsilon: null},
      [2, 2, 2, 2],
    ],
    [
      {
        kind: 'conv2dTranspose',
        filters: 4,
        kernel: [2, 2],
        strides: [2, 2],
        pad: {top: 0, left: 0},
        size: [6, 8],
        activation: LINEAR,
      },
      [2, 2, 4, 2],
    ],
  ];
  const affine: Op = {kind: 'affine', activation: LINEAR};
  const relu6: Op = {kind: 'activation', activation: {name: 'relu6'}};
  const norm: Op = {kind: 'batchNorm', epsilon: 0.01};

  /** A convolution, and nodes after it with weights of these shapes. */
  function chain(
    [op, filter]: (typeof convolutions)[number],
    after: readonly [Op, Record<string, number[]>][],
  ) {
    const graph = new GraphBuilder();
    const weightsOf = (shapes: Record<string, number[]>) =>
      Object.fromEntries(
        Object.entries(shapes).map(([name, shape], i) => {
          const values = () => numbers(sizeOf(shape), 3 + i).map((value) => value + 1.5);
          return [name, graph.weight({name, shape, values})];
        }),
      );
    let [last] = graph.node(op, [graph.input('x', [3, 4, 2])], {
      name: 'conv',
      weights: weightsOf({filter, bias: [4]}),
    });
    for (const [next, shapes] of after)
      [last] = graph.node(next, [last], {name: next.kind, weights: weightsOf(shapes)});
    return graph.build([last]);
  }

  function fused(graph: Graph): Graph {
    const result = fuse(graph);
    expectWellFormed(result);
    const frame = numbers(24);
    const [[actual], [expected]] = [result, graph].map((each) => float64(each, [frame]));
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 10));
    return result;
  }

  const scaleAndShift = {scale: [4], shift: [1, 1, 4]};

  test.each(convolutions)('go into a convolution, and their activation with them: %j', (...conv) => {
    const graph = fused(
      chain(conv, [
        [affine, scaleAndShift],
        [relu6, {}],
      ]),
    );
    expect(graph.nodes).toHaveLength(1);
    expect(graph.nodes[0]).toMatchObject({name: 'conv', op: {activation: {name: 'relu6'}}});
    expect(Object.keys(graph.nodes[0].weights).sort()).toEqual(['bias', 'filter', 'scale', 'shift']);
    expect([...graph.nodes[0].aliases].sort()).toEqual(['activation', 'affine']);
  });

  test('go in after a batch norm, but no batch norm after them', () => {
    const both: [Op, Record<string, number[]>] = [norm, {mean: [4], variance: [4]}];
    const before = fused(chain(convolutions[0], [both, [affine, scaleAndShift]]));
    expect(kinds(before)).toEqual(['conv2d']);
    const after = fused(chain(convolutions[0], [[affine, scaleAndShift], both]));
    expect(kinds(after)).toEqual(['conv2d', 'batchNorm']);
  });

  test('are one, where only the first scales and only the second shifts', () => {
    const scale: [Op, Record<string, number[]>] = [affine, {scale: [4]}];
    const shift: [Op, Record<string, number[]>] = [affine, {shift: [4]}];
    expect(kinds(fused(chain(convolutions[0], [scale, shift])))).toEqual(['conv2d']);
    expect(kinds(fused(chain(convolutions[0], [shift, scale])))).toEqual(['conv2d', 'affine']);
    const after = fused(chain(convolutions[0], [[relu6, {}], scale, [affine, {shift: [3, 4, 4]}]]));
    expect(kinds(after)).toEqual(['conv2d', 'affine']);
    expect(Object.keys(after.nodes[1].weights).sort()).toEqual(['scale', 'shift']);
  });

  test('go in where a channel has one value, and nothing is clamped before', () => {
    const whole = fused(
      chain(convolutions[0], [
        [affine, {shift: [3, 4, 4]}],
        [relu6, {}],
      ]),
    );
    expect(kinds(whole)).toEqual(['conv2d', 'affine']);
    expect(whole.nodes[1].op).toMatchObject({activation: {name: 'relu6'}});
    const clamped = fused(
      chain(convolutions[0], [
        [relu6, {}],
        [affine, {shift: [4]}],
      ]),
    );
    expect(kinds(clamped)).toEqual(['conv2d', 'affine']);
  });
});
