/** Dilated convolutions among batches are found; whatever differs from the pattern is left as it is. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {withReuse} from '../../../src';
import {weightOf} from '../../../src/importers/graph/constants';
import * as tf from '@tensorflow/tfjs-core';
import {withDilations} from '../../../src/importers/graph/dilations';
import {readTopology} from '../../../src/importers/graph/topology';
import {useBackend} from '../../backends';
import {alone, expectEqual, expectSameClip, framesOf} from './playing';
import {TfGraph, windowed, type Attribute} from './tf-graph';

beforeAll(() => useBackend('cpu'));

interface Settings {
  readonly block?: readonly number[];
  readonly endBlock?: readonly number[];
  readonly pads?: readonly number[];
  readonly crops?: readonly number[];
  /** Of the constants that hold paddings and crops; default [2, 2]. */
  readonly padsShape?: readonly number[];
  readonly cropsShape?: readonly number[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** What stands between the convolution and BatchToSpaceND. */
  readonly behind?: readonly string[];
  /** Reads a node that is by then within. */
  readonly reads?: 'conv' | 'relu';
  /** Which output of SpaceToBatchND the convolution reads; default the first. */
  readonly output?: string;
}

async function load({
  block = [2, 2],
  endBlock = block,
  pads = [2, 2, 2, 2],
  crops = [0, 0, 0, 0],
  padsShape = [2, 2],
  cropsShape = [2, 2],
  attributes = {},
  behind = [],
  reads,
  output = '',
}: Settings): Promise<GraphModel> {
  const graph = new TfGraph();
  const x = graph.input('x', [1, 8, 10, 2]);
  const start = graph.node('SpaceToBatchND', [x, graph.integers(block), graph.integers(pads, padsShape)]);
  let y = graph.named(
    'conv',
    'Conv2D',
    [`${start}${output}`, graph.floats([3, 3, 2, 3])],
    windowed({padding: 'VALID', ...attributes}),
  );
  for (const op of behind) y = graph.named(op.toLowerCase(), op, [y]);
  if (reads) graph.named('other', 'Tanh', [reads]);
  graph.named('end', 'BatchToSpaceND', [y, graph.integers(endBlock), graph.integers(crops, cropsShape)]);
  return graph.load();
}

/** The topology as the importer reads it. */
function rewritten(model: GraphModel, outputs: readonly string[] = ['end']) {
  return withDilations(
    readTopology(model)!,
    (ref, shape) => {
      const weight = weightOf(model, ref);
      return weight && shape.join() === weight.shape.join() ? Array.from(weight.values()) : null;
    },
    new Set(outputs),
  );
}

test.each<[string, Settings, number[]]>([
  ['padding all around', {}, [0, 0, 2, 2, 2, 2, 0, 0]],
  ['no padding', {pads: [0, 0, 0, 0]}, [0, 0, 0, 0, 0, 0, 0, 0]],
  ['padding that is cropped again', {pads: [2, 4, 2, 4], crops: [0, 2, 0, 2]}, [0, 0, 2, 2, 2, 2, 0, 0]],
  ['an activation behind', {behind: ['Relu']}, [0, 0, 2, 2, 2, 2, 0, 0]],
  ['two activations behind', {behind: ['Relu6', 'Tanh']}, [0, 0, 2, 2, 2, 2, 0, 0]],
])('found: %s', async (_name, settings, padding) => {
  const model = await load(settings);
  const {topology} = rewritten(model);
  expect(topology.get('end')!.op).toBe('Identity');
  const {attributes, inputs} = topology.get('conv')!;
  expect(inputs[0].node).toBe('x');
  expect(attributes.integers('dilations')).toEqual([1, 2, 2, 1]);
  expect(attributes.integers('explicit_paddings')).toEqual(padding);
  expectSameClip(model, {});
});

