/** Memory is accounted for and given back: no tensor leaks, however many frames. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {backends, useBackend} from '../backends';
import {poke, scene, smallModel} from './helpers';
import {atScale} from '../scale';

const FRAMES = atScale({short: 1000, ci: 10_000, long: 10_000});
const SHAPE: [number, number, number, number] = [1, 4, 4, 1];

function tinyModel(): LayersModel {
  const model = sequential();
  model.add(layers.conv2d({filters: 2, kernelSize: 3, activation: 'relu', inputShape: [4, 4, 1]}));
  model.add(layers.globalAveragePooling2d({}));
  return model;
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(['incremental', 'auto'] as const)("with policy '%s'", (policy) => {
    test.each([false, true])(
      `${FRAMES} frames leave memory as the first did; in a tidy each: %s`,
      (tidies) => {
        const model = tinyModel();
        const before = tf.memory().numTensors;
        const reuse = withReuse(model, {policy});
        const frame = scene(3, 16);
        const show = () => {
          const x = tf.tensor4d(frame, SHAPE);
          const y = reuse.predict(x) as tf.Tensor;
          if (!tidies) tf.dispose([x, y]);
        };
        const next = (t: number) => {
          poke(frame, t);
          if (tidies) tf.tidy(show);
          else show();
        };
        next(0);
        // Which way a frame goes is measured with 'auto', but the cache holds what the first frame put there.
        const after = {tensors: tf.memory().numTensors, bytes: reuse.cache.bytes};
        for (let t = 1; t < FRAMES; t++) next(t);
        expect({tensors: tf.memory().numTensors, bytes: reuse.cache.bytes}).toEqual(after);
        expect(after.bytes).toBeGreaterThan(0);
        reuse.dispose();
        expect(reuse.cache.bytes).toBe(0);
        expect(tf.memory().numTensors).toBe(before);
        model.dispose();
      },
    );
  });

  test('typed arrays, run() and predictAsync() leave nothing behind', async () => {
    const model = smallModel();
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, {policy: 'incremental'});
    const frame = scene();
    tf.dispose(reuse.predict(frame));
    const after = tf.memory().numTensors;
    for (let t = 0; t < 20; t++) {
      tf.dispose(reuse.predict(poke(frame, t)));
      reuse.run(poke(frame, t));
      tf.dispose(await reuse.predictAsync(poke(frame, t)));
      expect(tf.memory().numTensors).toBe(after);
    }
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test.each(['tfjs', 'wasm'] as const)(
    'with %s, reset() and cache.clear() give the cache back, and the next frame fills it',
    (engine) => {
      const model = smallModel();
      const reuse = withReuse(model, {policy: 'incremental', engine});
      tf.dispose(reuse.predict(scene()));
      const full = {tensors: tf.memory().numTensors, bytes: reuse.cache.bytes};
      for (const forget of [() => reuse.reset(), () => reuse.cache.clear()]) {
        forget();
        expect(reuse.cache.bytes).toBe(0);
        // The WebAssembly engine keeps no tensors.
        if (engine === 'tfjs') expect(tf.memory().numTensors).toBeLessThan(full.tensors);
        tf.dispose(reuse.predict(scene()));
        expect(reuse.lastFrame?.path).toBe('prime');
        expect({tensors: tf.memory().numTensors, bytes: reuse.cache.bytes}).toEqual(full);
      }
      reuse.dispose();
      model.dispose();
    },
  );

  test('a thousand cuts, with a threshold relative to the first frame, leave nothing behind', () => {
    const model = smallModel();
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, {
      policy: 'incremental',
      threshold: {relative: 0.05},
      inputThreshold: 0.01,
    });
    tf.dispose(reuse.predict(scene(0)));
    const after = tf.memory().numTensors;
    for (let t = 1; t < 1000; t++) {
      if (t % 10 === 0) reuse.reset();
      tf.dispose(reuse.predict(scene(t % 7)));
    }
    expect(tf.memory().numTensors).toBe(after);
    reuse.dispose();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});
