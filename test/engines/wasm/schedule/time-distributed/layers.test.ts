/** Which layers and models are computed over windows of frames. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../../../src';
import {backends, useBackend} from '../../../../backends';
import {numbers} from '../../../../importers/helpers';
import {expectClose} from '../../../../promises/helpers';
import {clip, Player, SHAPE, STEPS, trunk, windowed, windowOf, type Layer} from './player';

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  let player: Player;
  afterEach(() => player.dispose());

  it.each<[string, () => Layer | LayersModel, number[]]>([
    ['a layer', () => layers.conv2d({filters: 3, kernelSize: 3, strides: 2}) as Layer, [3, 9, 7, 2]],
    ['a dense layer over a row of vectors', () => layers.dense({units: 3}) as Layer, [5, 6]],
    ['a convolution over series', () => layers.conv1d({filters: 3, kernelSize: 3}) as Layer, [4, 9, 2]],
    ['a layer that hands on what it gets', () => layers.dropout({rate: 0.5}) as Layer, [4, 3, 3, 1]],
    ['a layer that no engine knows', () => layers.rescaling({scale: 2, offset: 1}) as Layer, [4, 3, 3, 2]],
    [
      'one of these in another',
      () => layers.timeDistributed({layer: layers.conv2d({filters: 2, kernelSize: 2})}) as Layer,
      [3, 2, 5, 4, 2],
    ],
  ])('%s', (_name, make, shape) => {
    player = new Player(windowed(make(), shape), shape);
    const size = tf.util.sizeFromShape(shape.slice(1));
    const frames = Array.from({length: 12}, (_, t) => {
      const values = numbers(size, 4);
      values[t % size] = t;
      return values;
    });
    for (let t = 0; t + shape[0] <= frames.length; t++) {
      const window = new Float32Array(shape[0] * size);
      frames.slice(t, t + shape[0]).forEach((frame, i) => window.set(frame, i * size));
      const computed = player.play(window);
      if (t > 0) expect(computed).toBeLessThanOrEqual(1);
    }
  });
});

it('a nested model over each frame and a head, in a sequential model', async () => {
  await useBackend('cpu');
  const model = sequential();
  model.add(layers.timeDistributed({layer: trunk() as unknown as Layer, inputShape: SHAPE, name: 'each'}));
  model.add(layers.conv1d({filters: 2, kernelSize: 3, padding: 'same'}));
  const reuse = withReuse(model, {policy: 'incremental', engine: 'wasm'});
  const frames = clip(9);
  for (let t = 0; t < 5; t++) {
    const window = windowOf(frames.slice(t, t + STEPS));
    tf.tidy(() => {
      const x = tf.tensor(window, [1, ...SHAPE]);
      expectClose((reuse.predict(x) as tf.Tensor).dataSync(), (model.predict(x) as tf.Tensor).dataSync());
    });
  }
  reuse.dispose();
  model.dispose();
});
