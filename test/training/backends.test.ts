/** What episodes need of tfjs's backends. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {backends, useBackend} from '../backends';

const onWasm = backends.includes('wasm') ? it : it.skip;

function convolution(): tfl.LayersModel {
  const model = tfl.sequential();
  model.add(tfl.layers.conv2d({inputShape: [6, 7, 2], filters: 4, kernelSize: 3, name: 'trunk'}));
  return model;
}

onWasm("tfjs's wasm backend lacks the gradients that the portable engine needs: it says which", async () => {
  await useBackend('wasm');
  const model = convolution();
  const refuse = () => withReuse(model, {engine: 'tfjs'}).record();
  expect(refuse).toThrow("the gradient of 'trunk' needs 'Conv2DBackpropFilter'");
  model.dispose();
});

onWasm('beside the wasm backend, which cannot train a convolution, an episode trains one', async () => {
  await useBackend('wasm');
  const model = convolution();
  const reuse = withReuse(model);
  const frames = [1, 2, 3].map((seed) => tf.randomUniform([1, 6, 7, 2], -1, 1, 'float32', seed));
  const optimizer = tf.train.sgd(0.5);
  const losses = Array.from({length: 8}, () => {
    const episode = reuse.record();
    frames.forEach((frame) => tf.dispose(reuse.predict(frame)));
    const {value, grads} = episode.valueAndGrads(
      (outputs) => tf.mean(tf.square(tf.sub(outputs as tf.Tensor, 1))) as tf.Scalar,
    );
    optimizer.applyGradients(grads as never);
    return value.dataSync()[0];
  });
  expect(losses[7]).toBeLessThan(losses[0] / 2);
  reuse.dispose();
  model.dispose();
});

onWasm('a loss that needs a gradient which the wasm backend lacks is told by its kernel', async () => {
  await useBackend('wasm');
  const model = convolution();
  const reuse = withReuse(model);
  const episode = reuse.record();
  tf.dispose(reuse.predict(tf.ones([1, 6, 7, 2])));
  const filter = tf.ones([3, 3, 4, 1]) as tf.Tensor4D;
  const loss = (outputs: unknown) => {
    // Differentiable, but only where the backend has the gradient of a depthwise convolution.
    return tf.sum(tf.depthwiseConv2d(outputs as tf.Tensor4D, filter, 1, 'same')) as tf.Scalar;
  };
  expect(() => episode.valueAndGrads(loss)).toThrow(/needs 'DepthwiseConv2dNativeBackpropInput'/);
  reuse.dispose();
  model.dispose();
});

onWasm('an alpha of each pixel is trained there on the portable engine as on the other', async () => {
  await useBackend('wasm');
  const model = tfl.sequential();
  model.add(tfl.layers.prelu({inputShape: [4, 5, 2], alphaInitializer: 'glorotNormal'}));
  model.add(tfl.layers.globalAveragePooling2d({}));
  const [actual, expected] = (['tfjs', 'wasm'] as const).map((engine) => {
    const reuse = withReuse(model, {engine});
    const episode = reuse.record();
    // One pixel differs, so that the second frame goes back through that one alone.
    for (const pixel of [-1, 7]) {
      const at = (i: number) => (i >> 1 === pixel ? -2 : Math.sin(i));
      reuse.run(Float32Array.from({length: 40}, (_, i) => at(i)));
    }
    const {grads} = episode.valueAndGrads((outputs) => tf.sum(tf.square(outputs as tf.Tensor)) as tf.Scalar);
    reuse.dispose();
    return Object.values(grads)[0].dataSync();
  });
  expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6));
  model.dispose();
});
