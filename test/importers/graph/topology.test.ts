/** A model's topology as plain data: attributes decoded, control dependencies left out, null where it is not all there. */
import type * as tf from '@tensorflow/tfjs-core';
import {readTopology, refOf} from '../../../src/importers/graph/topology';
import {useBackend} from '../../backends';
import {TfGraph} from './tf-graph';

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

test.each([
  ['a', 'a', 0],
  ['a:0', 'a', 0],
  ['a:2', 'a', 2],
  ['a:values:1', 'a', NaN],
])('%s is of %s, output %d', (name, node, output) => {
  expect(refOf(name)).toEqual({node, output});
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
  [
    'another output of an input than its only one',
    {
      node: [
        {name: 'a', op: 'Placeholder'},
        {name: 'c', op: 'Relu', input: ['a:1']},
      ],
    },
  ],
  [
    'an output that is read by a name of its own',
    {
      node: [
        {name: 'a', op: 'Placeholder'},
        {name: 'b', op: 'TopKV2', input: ['a']},
        {name: 'c', op: 'Relu', input: ['b:values:0']},
      ],
    },
  ],
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
