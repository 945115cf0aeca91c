/** A host whose WebAssembly has no SIMD: there are no kernels, and the portable engine computes. */
import * as tf from '@tensorflow/tfjs';
import {ready, withReuse} from '../../../src';
import {currentInstance, hostReason, prepare} from '../../../src/engines/wasm/instance';

const NO_SIMD = "this host's WebAssembly has no SIMD";

function modelAndFrames() {
  const conv = tf.layers.conv2d({filters: 2, kernelSize: 3, inputShape: [6, 5, 1]});
  const first = tf.randomUniform([1, 6, 5, 1], -1, 1, 'float32', 1);
  const second = tf.concat([first.slice([0, 0], [1, 5]), first.slice([0, 0], [1, 1])], 1);
  return {model: tf.sequential({layers: [conv]}), frames: [first, second]};
}

// The kernels are looked for once, when they are first asked for.
beforeAll(async () => {
  jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  await tf.setBackend('cpu');
});
afterAll(() => jest.restoreAllMocks());

test('has no kernels, however long one waits, and says why', async () => {
  expect(currentInstance()).toBeNull();
  await prepare();
  expect(currentInstance()).toBeNull();
  expect(hostReason()).toBe(NO_SIMD);
});

test('takes the portable engine', async () => {
  await ready();
  const {model, frames} = modelAndFrames();
  const reuse = withReuse(model, {policy: 'incremental'});
  for (const frame of frames) {
    const [actual, expected] = [reuse, model].map((one) => (one.predict(frame) as tf.Tensor).dataSync());
    expect(actual).toEqual(expected);
    expect((await reuse.report())!.layers[0].engine).toBe('tfjs');
  }
});

test('refuses the engine that takes SIMD, with the reason', () => {
  const {model, frames} = modelAndFrames();
  const reuse = withReuse(model, {engine: 'wasm'});
  expect(() => reuse.predict(frames[0])).toThrow(`the wasm engine cannot run this model: ${NO_SIMD}.`);
});
