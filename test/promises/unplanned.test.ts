/**
 * Results that a plan has no place for: of shapes that depend on what the model sees, or no tensors of one number for each place.
 * Such a frame is the model's, and so are those after it; the report says why.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {withReuse, type ReuseModel} from '../../src';
import {useBackend} from '../backends';
import {awaitedRows, someRows} from '../importers/graph/by-values';
import {expectEqual} from '../importers/graph/playing';
import {TfGraph, windowed} from '../importers/graph/tf-graph';
import {numbers} from '../importers/helpers';
import {sidesInTurn} from './helpers';
import {withWhere} from './small-graph';

const SHAPE = [1, 6, 7, 2];

/** A convolution, and another one of as many rows of it as its values say; `more` reads that one. */
function load(
  rows: (graph: TfGraph, x: string) => string = someRows,
  more: (graph: TfGraph, conv: string) => void = () => undefined,
): Promise<GraphModel> {
  const graph = new TfGraph();
  const identity = graph.floats([1, 1, 2, 2], [1, 0, 0, 1]);
  const first = graph.node('Conv2D', [graph.input('x', SHAPE), identity], windowed());
  const relu = graph.named('relu', 'Relu', [first]);
  const second = graph.node('Conv2D', [rows(graph, relu), graph.floats([3, 3, 2, 3])], windowed());
  graph.named('output', 'Elu', [second]);
  more(graph, second);
  return graph.load();
}

/** A frame whose largest value is this and a little more. */
function frameOf(largest: number, seed = 1): tf.Tensor {
  const values = numbers(6 * 7 * 2, seed);
  values[5] = largest + 0.5;
  return tf.tensor(values, SHAPE);
}

function expectFrame(reuse: ReuseModel, model: GraphModel, largest: number, options = {}): void {
  tf.tidy(() => {
    const x = frameOf(largest);
    expectEqual(reuse.predict(x, options) as tf.Tensor, model.predict(x) as tf.Tensor, `rows for ${largest}`);
  });
}

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));
  const options = {engine, policy: 'incremental'} as const;

  test('a frame of another shape is the model’s, and so are those after it', async () => {
    const model = await load();
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, options);
    expectFrame(reuse, model, 0);
    expect(reuse.lastFrame!.path).not.toBe('dense');
    for (const largest of [2, 2, 0, 3]) {
      expectFrame(reuse, model, largest);
      expect(reuse.lastFrame).toMatchObject({
        path: 'dense',
        reason: expect.stringMatching(
          /^'Slice_\d+' \(Slice, .*\) gave a result of shape \[1, 3, 7, 2\], and the plan is for/,
        ),
      });
    }
    expect(reuse.cache.isEmpty).toBe(true);
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    ['a tail that is awaited', someRows, withWhere],
    ['a shape that is awaited', awaitedRows, () => undefined],
  ])('behind %s, too', async (_what, rows, more) => {
    const model = await load(rows, more);
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, options);
    for (const largest of [0, 1, 0]) {
      const x = frameOf(largest);
      const names = model.outputNodes;
      const [actual, expected] = [await reuse.executeAsync(x, names), await model.executeAsync(x, names)];
      [expected]
        .flat()
        .forEach((tensor, i) => expectEqual([actual].flat()[i], tensor, `rows for ${largest}, ${names[i]}`));
      tf.dispose([actual, expected, x]);
    }
    expect(reuse.lastFrame!.path).toBe('dense');
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a variant, and those after it', async () => {
    const model = await load();
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, options);
    expectFrame(reuse, model, 0);
    for (const largest of [0, 2, 0]) expectFrame(reuse, model, largest, {commit: false});
    expect(reuse.lastFrame!.path).toBe('dense');
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a plan for other outputs goes on', async () => {
    const model = await load();
    const reuse = withReuse(model, options);
    for (const largest of [0, 2, 0]) expectFrame(reuse, model, largest);
    tf.tidy(() => {
      for (const largest of [0, 2]) {
        const x = frameOf(largest);
        expectEqual(reuse.execute(x, 'relu') as tf.Tensor, model.execute(x, 'relu') as tf.Tensor, 'relu');
        expect(reuse.lastFrame!.path).not.toBe('dense');
      }
    });
    reuse.dispose();
  });

  test('run() has one size', async () => {
    const reuse = withReuse(await load(), options);
    const frame = (largest: number) => tf.tidy(() => frameOf(largest).dataSync().slice() as Float32Array);
    expect(reuse.run(frame(0))).toHaveLength(1 * 7 * 3);
    expect(() => reuse.run(frame(2))).toThrow(
      'run(): the output has 63 values for this frame, where 21 were planned',
    );
    expect(reuse.run(frame(0))).toHaveLength(1 * 7 * 3);
    reuse.dispose();
  });

  test('an output that its node does not have is nothing', async () => {
    const model = await load();
    const reuse = withReuse(model, options);
    tf.tidy(() => {
      const x = frameOf(0);
      for (let t = 0; t < 2; t++) {
        expect(model.execute(x, 'relu:1')).toBeUndefined();
        expect(reuse.execute(x, 'relu:1')).toBeUndefined();
        const [relu, none] = reuse.execute(x, ['relu', 'relu:1']) as tf.Tensor[];
        expectEqual(relu, model.execute(x, 'relu') as tf.Tensor, 'relu');
        expect(none).toBeUndefined();
      }
    });
    reuse.dispose();
  });
});

// Other backends have no complex tensors, and fill all there are.
describe.each(['wasm', 'tfjs'] as const)('on cpu, with engine %s', (engine) => {
  beforeAll(() => useBackend('cpu'));

  test.each<[string, (graph: TfGraph, conv: string) => string]>([
    ['complex numbers', (graph, conv) => graph.node('Complex', [conv, graph.node('Relu', [conv])])],
    [
      'fewer values than there are places',
      (graph, conv) =>
        graph.node('BatchToSpaceND', [conv, graph.integers([1, 1]), graph.integers([-2, 0, 0, 0], [2, 2])]),
    ],
  ])('%s are handed out as the model has them', async (_what, build) => {
    const graph = new TfGraph();
    const conv = graph.node('Conv2D', [graph.input('x', SHAPE), graph.floats([3, 3, 2, 2])], windowed());
    build(graph, conv);
    const model = await graph.load();
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    tf.tidy(() => {
      for (let t = 0; t < 3; t++) {
        const x = frameOf(0, t + 1);
        const [actual, expected] = [reuse.predict(x), model.predict(x)] as tf.Tensor[];
        expect([actual.dtype, actual.shape]).toEqual([expected.dtype, expected.shape]);
        expect(actual.dataSync()).toEqual(expected.dataSync());
      }
    });
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
