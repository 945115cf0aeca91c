/** Whatever empties a cache takes the report of its last frame along, and what fails in mid-frame leaves none. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../src';
import {useBackend} from '../backends';
import {TfGraph} from '../importers/graph/tf-graph';
import {expectClose, plain, poke, scene, sidesInTurn, SIZE, smallModel, valuesOf} from './helpers';

async function expectNothing(reuse: ReuseModel): Promise<void> {
  expect(reuse.lastFrame).toBeNull();
  expect(await reuse.report()).toBeNull();
  const lines: string[] = [];
  reuse.summary((line) => lines.push(line));
  expect(lines).toContain('No frame to tell of');
}

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  const emptyings: Record<string, (reuse: ReuseModel) => void> = {
    'reset()': (reuse) => reuse.reset(),
    'cache.clear()': (reuse) => reuse.cache.clear(),
    'cache.dispose()': (reuse) => reuse.cache.dispose(),
  };

  test.each(Object.keys(emptyings))('%s', async (name) => {
    const reuse = withReuse(smallModel(), {engine, policy: 'incremental'});
    tf.dispose(reuse.predict(scene()));
    expect(reuse.lastFrame!.layers).toHaveLength(3);
    emptyings[name](reuse);
    await expectNothing(reuse);
    // What another model puts where the cache was is none of this one's.
    const other = withReuse(smallModel({seed: 2}), {engine, policy: 'incremental'});
    tf.dispose(other.predict(scene(3)));
    await expectNothing(reuse);
    other.dispose();
    reuse.dispose();
  });

  test('one of the caches, where each row of a batch has its own', async () => {
    const reuse = withReuse(smallModel(), {engine, policy: 'incremental', batch: 'streams'});
    tf.dispose(reuse.predict(scene(1, 3 * SIZE)));
    expect(reuse.lastFrame!.layers).toHaveLength(3);
    reuse.cache.clear();
    await expectNothing(reuse);
    tf.dispose(reuse.predict(scene(1, 2 * SIZE)));
    expect(reuse.lastFrame).toMatchObject({path: 'prime', changed: 1});
    reuse.dispose();
  });

  test('outputs that nobody knew the size of, where they do not fit into maxBytes', async () => {
    const graph = new TfGraph();
    const x = graph.input('x', [1, 4, 4, 2]);
    graph.named('where', 'Where', [graph.node('Greater', [x, graph.floats([], [0])])]);
    const model = await graph.load();
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const read = () => reuse.predictAsync(tf.ones([1, 4, 4, 2]));
    tf.dispose(await read());
    const {bytes} = reuse.cache;
    const bounded = withReuse(model, {engine, policy: 'incremental', maxBytes: bytes - 1});
    tf.dispose(await bounded.predictAsync(tf.ones([1, 4, 4, 2])));
    await expectNothing(bounded);
    expect(bounded.cache.bytes).toBe(0);
    tf.dispose(await bounded.predictAsync(tf.ones([1, 4, 4, 2])));
    expect(bounded.lastFrame).toMatchObject({path: 'dense', reason: expect.stringContaining('maxBytes')});
    [reuse, bounded, model].forEach((one) => one.dispose());
  });

  test('the backward pass through an episode', async () => {
    // tfjs's wasm backend has no gradients of convolutions, which the portable engine needs.
    if (engine === 'tfjs' && backend === 'wasm') return;
    const reuse = withReuse(smallModel(), {engine, policy: 'incremental'});
    const episode = reuse.record();
    const frame = scene();
    for (let t = 0; t < 3; t++) tf.dispose(reuse.predict(poke(frame, t)));
    expect(reuse.lastFrame!.layers).toHaveLength(3);
    const {value, grads} = episode.valueAndGrads((outputs) => tf.sum(outputs as tf.Tensor));
    tf.dispose([value, grads]);
    await expectNothing(reuse);
    // What another model puts where the cache was is none of this one's.
    const other = withReuse(smallModel({seed: 2}), {engine, policy: 'incremental'});
    tf.dispose(other.predict(scene(3)));
    await expectNothing(reuse);
    [episode, other, reuse].forEach((one) => one.dispose());
  });

  test('a layer that throws in mid-frame', async () => {
    class Throwing extends layers.Layer {
      static className = 'EmptiedThrowing';
      isBroken = false;
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        if (this.isBroken) throw new Error('out of order');
        return tf.mul([inputs].flat()[0], 2);
      }
      override computeOutputShape(shape: number[]): number[] {
        return shape;
      }
    }
    const middle = new Throwing({});
    const model = smallModel({middle});
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    tf.dispose(reuse.predict(scene()));
    middle.isBroken = true;
    expect(() => reuse.predict(scene(2))).toThrow('out of order');
    await expectNothing(reuse);
    middle.isBroken = false;
    expectClose(valuesOf(reuse.predict(scene(2))), plain(model, scene(2)));
    expect(reuse.lastFrame!.layers).toHaveLength(4);
    reuse.dispose();
  });

  test('a layer that empties it in mid-frame is told so, and the next frame is right', async () => {
    class Clearing extends layers.Layer {
      static className = 'EmptiedClearing';
      clears: ReuseModel | null = null;
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        this.clears?.cache.clear();
        return tf.mul([inputs].flat()[0], 2);
      }
      override computeOutputShape(shape: number[]): number[] {
        return shape;
      }
    }
    const middle = new Clearing({});
    const model = smallModel({middle});
    const reuse = withReuse(model, {engine, policy: 'incremental'});
    const frame = scene();
    tf.dispose(reuse.predict(frame));
    middle.clears = reuse;
    expect(() => reuse.predict(poke(frame, 1))).toThrow(/cache was cleared while '.*' was computed/);
    await expectNothing(reuse);
    middle.clears = null;
    expectClose(valuesOf(reuse.predict(frame)), plain(model, frame));
    reuse.dispose();
  });

  test('a frame that the model fails on leaves no report, and one that is refused the last', () => {
    const model = smallModel();
    const reuse = withReuse(model, {engine, policy: 'dense'});
    tf.dispose(reuse.predict(scene()));
    expect(() => reuse.predict(new Float32Array(3))).toThrow();
    expect(reuse.lastFrame!.path).toBe('dense');
    const fails = jest.spyOn(model, 'predict').mockImplementationOnce(() => {
      throw new Error('out of memory');
    });
    expect(() => reuse.predict(scene(2))).toThrow('out of memory');
    fails.mockRestore();
    expect(reuse.lastFrame).toBeNull();
    reuse.dispose();
  });
});
