/** Gradients of convolutions in tiles, over a plane of more pixels than go back at once: as tf.variableGrads of the plain model. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../../src';
import {TILED_CHUNK} from '../../../../src/engines/wasm/ops/shared/backward-op';
import {useBackend} from '../../../backends';
import {random} from '../../../properties/networks';

beforeAll(() => useBackend('cpu'));

test.each([
  ['many rows', 66, 17],
  ['rows longer than that', 3, 1040],
])('%s', (_, height, width) => {
  expect(height * width).toBeGreaterThan(TILED_CHUNK);
  // Smooth: at the edge of a relu rounding decides.
  const conv = {filters: 16, kernelSize: 3, padding: 'same', activation: 'elu'} as const;
  const model = sequential({
    layers: [
      layers.conv2d({inputShape: [height, width, 1], ...conv}),
      layers.conv2d(conv),
      layers.globalAveragePooling2d({}),
      layers.dense({units: 2}),
    ],
  });
  const next = random(3);
  const frame = Float32Array.from({length: height * width}, () => next() - 0.5);
  tf.tidy(() => {
    const frames = [0, 1].map((t) => {
      for (let i = 0; i < 30 * t; i++) frame[Math.floor(next() * frame.length)] = next();
      return tf.tensor4d(frame.slice(), [1, height, width, 1]);
    });
    const loss = (outputs: tf.Tensor) => tf.sum(tf.square(outputs)) as tf.Scalar;
    const reuse = withReuse(model, {engine: 'wasm'});
    const episode = reuse.record();
    frames.forEach((x) => reuse.predict(x));
    const {grads} = episode.valueAndGrads((outputs) => loss(outputs as tf.Tensor));
    reuse.dispose();
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const plain = () => loss(tf.concat(frames.map((x) => model.apply(x) as tf.Tensor)));
    for (const [name, expected] of Object.entries(tf.variableGrads(plain, variables).grads)) {
      const scale = tf.max(tf.abs(expected)).dataSync()[0];
      const off = tf.max(tf.abs(tf.sub(expected, grads[name]))).dataSync()[0];
      expect(off).toBeLessThanOrEqual(1e-5 * scale);
    }
  });
  model.dispose();
});
