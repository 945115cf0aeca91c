/** A thread is lost in mid-frame: the frame ends in an error, the cache is empty, and what it may yet write into is used no more. */
import * as tfl from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../../src';
import {currentInstance} from '../../../../src/engines/wasm/instance';
import {getThreads} from '../../../../src/engines/wasm/set-threads';
import {LostThread} from '../../../../src/engines/wasm/threads';
import {useBackend} from '../../../backends';
import {EVERYTHING, poolNow, useThreads} from './pools';

const SHAPE: [number, number, number] = [24, 20, 3];

beforeAll(() => useBackend('cpu'));
afterAll(() => useThreads(1));

function network(): tfl.LayersModel {
  const input = tfl.input({shape: SHAPE});
  const conv = tfl.layers.conv2d({filters: 6, kernelSize: 3, activation: 'relu'}).apply(input);
  const dense = tfl.layers.dense({units: 5}).apply(tfl.layers.flatten().apply(conv) as tfl.SymbolicTensor);
  return tfl.model({inputs: input, outputs: dense as tfl.SymbolicTensor});
}

const frame = (seed: number) =>
  Float32Array.from({length: SHAPE[0] * SHAPE[1] * SHAPE[2]}, (_, i) => ((i + 7 * seed) % 255) / 255);

test('it is named, and the next frame is computed in full, elsewhere, with the same bits', async () => {
  await useThreads(2);
  const model = network();
  const reuse = withReuse(model, {engine: 'wasm', policy: 'incremental'});
  const expected = [0, 1, 2].map((seed) => reuse.run(frame(seed)));
  reuse.run(frame(0));
  expect(reuse.lastFrame!.threads).toEqual({count: 2, reason: null});
  const before = currentInstance()!;

  poolNow().tune({...EVERYTHING, loses: true});
  expect(() => reuse.run(frame(1))).toThrow(LostThread);
  expect(reuse.cache.bytes).toBe(0);
  expect(reuse.run(frame(1))).toEqual(expected[1]);
  expect(reuse.lastFrame!.path).toBe('prime');

  expect(currentInstance()).not.toBe(before);
  expect(currentInstance()!.build).toBe(before.build);
  expect(currentInstance()!.memory).not.toBe(before.memory);
  expect(before.isLost).toBe(true);
  expect(getThreads()).toBe(1);

  await useThreads(2);
  poolNow().tune(EVERYTHING);
  expect(reuse.run(frame(2))).toEqual(expected[2]);
  reuse.dispose();
  model.dispose();
});
