/** Frames for two sets of outputs, or of two sizes, in turn: each has a stream, what one computes has gone by for the others. */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {Region, withReuse} from '../../src';
import {useBackend} from '../backends';
import {framesOf} from '../importers/graph/playing';
import {TfGraph, windowed} from '../importers/graph/tf-graph';
import {numbers} from '../importers/helpers';
import {sample} from '../scale';
import {expectClose, sidesInTurn, valuesOf} from './helpers';
import {expectFrame, small} from './small-graph';

/** Takes pictures of any size. */
const ofAnySize = () =>
  sequential({
    layers: [
      layers.conv2d({inputShape: [null, null, 1], filters: 3, kernelSize: 3, activation: 'relu'}),
      layers.conv2d({filters: 2, kernelSize: 3}),
      layers.globalMaxPooling2d({}),
    ],
  });

/** Classes and what they are told by. */
function classifier(): TfGraph {
  const graph = new TfGraph();
  const x = graph.input('x', [1, 8, 9, 2]);
  const conv = graph.node('Conv2D', [x, graph.floats([3, 3, 2, 16])], windowed());
  const deep = graph.node('Relu', [graph.node('Conv2D', [conv, graph.floats([3, 3, 16, 16])], windowed())]);
  const pooled = graph.node('Mean', [deep, graph.integers([1, 2])], {keep_dims: true});
  const embedding = graph.named('embedding', 'Reshape', [pooled, graph.integers([1, 16])]);
  graph.named('classes', 'MatMul', [embedding, graph.floats([16, 5])], {
    transpose_a: false,
    transpose_b: false,
  });
  return graph;
}

