/** What the layers hold, and that they give all of it back. */
import * as tf from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import {IncrementalConv2D, withReuse} from '../../src';
import {backends, useBackend} from '../backends';
import {batchOf, editedFrames, incremental, kinds, random, sequentialOf, type Kind} from './helpers';
import {atScale} from '../scale';

const FRAMES = atScale({short: 50, ci: 300, long: 1000});

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(kinds)('$name', (kind: Kind) => {
    it(`holds the same tensors after ${FRAMES} predictions as after the first, and none when disposed`, () => {
      const before = tf.memory().numTensors;
      const own = kind.name.startsWith('withReuse');
      const model = sequentialOf(kind, kind.reusing);
      const x = tf.zeros([1, ...kind.shape]);
      const next = random(9);
      const values = x.dataSync().slice();
      tf.dispose(model.predict(x));
      // The first frames of each path may make something that stays.
      for (let i = 0; i < 20; i++) tf.dispose(model.predict(x));
      const {numTensors} = tf.memory();
      for (let i = 0; i < FRAMES; i++) {
        if (i % 3 > 0) values[Math.floor(next() * values.length)] = next();
        const frame = tf.tensor(values.slice(), [1, ...kind.shape]);
        tf.dispose(model.predict(frame));
        frame.dispose();
      }
      expect(tf.memory().numTensors).toBe(numTensors);
      const {length} = model.layers[0].weights;
      const weights = [...model.layers[0].weights];
      model.dispose();
      x.dispose();
      // The weights of a layer that was wrapped stay: it is not this one's.
      expect(tf.memory().numTensors - before).toBe(own ? length : 0);
      if (own) weights.forEach((weight) => weight.dispose());
      expect(tf.memory().numTensors).toBe(before);
    });

    it('leaks nothing over batches, and over inputs of many shapes', () => {
      const layer = kind.reusing(kind.config);
      const predict = (grow: number, rows: number) =>
        tf.tidy(
          () =>
            void layer.apply(
              tf.randomUniform([rows, ...kind.shape.map((side, i) => (i === 0 ? side + grow : side))]),
            ),
        );
      const sweep = () => {
        for (let grow = 0; grow < 12; grow++) for (const rows of [1, 3]) predict(grow, rows);
      };
      sweep();
      const {numTensors} = tf.memory();
      const {cacheBytes} = layer as unknown as {cacheBytes: number};
      sweep();
      expect(tf.memory().numTensors).toBe(numTensors);
      expect((layer as unknown as {cacheBytes: number}).cacheBytes).toBe(cacheBytes);
      layer.dispose();
    });
  });

  it('a wrapped layer and its weights outlive their wrappers, built before or after', () => {
    for (const builtBefore of [true, false]) {
      const before = tf.memory().numTensors;
      const layer = layers.conv2d({filters: 2, kernelSize: 3});
      const x = tf.ones([1, 6, 6, 1]);
      if (builtBefore) tf.dispose(layer.apply(x) as tf.Tensor);
      const wrappers = [withReuse(layer), withReuse(layer)];
      wrappers.forEach((wrapper) => tf.dispose(wrapper.apply(x) as tf.Tensor));
      expect(wrappers[0].dispose()).toEqual({refCountAfterDispose: 0, numDisposedVariables: 0});
      tf.dispose([wrappers[1].apply(x), layer.apply(x)] as tf.Tensor[]);
      expect(() => wrappers[0].apply(x)).toThrow(/already disposed/);
      wrappers[1].dispose();
      layer.weights.forEach((weight) => weight.dispose());
      x.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  });

  it.each(incremental)('$name disposes its own weights, when its last user goes', (kind) => {
    const disposedBy = (make: Kind['plain']) => {
      const before = tf.memory().numTensors;
      const layer = make({...kind.config, inputShape: kind.shape});
      const x = batchOf(kind.shape, editedFrames(kind.shape, 2));
      const [a, b] = [0, 1].map(() => {
        const y = input({shape: kind.shape});
        return modelOf({inputs: y, outputs: layer.apply(y) as SymbolicTensor});
      });
      tf.dispose([a.predict(x), b.predict(x)]);
      const counts = [a.dispose().numDisposedVariables];
      tf.dispose(b.predict(x));
      counts.push(b.dispose().numDisposedVariables);
      x.dispose();
      return [...counts, tf.memory().numTensors - before];
    };
    expect(disposedBy(kind.reusing)).toEqual(disposedBy(kind.plain));
    expect(disposedBy(kind.reusing).at(-1)).toBe(0);
  });

  it('reset() forgets the last input, and gives its memory back', () => {
    const layer = new IncrementalConv2D({filters: 2, kernelSize: 3}) as IncrementalConv2D & layers.Layer;
    const x = tf.ones([1, 6, 6, 1]);
    const first = layer.apply(x) as tf.Tensor;
    expect(layer.cacheBytes).toBeGreaterThan(0);
    layer.reset();
    expect(layer.cacheBytes).toBe(0);
    expect((layer.apply(x) as tf.Tensor).dataSync()).toEqual(first.dataSync());
  });
});
