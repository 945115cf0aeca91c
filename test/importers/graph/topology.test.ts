/** A model's topology as plain data: attributes decoded, control dependencies left out, null where it is not all there. */
import type * as tf from '@tensorflow/tfjs-core';
import {Attributes, readTopology} from '../../../src/importers/graph/topology';
import {useBackend} from '../../backends';
import {encode, TfGraph} from './tf-graph';

beforeAll(() => useBackend('cpu'));

/** What `model.save` hands over, without a model. */
function saving(modelTopology: unknown) {
  return {
    save: async (handler: tf.io.IOHandler | string) =>
      (handler as tf.io.IOHandler).save!({modelTopology} as tf.io.ModelArtifacts),
  };
}

const read = (node: object[], rest: object = {}) => readTopology(saving({node, ...rest}));

test('a loaded model’s nodes by name, with what they read', async () => {
  const graph = new TfGraph();
  const x = graph.input('x', [1, 2, 2, 4]);
  const parts = graph.named('parts', 'Split', [graph.integers([3], []), x], {num_split: 2});
  graph.named('sum', 'AddV2', [`${parts}:1`, parts]);
  const topology = readTopology(await graph.load())!;
  expect(topology.get('sum')).toMatchObject({
    name: 'sum',
    op: 'AddV2',
    inputs: [
      {node: 'parts', output: 1},
      {node: 'parts', output: 0},
    ],
  });
  expect(topology.get('x')!.inputs).toEqual([]);
  expect(topology.get('parts')!.attributes.number('num_split', 1)).toBe(2);
});

test('control dependencies are not read', () => {
  const topology = read([
    {name: 'a', op: 'Placeholder'},
    {name: 'b', op: 'NoOp'},
    {name: 'c', op: 'Relu', input: ['a', '^b']},
  ])!;
  expect(topology.get('c')!.inputs).toEqual([{node: 'a', output: 0}]);
});

test.each<[string, unknown]>([
  ['a node that is read and missing', {node: [{name: 'c', op: 'Relu', input: ['a']}]}],
  ['functions', {node: [{name: 'a', op: 'Placeholder'}], library: {function: [{}]}}],
  [
    'two nodes of one name',
    {
      node: [
        {name: 'a', op: 'Placeholder'},
        {name: 'a', op: 'Const'},
      ],
    },
  ],
  ['no nodes', {}],
  ['nodes that are no list', {node: 'x'}],
  ['no topology', undefined],
])('null for %s', (_name, topology) => {
  expect(readTopology(saving(topology))).toBeNull();
});

test('null for what cannot be saved', () => {
  expect(readTopology({} as never)).toBeNull();
});

test('a library without functions is none', () => {
  expect(read([{name: 'a', op: 'Placeholder'}], {library: {}})!.size).toBe(1);
});

test('a binary topology is not read', () => {
  expect(readTopology(saving(new ArrayBuffer(8)))).toBeNull();
});

describe('attributes', () => {
  const attributes = new Attributes({
    padding: encode('SAME') as never,
    codes: {s: [83, 65, 77, 69]},
    epsilon: {f: 0.25},
    text: {f: '0.5'},
    count: {i: '7'},
    zero: {i: 0},
    flag: {b: true},
    T: {type: 'DT_FLOAT'},
    strides: encode([1, 2, 3, 1]) as never,
    floats: {list: {f: [0.5, '1.5']}},
    fused: encode(['BiasAdd', 'Relu']) as never,
    empty: {list: {}},
  });

  test('text in base64 and as char codes', () => {
    expect(attributes.string('padding')).toBe('SAME');
    expect(attributes.string('codes')).toBe('SAME');
    expect(attributes.string('missing', 'NHWC')).toBe('NHWC');
  });

  test('numbers, as JSON or as text', () => {
    expect(attributes.number('epsilon', 1)).toBe(0.25);
    expect(attributes.number('text', 1)).toBe(0.5);
    expect(attributes.number('count', 1)).toBe(7);
    expect(attributes.number('zero', 1)).toBe(0);
    expect(attributes.number('missing', 3)).toBe(3);
  });

  test('flags and dtypes', () => {
    expect(attributes.boolean('flag')).toBe(true);
    expect(attributes.boolean('missing')).toBe(false);
    expect(attributes.boolean('missing', true)).toBe(true);
    expect(attributes.type('T')).toBe('DT_FLOAT');
    expect(attributes.type('missing')).toBe('');
  });

  test('lists', () => {
    expect(attributes.numbers('strides')).toEqual([1, 2, 3, 1]);
    expect(attributes.numbers('floats')).toEqual([0.5, 1.5]);
    expect(attributes.strings('fused')).toEqual(['BiasAdd', 'Relu']);
    expect(attributes.numbers('empty')).toEqual([]);
    expect(attributes.strings('missing')).toEqual([]);
  });

  test('some changed, the others as they were', () => {
    const changed = attributes.with({padding: 'EXPLICIT', strides: [1, 1]});
    expect(changed.string('padding')).toBe('EXPLICIT');
    expect(changed.numbers('strides')).toEqual([1, 1]);
    expect(changed.number('count', 0)).toBe(7);
    expect(attributes.string('padding')).toBe('SAME');
  });
});