const picture = (side: number, seed = 1) => numbers(side * side, seed);
const tensorOf = (values: Float32Array) => {
  const side = Math.sqrt(values.length);
  return tf.tensor4d(values.slice(), [1, side, side, 1]);
};

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));
  const options = {engine, policy: 'incremental'} as const;

  test('two sets of outputs both reuse', async () => {
    const model = await small().load();
    const reuse = withReuse(model, options);
    const frames = framesOf(model, 8);
    frames.forEach((frame, t) => {
      for (const outputs of [['tail'], ['relu']]) {
        expectFrame(reuse, model, frame, outputs);
        expect(reuse.lastFrame!.path).toBe(t === 0 ? 'prime' : 'incremental');
      }
    });
    reuse.dispose();
  });

  test('outputs that hang on the same trunk are computed together, and each call hands out its own', async () => {
    const model = await classifier().load();
    const reuse = withReuse(model, options);
    const frames = framesOf(model, 6);
    frames.forEach((frame, t) => {
      expectFrame(reuse, model, frame, ['classes']);
      if (t > 0 && t % 4 < 3) expect(reuse.lastFrame!.macs).toBeGreaterThan(0);
      expectFrame(reuse, model, frame, ['embedding', 'classes']);
      expectFrame(reuse, model, frame, ['embedding']);
      if (t > 0) expect(reuse.lastFrame).toMatchObject({path: 'incremental', macs: 0});
    });
    reuse.dispose();
  });

  test('outputs that are asked for twice share with others, too', async () => {
    const model = await classifier().load();
    const reuse = withReuse(model, options);
    const sets = [['classes', 'classes'], ['classes'], ['embedding'], ['embedding', 'classes', 'embedding']];
    for (const frame of framesOf(model, 3))
      for (const outputs of sets) expectFrame(reuse, model, frame, outputs);
    reuse.dispose();
  });

  test('two sizes both reuse, and memory is bounded however many there are', () => {
    const model = ofAnySize();
    const reuse = withReuse(model, options);
    const expectPicture = (values: Float32Array) =>
      expectClose(
        valuesOf(reuse.predict(tensorOf(values))),
        valuesOf(model.predict(tensorOf(values)) as tf.Tensor),
      );
    const pictures = [9, 12].map((side) => picture(side));
    for (let t = 0; t < 4; t++) {
      for (const values of pictures) {
        values[t] += 1;
        expectPicture(values);
        expect(reuse.lastFrame!.path).toBe(t === 0 ? 'prime' : 'incremental');
      }
    }
    const {bytes} = reuse.cache;
    for (let side = 20; side < 25; side++) expectPicture(picture(side));
    for (let t = 0; t < 3; t++) for (let side = 9; side < 13; side++) expectPicture(picture(side, t));
    expect(reuse.cache.bytes).toBeLessThan(3 * bytes);
    reuse.dispose();
    expect(reuse.cache.bytes).toBe(0);
  });

  test('what does not fit into maxBytes together is kept one at a time, what was used last', () => {
    const model = ofAnySize();
    const free = withReuse(model, options);
    tf.dispose(free.predict(tensorOf(picture(12))));
    const maxBytes = free.cache.bytes;
    const reuse = withReuse(model, {...options, maxBytes});
    for (const [side, path] of [
      [12, 'prime'],
      [9, 'prime'],
      [9, 'incremental'],
      [12, 'prime'],
      [12, 'incremental'],
    ] as const) {
      tf.dispose(reuse.predict(tensorOf(picture(side))));
      expect(reuse.lastFrame!.path).toBe(path);
      expect(reuse.cache.bytes).toBeLessThanOrEqual(maxBytes);
    }
    free.dispose();
    reuse.dispose();
  });

  test('nor do they stay together where that is known only once they are computed', async () => {
    const model = await small().load();
    const [frame] = framesOf(model, 1);
    const sets = [['relu'], ['tail']];
    const bytes = sets.map((outputs) => {
      const alone = withReuse(model, options);
      expectFrame(alone, model, frame, outputs);
      const {bytes} = alone.cache;
      alone.dispose();
      return bytes;
    });
    const maxBytes = bytes[0] + bytes[1] - 1;
    const reuse = withReuse(model, {...options, maxBytes});
    for (const outputs of [...sets, ...sets]) {
      expectFrame(reuse, model, frame, outputs);
      expect(reuse.cache.bytes).toBeLessThanOrEqual(maxBytes);
    }
    reuse.dispose();
  });

  test("regions since the last frame are right, whichever stream that went to; a variant is of the last frame's", async () => {
    const model = await small().load();
    const reuse = withReuse(model, options);
    const values = numbers(8 * 9 * 2, 3);
    const frame = () => ({x: tf.tensor4d(values.slice(), [1, 8, 9, 2])});
    for (let t = 0; t < 9; t++) {
      const outputs = [['tail'], ['relu'], ['relu']][t % 3];
      const [y, x] = [t % 8, (2 * t) % 9];
      values[2 * (9 * y + x)] += 1;
      const changed = Region.fromRects(8, 9, [{y, x, height: 1, width: 1}]);
      const given = frame();
      const [actual] = [reuse.execute(given, outputs, {changed})].flat();
      expectClose(actual.dataSync(), ([model.execute(given, outputs)].flat()[0] as tf.Tensor).dataSync());
    }
    values[0] += 1;
    const variant = frame();
    const [actual] = [reuse.execute(variant, ['tail'], {commit: false})].flat();
    expectClose(actual.dataSync(), ([model.execute(variant, ['tail'])].flat()[0] as tf.Tensor).dataSync());
    reuse.dispose();
  });

  test('any order of outputs, frames, resets and variants gives what the model gives', async () => {
    const model = await small().load();
    const frames = framesOf(model, 6);
    const step = fc.record({
      frame: fc.nat(frames.length - 1),
      outputs: fc.constantFrom<string[]>(['tail'], ['relu'], ['conv', 'relu'], ['first']),
      does: fc.constantFrom('predict', 'predict', 'predict', 'vary', 'reset', 'clear'),
    });
    fc.assert(
      fc.property(fc.array(step, {minLength: 4, maxLength: 14}), (steps) => {
        const reuse = withReuse(model, options);
        tf.dispose(reuse.execute(frames[0], ['tail']));
        for (const {frame, outputs, does} of steps) {
          if (does === 'reset') reuse.reset();
          if (does === 'clear') reuse.cache.clear();
          const commit = does !== 'vary' || reuse.cache.isEmpty;
          const results = [reuse.execute(frames[frame], outputs, {commit})].flat();
          const expected = [model.execute(frames[frame], outputs)].flat();
          results.forEach((result, i) => expectClose(result.dataSync(), expected[i].dataSync()));
          tf.dispose([results, expected]);
        }
        reuse.dispose();
      }),
      sample({short: 5, ci: 50, long: 300}),
    );
  });
});
