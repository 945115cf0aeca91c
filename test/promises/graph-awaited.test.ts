/**
 * GraphModels whose tail has to be awaited: nothing leaks, streams and frames that overlap keep out of each other's way, and
 * what is done to a model meanwhile waits for its frames, or is said.
 */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse, type PredictOptions} from '../../src';
import {useBackend} from '../backends';
import {expectEqual, framesOf} from '../importers/graph/playing';
import {sidesInTurn} from './helpers';
import {small, withWhere} from './small-graph';

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));
  const options = {engine, policy: 'incremental'} as const;

  test('no tensor is left by awaited frames, however many', async () => {
    const model = await small(withWhere).load();
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, options);
    const frames = framesOf(model, 30);
    const play = async (frame: tf.NamedTensorMap) => tf.dispose(await reuse.executeAsync(frame));
    await play(frames[0]);
    const steady = tf.memory().numTensors;
    for (const frame of frames) await play(frame);
    expect(tf.memory().numTensors).toBe(steady);
    reuse.dispose();
    tf.dispose(frames);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('commit: false leaves the cache as it was where the tail has to be awaited', async () => {
    const model = await small(withWhere).load();
    const reuse = withReuse(model, options);
    const [first, second, third] = framesOf(model, 3);
    const expectAwaited = async (frame: tf.NamedTensorMap, own: PredictOptions = {}) => {
      const outputs = ['where', 'conv'];
      const actual = [await reuse.executeAsync(frame, outputs, own)].flat();
      const expected = [await model.executeAsync(frame, outputs)].flat();
      expected.forEach((tensor, i) => expectEqual(actual[i], tensor, outputs[i]));
    };
    await expectAwaited(first);
    await expectAwaited(third, {commit: false});
    await expectAwaited(first);
    await expectAwaited(third, {commit: false});
    await expectAwaited(second);
    reuse.dispose();
  });

  test('a cache that is cleared while a tail is awaited: the frame, or the variant, says so, and nothing is left', async () => {
    const model = await small(withWhere).load();
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, options);
    const [first, second, third] = framesOf(model, 3);
    for (const own of [{}, {commit: false}]) {
      tf.dispose(await reuse.executeAsync(first, 'where'));
      const waits = jest.spyOn(model, 'executeAsync').mockImplementationOnce(async (...given) => {
        reuse.cache.clear();
        waits.mockRestore();
        return model.executeAsync(...given);
      });
      await expect(reuse.executeAsync(second, 'where', own)).rejects.toThrow(/cache was cleared while/);
    }
    const [actual] = [await reuse.executeAsync(third, 'where')].flat();
    const [expected] = [await model.executeAsync(third, 'where')].flat();
    expectEqual(actual, expected, 'where');
    tf.dispose([actual, expected, first, second, third]);
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("outputs that are an input, or a weight, are the caller's own", async () => {
    const model = await small((graph, conv) => {
      graph.named('weight', 'Identity', ['Const_1']);
      withWhere(graph, conv);
    }).load();
    const reuse = withReuse(model, {engine, policy: 'dense'});
    const [frame] = framesOf(model, 1);
    for (const outputs of [['x', 'conv'], ['Const_1', 'where'], ['x']]) {
      const expected = [await model.executeAsync(frame, outputs)].flat().map((tensor) => tf.clone(tensor));
      const actual = [await reuse.executeAsync(frame, outputs)].flat();
      actual.forEach((tensor, i) => expectEqual(tensor, expected[i], outputs[i]));
      tf.dispose(actual);
    }
    tf.dispose(model.execute(frame, 'conv'));
    expect(frame['x'].isDisposed).toBe(false);
    reuse.dispose();
  });

  test('two streams that begin at once, and one that is disposed meanwhile', async () => {
    const model = await small(withWhere).load();
    const before = tf.memory().numTensors;
    const first = withReuse(model, options);
    const others = [first.stream(), first.stream()];
    const [frame] = framesOf(model, 1);
    const calls = [first, ...others].map((reuse) => reuse.executeAsync(frame, 'conv'));
    others[0].dispose();
    const results = (await Promise.all(calls)) as tf.Tensor[];
    const [expected] = [model.execute(frame, 'conv')].flat();
    for (const result of results) expectEqual(result, expected, 'conv');
    tf.dispose([expected, results]);
    [first, ...others].forEach((reuse) => reuse.dispose());
    tf.dispose(frame);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('frames are finished that were asked for before reset and dispose', async () => {
    const model = await small(withWhere).load();
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, options);
    const frames = framesOf(model, 3);
    const play = async (frame: tf.NamedTensorMap, meanwhile: () => unknown) => {
      const call = reuse.executeAsync(frame, ['where', 'conv']);
      meanwhile();
      const actual = [await call].flat();
      const expected = [await model.executeAsync(frame, ['where', 'conv'])].flat();
      actual.forEach((tensor, i) => expectEqual(tensor, expected[i], `output ${i}`));
      tf.dispose([actual, expected]);
    };
    await play(frames[0], () => undefined);
    await play(frames[1], () => [reuse.reset(), reuse.reset()]);
    // Not under way any more.
    tf.dispose(reuse.execute(frames[1], 'conv'));
    await play(frames[1], () => reuse.reset());
    expect(reuse.cache.isEmpty).toBe(true);
    expect(reuse.lastFrame).toBeNull();
    await play(frames[2], () => reuse.dispose());
    await expect(reuse.executeAsync(frames[0])).rejects.toThrow(/disposed/);
    tf.dispose(frames);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('what has to be awaited is refused by predict as the model does, and awaited by the others', async () => {
    const model = await small(withWhere).load();
    const reuse = withReuse(model, options);
    // Each of these frames differs from the one before: what did not change needs no waiting.
    for (const frame of framesOf(model, 3)) {
      expect(() => reuse.predict(frame)).toThrow(/dynamic op 'Where'/);
      const expected = [await model.executeAsync(frame)].flat();
      const actual = [await reuse.executeAsync(frame)].flat();
      expected.forEach((tensor, i) => expectEqual(actual[i], tensor, model.outputNodes[i]));
      const predicted = [(await reuse.predictAsync(frame)) as tf.Tensor | tf.Tensor[]].flat();
      expected.forEach((tensor, i) => expectEqual(predicted[i], tensor, model.outputNodes[i]));
    }
    reuse.dispose();
  });

  test('beside what is awaited, the second part of a tensor in another order of axes', async () => {
    const graph = small((built, conv) => {
      const padded = built.node('Pad', [conv, built.integers([0, 0, 0, 0, 0, 0, 0, 1], [4, 2])]);
      const turned = built.node('Transpose', [padded, built.integers([0, 3, 1, 2])]);
      built.named('parts', 'Split', [built.integers([1], []), turned], {num_split: 2});
      withWhere(built, conv);
    });
    const model = await graph.load();
    const reuse = withReuse(model, options);
    const outputs = ['where', 'parts:1', 'parts'];
    for (const frame of framesOf(model, 3)) {
      const expected = [await model.executeAsync(frame, outputs)].flat();
      const actual = [await reuse.executeAsync(frame, outputs)].flat();
      expected.forEach((tensor, i) => expectEqual(actual[i], tensor, outputs[i]));
    }
    reuse.dispose();
  });
});
