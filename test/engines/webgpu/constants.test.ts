/** Weights of a GraphModel that are on the device already: no plan has to do without them. */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {withReuse, type ReuseModel} from '../../../src';
import {TfGraph, windowed} from '../../importers/graph/tf-graph';
import {valuesOf} from '../fuzz/values';
import {onWebGpu} from './backend';

/** A convolution with a bias of an odd shape, statistics of a batch, a factor a channel, and a flipped dense layer. */
function load(): Promise<GraphModel> {
  const graph = new TfGraph();
  const x = graph.input('x', [1, -1, -1, 2]);
  const conv = graph.named('conv', 'Conv2D', [x, graph.floats([3, 3, 2, 4])], windowed());
  const spread = graph.floats([4], [1, 2, 3, 4]);
  const four = () => graph.floats([4]);
  const normal = graph.named('normal', 'FusedBatchNormV3', [conv, four(), four(), four(), spread], {
    epsilon: {float: 0.001},
    data_format: 'NHWC',
  });
  const scaled = graph.named('scaled', 'Mul', [normal, graph.floats([1, 1, 1, 4])]);
  const pooled = graph.named('pooled', 'Mean', [scaled, graph.integers([1, 2])], {keep_dims: false});
  graph.named('dense', 'MatMul', [pooled, graph.floats([3, 4])], {transpose_a: false, transpose_b: true});
  return graph.load();
}

const frameOf = (side: number) => tf.randomUniform([1, side, side + 1, 2], -1, 1, 'float32', side);

async function expectPlanned(model: GraphModel, reuse: ReuseModel, frame: tf.Tensor): Promise<void> {
  const outputs = [reuse.predict(frame) as tf.Tensor, model.execute(frame) as tf.Tensor];
  const [actual, expected] = await valuesOf(outputs);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  const {layers} = (await reuse.report())!;
  expect(layers.map(({engine}) => engine)).toEqual(layers.map(() => 'webgpu'));
  expect(layers.length).toBeGreaterThan(2);
}

onWebGpu('constants', () => {
  it('are read once: a second plan, and a second wrapper, have them', async () => {
    const model = await load();
    const [first, second] = [withReuse(model), withReuse(model)];
    const [small, large] = [frameOf(6), frameOf(9)];
    await expectPlanned(model, first, small);
    await expectPlanned(model, first, large);
    await expectPlanned(model, second, small);
    tf.dispose([small, large]);
    [first, second, model].forEach((each) => each.dispose());
  });

  it('of a model that ran before are read by whoever can wait', async () => {
    const model = await load();
    const [small, large] = [frameOf(6), frameOf(9)];
    tf.dispose(model.execute(small));
    const reuse = withReuse(model);
    const outputs = [
      reuse.predict(small),
      await reuse.predictAsync(small),
      model.execute(small),
    ] as tf.Tensor[];
    const [atOnce, awaited, expected] = await valuesOf(outputs);
    for (const actual of [atOnce, awaited])
      actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    await expectPlanned(model, reuse, small);
    await expectPlanned(model, reuse, large);
    tf.dispose([small, large]);
    [reuse, model].forEach((each) => each.dispose());
  });
});
