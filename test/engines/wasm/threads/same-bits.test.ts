/**
 * Every number of threads gives the same bits: random graphs over random clips, each frame computed by one thread, and by others that
 * share every list in chunks of a few items. In every second one the caller leaves all of it to the workers, so that they really compute.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {ActivationCache} from '../../../../src/cache';
import type {Program} from '../../../../src/engines/engine';
import {wasmEngine} from '../../../../src/engines/wasm/engine';

import {planeOf} from '../../../../src/graph';
import {useBackend} from '../../../backends';
import {sample} from '../../../scale';
import {graphSpec} from '../../fuzz/graph-spec';
import {clipSpec, ClipInput} from '../../fuzz/random-clip';
import {RandomGraph} from '../../fuzz/random-graph';
import {firstDifference, valuesOf} from '../../fuzz/values';
import {EVERYTHING, NOTHING, poolNow, useThreads} from './pools';

const SAMPLE = sample({short: 25, ci: 200, long: 1000});

beforeAll(() => useBackend('cpu'));
afterAll(() => useThreads(1));

/** A stream of a program, whose frames are computed by so many threads. */
class Side {
  private readonly cache = new ActivationCache();

  constructor(
    private readonly program: Program,
    private readonly shares: boolean,
  ) {}

  /** In turns, for there is a single worker on two threads. */
  private callerTakes = false;

  async show(frame: Float32Array[], strides: number[], commit: boolean): Promise<Float32Array[]> {
    this.callerTakes = !this.callerTakes;
    poolNow().tune(this.shares ? {...EVERYTHING, callerTakes: this.callerTakes} : NOTHING);
    const arrays = frame.map((data, i) => ({data, stride: strides[i]}));
    const delta = this.program.difference(this.cache, arrays, null);
    return valuesOf(this.program.run(this.cache, arrays, delta, {commit: commit || delta.full}).outputs);
  }

  dispose(): void {
    this.cache.dispose();
  }
}

it.each([2, 3])('%i threads', async (threads) => {
  await useThreads(threads);
  await fc.assert(
    fc.asyncProperty(graphSpec, clipSpec, async (spec, clip) => {
      const random = new RandomGraph(spec);
      const program = wasmEngine.compile(random.graph, {thresholds: new Map(), inputThreshold: 0});
      const inputs = random.graph.inputs.map(
        (id, i) => new ClipInput(planeOf(random.graph.values[id]), {...clip, extra: 0, seed: clip.seed + i}),
      );
      const strides = inputs.map(({plane}) => plane.channels);
      const [alone, shared] = [new Side(program, false), new Side(program, true)];
      try {
        for (const {edit, variant} of clip.frames) {
          inputs.forEach((input) => input.edit(edit.rects));
          const frame = inputs.map((input) => Float32Array.from(input.frame().data));
          const commit = variant === null;
          const [expected, actual] = [
            await alone.show(frame, strides, commit),
            await shared.show(frame, strides, commit),
          ];
          expected.forEach((values, id) => {
            const at = firstDifference(actual[id], values);
            if (at >= 0)
              throw new Error(`value ${id}: ${actual[id][at]} at ${at}, one thread has ${values[at]}`);
          });
        }
      } finally {
        [alone, shared, program, random].forEach((one) => one.dispose());
      }
    }),
    SAMPLE,
  );
  expect(tf.memory().numTensors).toBe(0);
});