test.each<[string, Settings]>([
  ['another block on the way back', {block: [2, 2], endBlock: [4, 1]}],
  ['more cropped than was padded', {pads: [0, 0, 0, 0], crops: [1, 1, 0, 0]}],
  ['a convolution that pads by itself', {attributes: {padding: 'SAME'}}],
  ['a convolution with strides', {attributes: {strides: [1, 2, 2, 1]}}],
  ['a convolution with dilations', {attributes: {dilations: [1, 2, 2, 1]}, pads: [4, 4, 4, 4]}],
  ['somebody else who reads the convolution', {reads: 'conv', behind: ['Relu']}],
  ['somebody else who reads what is behind', {reads: 'relu', behind: ['Relu']}],
  ['an op behind that sees more than a pixel', {behind: ['Softmax']}],
])('left alone: %s', async (_name, settings) => {
  const model = await load(settings);
  const own = readTopology(model)!;
  const {topology} = rewritten(model);
  expect([...topology.values()].map(({op}) => op)).toEqual([...own.values()].map(({op}) => op));
  expectSameClip(model, {});
});

test.each<[string, Settings]>([
  ['paddings', {padsShape: [1, 1, 2, 2]}],
  ['crops', {cropsShape: [1, 1, 2, 2]}],
])('refused as the model refuses it: %s of another shape', async (_name, settings) => {
  const model = await load(settings);
  const x = tf.zeros([1, 8, 10, 2]);
  expect(() => model.predict(x)).toThrow(/must be equal|should be equal/);
  expect(() => withReuse(model, {policy: 'incremental'}).predict(x)).toThrow(/must be equal|should be equal/);
});

test.each([':1', ':2'])(
  'refused as the model refuses it: output %s of what was dealt out',
  async (output) => {
    const model = await load({behind: ['Relu'], output});
    const x = tf.zeros([1, 8, 10, 2]);
    expect(rewritten(model).topology.get('end')!.op).toBe('BatchToSpaceND');
    expect(() => model.predict(x)).toThrow(/'conv2d' must be a Tensor/);
    expect(() => withReuse(model, {policy: 'incremental'}).predict(x)).toThrow(/'conv2d' must be a Tensor/);
  },
);

test('what the model has to compute in between, it computes from the beginning', async () => {
  const graph = new TfGraph();
  const x = graph.node('Tanh', [graph.input('x', [1, 8, 10, 2])]);
  const [block, sides] = [graph.integers([2, 2]), graph.integers([2, 2, 2, 2], [2, 2])];
  const dealt = graph.node('SpaceToBatchND', [x, block, sides]);
  const y = graph.node('Conv2D', [dealt, graph.floats([3, 3, 2, 3])], windowed({padding: 'VALID'}));
  // tfjs takes the last axis all the same; the plan does not know.
  const normed = graph.node(
    'FusedBatchNormV3',
    [y, ...[1, 2, 3, 4].map(() => graph.floats([3], [1, 2, 3]))],
    {
      data_format: 'NCHW',
    },
  );
  graph.node('BatchToSpaceND', [normed, block, graph.integers([0, 0, 0, 0], [2, 2])]);
  expectSameClip(await graph.load(), {});
});

test('a convolution that is asked for by name is what it is among batches', async () => {
  const model = await load({behind: ['Relu']});
  expect(rewritten(model, ['end', 'relu']).topology.get('end')!.op).toBe('BatchToSpaceND');
  expectSameClip(model, {}, {outputs: ['conv']});
  expectSameClip(model, {}, {outputs: ['end', 'relu']});
  const reuse = withReuse(model, {policy: 'incremental'});
  const [frame] = framesOf(model, 1);
  const [before] = alone(reuse, frame, ['end']);
  const [conv] = alone(reuse, frame, ['conv']);
  expectEqual(conv, [model.execute(frame, ['conv'])].flat()[0], 'conv');
  expectEqual(alone(reuse, frame, ['end'])[0], before, 'end', 0);
  reuse.dispose();
});
