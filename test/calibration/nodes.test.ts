/** The nodes that a calibration may put a threshold on. */
import '@tensorflow/tfjs-backend-cpu';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {adjustableNodes, groupsOf} from '../../src/calibration/nodes';
import {GraphBuilder, LINEAR, reshapeTo, type Op, type ValueId} from '../../src/graph';
import {importLayersModel} from '../../src/importers';
import {useBackend} from '../backends';
import {smallModel} from '../promises/helpers';
import {cameraModel, SHAPE} from './clip';

beforeAll(() => useBackend('cpu'));

const namesOf = (model: Parameters<typeof importLayersModel>[0], shape: readonly number[]) =>
  adjustableNodes(importLayersModel(model, [[...shape]])).map(({name}) => name);

test('planes that something is computed from; not the outputs, and not vectors', () => {
  expect(namesOf(cameraModel(), SHAPE)).toEqual(['first', 'second', 'third']);
  expect(namesOf(smallModel(), [8, 9, 2])).toEqual(['first', 'second']);
});

test('vectors that a plane is computed from', () => {
  expect(namesOf(cameraModel({gated: true}), SHAPE)).toEqual([
    'first',
    'second',
    'squeeze',
    'excite',
    'gate',
    'third',
  ]);
});

test('not where a change neither spreads nor meets another', () => {
  const model = sequential({
    layers: [
      layers.conv2d({name: 'window', inputShape: [8, 9, 2], filters: 3, kernelSize: 3}),
      layers.conv2d({name: 'point', filters: 4, kernelSize: 1}),
      layers.leakyReLU({name: 'bend'}),
      layers.depthwiseConv2d({name: 'depth', kernelSize: 3}),
      layers.batchNormalization({name: 'scaled'}),
      layers.conv2d({name: 'last', filters: 1, kernelSize: 1}),
    ],
  });
  expect(namesOf(model, [8, 9, 2])).toEqual(['window', 'depth']);
});

test('not a copy of values, though a whole plane is computed from it', () => {
  const builder = new GraphBuilder();
  const window = (side: number) =>
    ({kernel: [side, side], strides: [1, 1], dilations: [1, 1], padding: 'same'}) as const;
  const conv = (name: string, input: ValueId, filters: number, side: number) =>
    node(
      name,
      {kind: 'conv2d', filters, window: window(side), activation: LINEAR, batchNormEpsilon: null},
      input,
    );
  const node = (name: string, op: Op, ...inputs: ValueId[]) => builder.node(op, inputs, {name})[0];
  const first = conv('first', builder.input('x', [8, 9, 2]), 4, 3);
  const mean = node('mean', {kind: 'globalPool', mode: 'average'}, first);
  const squeeze = conv('squeeze', node('pixel', reshapeTo([1, 1, 4]), mean), 2, 1);
  const wider = node('wider', {kind: 'padChannels', before: 1, after: 1}, squeeze);
  const half = node('half', {kind: 'sliceChannels', begin: 1, size: 3}, wider);
  const both = node(
    'both',
    {kind: 'concat', axis: 'channels'},
    half,
    node('some', {kind: 'sliceChannels', begin: 0, size: 1}, squeeze),
  );
  const gate = node('gate', {kind: 'merge', fn: 'multiply', activation: LINEAR}, first, both);
  const graph = builder.build([conv('last', gate, 1, 1)]);
  expect(adjustableNodes(graph).map(({name}) => name)).toEqual(['first', 'mean', 'squeeze', 'gate']);
});

test('groups are neighbours, all of them, and none is empty', () => {
  expect(groupsOf([1, 2, 3, 4, 5], 2)).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
  expect(groupsOf([1, 2], 8)).toEqual([[1], [2]]);
  expect(groupsOf([], 8)).toEqual([]);
  const many = Array.from({length: 203}, (_, i) => i);
  expect(groupsOf(many, 8).flat()).toEqual(many);
});
