/** Values without a pixel, as inputs, on the way, or as outputs: what the model makes of them. */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {
  input,
  layers,
  model as modelOf,
  sequential,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {useBackend} from '../backends';
import {FLOAT, INT32, TfGraph, windowed} from '../importers/graph/tf-graph';
import {numbers, randomize} from '../importers/helpers';
import {expectClose, leftBy, sidesInTurn, smallModel} from './helpers';

const SHAPE = [8, 8, 2];

/** Models of which something is cropped away altogether. */
const cropped: Record<string, () => LayersModel> = {
  'at the end': () => sequential({layers: [layers.cropping2D({cropping: 4, inputShape: SHAPE})]}),
  'after a convolution, then flattened': () =>
    sequential({
      layers: [
        layers.conv2d({filters: 3, kernelSize: 3, inputShape: SHAPE}),
        layers.cropping2D({
          cropping: [
            [3, 3],
            [0, 0],
          ],
        }),
        layers.flatten(),
      ],
    }),
  'and padded again before a convolution': () =>
    sequential({
      layers: [
        layers.cropping2D({cropping: 4, inputShape: SHAPE}),
        layers.zeroPadding2d({padding: 2}),
        layers.conv2d({filters: 2, kernelSize: 3}),
      ],
    }),
  'in a branch beside another one': () => {
    const x = input({shape: SHAPE});
    const none = layers
      .cropping2D({
        cropping: [
          [4, 4],
          [0, 0],
        ],
      })
      .apply(x) as SymbolicTensor;
    const some = layers.conv2d({filters: 2, kernelSize: 3, padding: 'same'}).apply(x) as SymbolicTensor;
    const both = layers.concatenate({axis: 1}).apply([none, some]) as SymbolicTensor;
    return modelOf({inputs: x, outputs: [both, none]});
  },
  'of every step of a window': () =>
    sequential({
      layers: [
        layers.timeDistributed({layer: layers.cropping2D({cropping: 4}), inputShape: [3, ...SHAPE]}),
        layers.flatten(),
      ],
    }),
};

function expectSame(actual: tf.Tensor[], expected: tf.Tensor[]): void {
  expect(actual.map(({shape, dtype}) => ({shape, dtype}))).toEqual(
    expected.map(({shape, dtype}) => ({shape, dtype})),
  );
  actual.forEach((tensor, i) => expectClose(tensor.dataSync(), expected[i].dataSync()));
}

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test.each(Object.keys(cropped))('all cropped away, %s', async (name) => {
    const model = cropped[name]();
    randomize(model, 1);
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const shape = model.inputs[0].shape.slice(1) as number[];
    const show = (seed: number, rows: number, commit = true) =>
      tf.tidy(() => {
        const x = tf.tensor(numbers(rows * tf.util.sizeFromShape(shape), seed), [rows, ...shape]);
        const [actual, expected] = [reuse.predict(x, {commit}), model.predict(x)].map((out) =>
          [out as tf.Tensor].flat(),
        );
        expectSame(actual, expected);
      });
    show(1, 1);
    const left = leftBy(() => {
      for (let t = 0; t < 3; t++) show(t, 1 + t);
      show(5, 2, false);
    });
    // What is kept of outputs is as much after every frame.
    expect(left).toBeLessThanOrEqual(2);
    const x = tf.zeros([1, ...shape]);
    expectSame([await reuse.predictAsync(x)].flat() as tf.Tensor[], [model.predict(x)].flat());
    if (model.outputs.length === 1)
      expect(reuse.run(new Float32Array(x.size))).toHaveLength((model.predict(x) as tf.Tensor).size);
    reuse.dispose();
  });

  /** An input of open sizes, a convolution, and what is cut away behind it. */
  async function graphModel(build: (graph: TfGraph, conv: string) => void): Promise<GraphModel> {
    const graph = new TfGraph();
    const x = graph.input('x', [-1, -1, 9, 2]);
    build(graph, graph.named('conv', 'Conv2D', [x, graph.floats([3, 3, 2, 4])], windowed()));
    return graph.load();
  }

  const relu = (graph: TfGraph, conv: string) => void graph.named('out', 'Relu', [conv]);

  test('a batch of none, and a picture without rows, of a graph model', async () => {
    const model = await graphModel(relu);
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const frame = tf.tensor(numbers(8 * 9 * 2), [1, 8, 9, 2]);
    const show = (x: tf.Tensor, options = {}) =>
      expectSame([reuse.predict(x, options) as tf.Tensor], [model.predict(x) as tf.Tensor]);
    show(frame);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      show(tf.zeros([0, 8, 9, 2]));
      expectSame([reuse.execute(tf.zeros([0, 8, 9, 2]), ['out'])].flat(), [
        model.execute(tf.zeros([0, 8, 9, 2]), ['out']) as tf.Tensor,
      ]);
      expect(reuse.cache.bytes).toBeGreaterThan(0);
      expect(reuse.lastFrame!.path).toBe('prime');
    });
    const none = tf.zeros([0, 8, 9, 2]);
    const answer = (await reuse.predictAsync(none)) as tf.Tensor;
    expect(answer.shape).toEqual((model.predict(none) as tf.Tensor).shape);
    tf.dispose([none, answer]);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 1);
    show(frame);
    expect(reuse.lastFrame!.path).toBe('incremental');
    reuse.dispose();
  });

  test('a batch of none of a layers model is refused, as the model does', () => {
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const none = tf.zeros([0, 8, 9, 2]);
    expect(() => model.predict(none)).toThrow();
    expect(() => reuse.predict(none)).toThrow(/at least one frame/);
    reuse.dispose();
  });

  test('a picture without rows of a layers model is what the model makes of it', () => {
    const model = sequential({
      layers: [
        layers.zeroPadding2d({
          padding: [
            [1, 1],
            [0, 0],
          ],
          inputShape: [null, 9, 2] as never,
        }),
        layers.activation({activation: 'relu'}),
      ],
    });
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    tf.tidy(() => {
      for (const rows of [3, 0, 3]) {
        const x = tf.ones([1, rows, 9, 2]);
        expectSame([reuse.predict(x) as tf.Tensor], [model.predict(x) as tf.Tensor]);
      }
    });
    reuse.dispose();
  });

  test('what a graph model cuts away altogether', async () => {
    const model = await graphModel((graph, conv) => {
      const cut = graph.named(
        'cut',
        'Slice',
        [conv, graph.integers([0, 0, 0, 0]), graph.integers([1, 0, 9, 4])],
        {Index: INT32},
      );
      graph.named('both', 'ConcatV2', [cut, conv, graph.integers([1], [])], {N: 2, T: FLOAT});
      graph.named('pooled', 'Relu', [cut]);
    });
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    for (const outputs of [['both'], ['pooled'], ['cut', 'conv', 'both'], ['pooled', 'both']]) {
      tf.tidy(() => {
        for (const seed of [1, 2]) {
          const x = tf.tensor(numbers(8 * 9 * 2, seed), [1, 8, 9, 2]);
          expectSame([reuse.execute(x, outputs)].flat(), [model.execute(x, outputs)].flat());
        }
      });
    }
    reuse.dispose();
  });
});
