/**
 * Random graphs of every op on the WebGPU engine, each over a random clip, whatever NaN, infinities and zeros of either sign
 * are in the frames: beside what every engine promises (../fuzz/play.ts), every node's output is near what float64 computes
 * from the node's own inputs, or NaN where that is; with thresholds within them of it.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import type {Threshold} from '../../../src/engines/engine';
import {webgpuEngine} from '../../../src/engines/webgpu/engine';
import type {Node} from '../../../src/graph';
import {graphSpec} from '../fuzz/graph-spec';
import {Play, type Judged} from '../fuzz/play';
import {clipSpec} from '../fuzz/random-clip';
import {onWebGpu} from './backend';
import {sample} from '../../scale';

const SAMPLE = sample({short: 20, ci: 60, long: 100});

/** Of the largest magnitude of a node's result: as tfjs's own backend is held to. */
const TOLERANCE = 1e-4;

const thresholdSpec = fc.oneof(
  {weight: 3, arbitrary: fc.constant<Threshold | null>(null)},
  {weight: 1, arbitrary: fc.constantFrom<Threshold | null>(0.1, 1, {relative: 0.2})},
);

/**
 * Ops whose results among numbers that are none are another matter: exponentials of infinities, and a maximum of nothing,
 * which tfjs takes for a very small number on one backend and for minus infinity on others.
 */
const IS_LOOSE = (node: Node) =>
  node.op.kind === 'pool2d' || ('activation' in node.op && /softmax/i.test(node.op.activation.name));

class WebGpuPlay extends Play {
  override async run(): Promise<void> {
    await super.run();
    expect(this.cache.bytes).toBeGreaterThanOrEqual(this.program.cacheBytes);
  }

  protected override judgeValues({node, id, actual, exact, tolerances, channels}: Judged): void {
    const largest = Array.from(exact).reduce(
      (most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most),
      0,
    );
    const isStrict = tolerances === undefined && !IS_LOOSE(node);
    for (let i = 0; i < exact.length; i++) {
      if (isStrict && Number.isNaN(exact[i])) expect(actual[i]).toBeNaN();
      if (!Number.isFinite(exact[i]) || Math.abs(exact[i]) > 1e30) continue;
      const tolerance = tolerances?.[i % channels] ?? 0;
      // One that is no number keeps nothing.
      const allowed = (Number.isNaN(tolerance) ? 0 : tolerance) * (1 + 1e-5) + TOLERANCE * largest + 1e-6;
      if (Math.abs(actual[i] - exact[i]) <= allowed) continue;
      throw new Error(
        `node ${node.id}, value ${id}: ${actual[i]} at ${i}, expected ${exact[i]} within ${allowed}`,
      );
    }
  }
}

onWebGpu('random graphs', () => {
  it(`${SAMPLE.numRuns} graphs and clips`, async () => {
    const tensors = tf.memory().numTensors;
    await fc.assert(
      fc.asyncProperty(graphSpec, clipSpec, thresholdSpec, async (graph, clip, threshold) => {
        const play = new WebGpuPlay(webgpuEngine, graph, clip, [threshold]);
        try {
          await play.run();
        } catch (error) {
          throw new Error(`${(error as Error).message}\n${play.description}`, {cause: error});
        } finally {
          play.dispose();
        }
      }),
      {...SAMPLE, endOnFailure: true},
    );
    expect(tf.memory().numTensors).toBe(tensors);
  }, 900_000);
});
