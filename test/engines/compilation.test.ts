/** When a graph is compiled anew: engines tell that they came or went, and only then it is looked at which one to take. */
import * as tf from '@tensorflow/tfjs-core';
import {layers} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../src';
import {engineChanged} from '../../src/engines/shared/changes';
import {wasmEngine} from '../../src/engines/wasm/engine';
import {useBackend} from '../backends';
import {poke, scene, smallModel, tensorOf} from '../promises/helpers';

beforeAll(() => useBackend('cpu'));

const isReady = jest.spyOn(wasmEngine, 'isReady');
beforeEach(() => isReady.mockReset().mockReturnValue(true));
afterAll(() => isReady.mockRestore());

const frame = scene();

function engineOf(reuse: ReuseModel): {path: string; engine: string} {
  tf.tidy(() => void reuse.predict(tensorOf(poke(frame, 1))));
  const {path, layers} = reuse.lastFrame!;
  return {path, engine: layers[0].engine};
}

test('an engine that becomes ready is taken from the next frame on', () => {
  isReady.mockReturnValue(false);
  const reuse = withReuse(smallModel(), {policy: 'incremental'});
  expect(engineOf(reuse)).toEqual({path: 'prime', engine: 'tfjs'});
  expect(engineOf(reuse)).toEqual({path: 'incremental', engine: 'tfjs'});
  isReady.mockReturnValue(true);
  engineChanged();
  expect(engineOf(reuse)).toEqual({path: 'prime', engine: 'wasm'});
  expect(engineOf(reuse)).toEqual({path: 'incremental', engine: 'wasm'});
  reuse.dispose();
});

test('nobody asks engines in a frame, and a change that means nothing for a model leaves it its cache', () => {
  const reuse = withReuse(smallModel(), {policy: 'incremental'});
  engineOf(reuse);
  isReady.mockClear();
  for (let t = 0; t < 5; t++) expect(engineOf(reuse).path).toBe('incremental');
  expect(isReady).not.toHaveBeenCalled();
  engineChanged();
  for (let t = 0; t < 5; t++) expect(engineOf(reuse).path).toBe('incremental');
  expect(isReady).toHaveBeenCalledTimes(1);
  reuse.dispose();
});

test('a layer goes over to an engine that becomes ready, and gives back what it had', () => {
  isReady.mockReturnValue(false);
  const layer = withReuse(layers.conv2d({filters: 2, kernelSize: 3}));
  const apply = () => tf.tidy(() => (layer.apply(tensorOf(scene())) as tf.Tensor).dataSync());
  const [before, tensors] = [apply(), tf.memory().numTensors];
  isReady.mockReturnValue(true);
  engineChanged();
  isReady.mockClear();
  const after = apply();
  after.forEach((value, i) => expect(value).toBeCloseTo(before[i], 5));
  expect(isReady).toHaveBeenCalled();
  expect(tf.memory().numTensors).toBeLessThan(tensors);
  layer.dispose();
});

test('an engine that is compiled while nobody waits tells when it is ready', async () => {
  jest.resetModules();
  const changes = await import('../../src/engines/shared/changes');
  const {prepare} = await import('../../src/engines/wasm/instance');
  const before = changes.engineChanges();
  await prepare();
  expect(changes.engineChanges()).toBe(before + 1);
  await prepare();
  expect(changes.engineChanges()).toBe(before + 1);
});

test('kernels that a frame had compiled meanwhile stay', async () => {
  jest.resetModules();
  const changes = await import('../../src/engines/shared/changes');
  const {currentInstance, prepare} = await import('../../src/engines/wasm/instance');
  const ready = prepare();
  const instance = currentInstance();
  const before = changes.engineChanges();
  await ready;
  expect(currentInstance()).toBe(instance);
  expect(changes.engineChanges()).toBe(before);
});
