/** What backends decide otherwise than each other is decided as the one in use does it. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {importLayersModel} from '../../src/importers';
import {nearestRows} from '../../src/importers/asked';
import {backends, useBackend} from '../backends';
import {sidesInTurn} from '../promises/helpers';
import {TfGraph} from './graph/tf-graph';
import {expectClose, kinds, numbers, randomize, single} from './helpers';

/** Sizes at which a product in float32 falls on the other side of a whole number than one in float64. */
const RESIZES = [
  [3, 123, 'neither'],
  [3, 192, 'neither'],
  [14, 23, 'half pixels'],
  [14, 23, 'aligned'],
  [16, 23, 'aligned'],
  [6, 11, 'aligned'],
  [2, 2, 'aligned'],
  [7, 1, 'aligned'],
] as const;

function ramp(shape: readonly number[]): tf.Tensor {
  return tf.reshape(tf.range(0, tf.util.sizeFromShape([...shape])), [...shape]);
}

describe.each(sidesInTurn(0))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  it.each(RESIZES)(
    'a nearest resize of %i rows to %i, corners %s, takes its rows',
    async (from, to, corners) => {
      const graph = new TfGraph();
      const resized = graph.node(
        'ResizeNearestNeighbor',
        [graph.input('x', [1, from, 1, 1]), graph.integers([to, 1])],
        {
          align_corners: corners === 'aligned',
          half_pixel_centers: corners === 'half pixels',
        },
      );
      graph.node('Relu', [resized]);
      const model = await graph.load();
      const reuse = withReuse(model, {policy: 'incremental', engine});
      tf.tidy(() => {
        const x = ramp([1, from, 1, 1]);
        const [plain, own] = [model, reuse].map((one) => (one.predict(x) as tf.Tensor).dataSync());
        expect(own).toEqual(plain);
      });
      reuse.dispose();
      model.dispose();
    },
  );

  it('an enlargement by a large factor takes its rows', () => {
    const model = single(layers.upSampling2d({size: [41, 1]}) as layers.Layer, [3, 1, 1]);
    const reuse = withReuse(model, {policy: 'incremental', engine});
    tf.tidy(() => {
      const x = ramp([1, 3, 1, 1]);
      const [plain, own] = [model, reuse].map((one) => (one.predict(x) as tf.Tensor).dataSync());
      expect(own).toEqual(plain);
    });
    reuse.dispose();
    model.dispose();
  });

  it.each([[[1]], [[2]], [[3]], [[1, 2]], [[1, 3]], [[2, 3]], [[1, 2, 3]], [undefined]])(
    'a PReLU with the shared axes %j has its slopes, dense and incremental',
    (sharedAxes) => {
      const model = single(layers.prelu({sharedAxes}) as layers.Layer, [4, 5, 3]);
      randomize(model, 5);
      const reuse = withReuse(model, {policy: 'incremental', engine});
      tf.tidy(() => {
        const frame = numbers(60, 2);
        for (let t = 0; t < 3; t++) {
          frame[7 * t] = -1 - t;
          const x = tf.tensor(frame.slice(), [1, 4, 5, 3]);
          const [plain, own] = [model, reuse].map((one) => (one.predict(x) as tf.Tensor).dataSync());
          expect(own).toEqual(plain);
        }
      });
      reuse.dispose();
      model.dispose();
    },
  );

  it.each([[[4, 1, 3]], [[4, 5, 1]], [[1, 5, 3]], [[1, 1, 1]]])(
    'a Prelu of a graph whose slopes are of the shape %j has them, dense and incremental',
    async (shape) => {
      const graph = new TfGraph();
      const x = graph.node('Tanh', [graph.input('x', [1, 4, 5, 3])]);
      graph.node('Prelu', [x, graph.floats(shape)]);
      const model = await graph.load();
      const reuse = withReuse(model, {policy: 'incremental', engine});
      tf.tidy(() => {
        const frame = numbers(60, 2);
        for (let t = 0; t < 3; t++) {
          frame[7 * t] = -1 - t;
          const x = tf.tensor(frame.slice(), [1, 4, 5, 3]);
          expectClose([reuse.predict(x) as tf.Tensor], [model.predict(x) as tf.Tensor]);
        }
      });
      reuse.dispose();
      model.dispose();
    },
  );

  it("the answer to one frame stays, whoever computes it with policy 'auto'", () => {
    const conv = {filters: 4, kernelSize: 3, padding: 'same'} as const;
    const model = sequential({
      layers: [
        layers.conv2d({...conv, inputShape: [16, 12, 2]}),
        layers.prelu({sharedAxes: [2]}) as layers.Layer,
        layers.conv2d(conv),
      ],
    });
    randomize(model, 5);
    const reuse = withReuse(model, {policy: 'auto', engine});
    tf.tidy(() => {
      const x = tf.tensor(numbers(16 * 12 * 2, 3), [1, 16, 12, 2]);
      const plain = model.predict(x) as tf.Tensor;
      for (let t = 0; t < 10; t++) {
        // Half of the streams begin anew, so that more than one way to compute it comes up.
        if (t % 2 === 0) reuse.cache.clear();
        expectClose([reuse.predict(x) as tf.Tensor], [plain]);
      }
    });
    reuse.dispose();
    model.dispose();
  });
});

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('is asked once', () => {
    const asks = jest.spyOn(tf.image, 'resizeNearestNeighbor');
    const axis = {from: 5, to: 37, alignCorners: false, halfPixelCenters: true};
    const before = tf.memory().numTensors;
    const rows = nearestRows(axis);
    expect(nearestRows(axis)).toEqual(rows);
    expect(asks).toHaveBeenCalledTimes(1);
    expect(tf.memory().numTensors).toBe(before);
    asks.mockRestore();
  });

  it('an enlargement by a small factor stays one', () => {
    const model = single(layers.upSampling2d({size: [2, 3]}) as layers.Layer, [64, 48, 3]);
    expect(kinds(importLayersModel(model, [[64, 48, 3]]))).toEqual(['upsample2d']);
    model.dispose();
  });
});
