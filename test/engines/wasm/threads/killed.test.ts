/**
 * Workers end at any time, as a host may end them: each frame is right, or it ends in an error that says that a thread was lost, with an
 * empty cache; and the frames after it are right.
 */
import * as fc from 'fast-check';
import * as tfl from '@tensorflow/tfjs-layers';
import {withReuse} from '../../../../src';
import {setThreads} from '../../../../src/engines/wasm/set-threads';
import {LostThread} from '../../../../src/engines/wasm/threads';
import {random} from '../../../properties/networks';
import {useBackend} from '../../../backends';
import {sample} from '../../../scale';
import {EVERYTHING, NOTHING, poolNow, useThreads} from './pools';

const FRAMES = sample({short: 60, ci: 500, long: 10_000}).numRuns!;
const SHAPE: [number, number, number] = [30, 30, 3];

beforeAll(() => useBackend('cpu'));
afterAll(() => useThreads(1));

test(`in ${FRAMES} frames`, async () => {
  const input = tfl.input({shape: SHAPE});
  const conv = tfl.layers.conv2d({filters: 7, kernelSize: 3, activation: 'relu'}).apply(input);
  const pool = tfl.layers.globalAveragePooling2d({}).apply(conv as tfl.SymbolicTensor);
  const model = tfl.model({inputs: input, outputs: pool as tfl.SymbolicTensor});
  const options = {engine: 'wasm', policy: 'incremental'} as const;
  const [alone, shared] = [withReuse(model, options), withReuse(model, options)];
  const next = random(fc.sample(fc.nat(1 << 20), 1)[0]);
  const frame = Float32Array.from({length: 2700}, () => next());
  let right = 0;
  await useThreads(3);
  for (let t = 0; t < FRAMES; t++) {
    if (next() < 0.02) await setThreads(2 + Math.floor(next() * 2));
    for (let i = 0; i < 30; i++) frame[Math.floor(next() * frame.length)] = next();
    poolNow().tune(NOTHING);
    const expected = alone.run(frame);
    poolNow().tune(EVERYTHING);
    if (next() < 0.1) poolNow().endOne();
    // Its end may come in mid-frame only if the frame begins at once.
    if (next() < 0.95) await new Promise((resolve) => setTimeout(resolve, 8 * next()));
    try {
      expect(shared.run(frame)).toEqual(expected);
      right++;
    } catch (error) {
      if (!(error instanceof LostThread)) throw error;
      expect(shared.cache.bytes).toBe(0);
      await setThreads(2);
    }
  }
  expect(right).toBeGreaterThan(FRAMES / 2);
  [alone, shared].forEach((reuse) => reuse.dispose());
  model.dispose();
}, 600_000);
