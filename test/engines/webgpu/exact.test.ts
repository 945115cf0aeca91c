/**
 * Promise 1 on the WebGPU engine, over random networks and clips: a frame's result is what a fresh engine computes for that
 * frame, bit for bit, and near what the wrapped model computes on tfjs's webgpu backend.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {withReuse} from '../../../src';
import {applyEdit, buildNetwork, clip, network, type Edit, type NetworkSpec} from '../../properties/networks';
import {firstDifference} from '../fuzz/values';
import {onWebGpu} from './backend';
import {atScale, sample} from '../../scale';

const SAMPLE = sample({short: 20, ci: 60, long: 200});
/** Of twenty that a clip has. */
const FRAMES = 3;
/** Of at most four that a network has: most of the time goes into tfjs's compiling a shader for each shape that it meets. */
const LAYERS = atScale({short: 2, ci: 2, long: 4});

/** Of the largest magnitude of the model's own result. */
const TOLERANCE = 1e-4;

async function play(spec: NetworkSpec, edits: readonly Edit[]): Promise<void> {
  const model = buildNetwork({...spec, layers: spec.layers.slice(0, LAYERS)}, 'cpu');
  const reuse = withReuse(model, {policy: 'incremental', engine: 'webgpu'});
  const fresh = withReuse(model, {policy: 'incremental', engine: 'webgpu'});
  const frame = new Float32Array(spec.input[0] * spec.input[1] * spec.input[2]);
  try {
    for (const [t, edit] of edits.slice(0, FRAMES).entries()) {
      applyEdit(frame, spec.input, edit);
      const x = tf.tensor4d(frame.slice(), [1, ...spec.input]);
      fresh.reset();
      const tensors = [reuse, fresh, model].map((side) => side.predict(x) as tf.Tensor);
      const [actual, alone, expected] = await Promise.all(tensors.map((y) => y.data<'float32'>()));
      tf.dispose([x, ...tensors]);
      const at = firstDifference(actual, alone);
      if (at >= 0) throw new Error(`frame ${t}: ${actual[at]} at ${at}, ${alone[at]} from scratch`);
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      actual.forEach((value, i) => {
        if (Math.abs(value - expected[i]) <= TOLERANCE * largest) return;
        throw new Error(`frame ${t}: ${value} at ${i}, the model has ${expected[i]} of at most ${largest}`);
      });
    }
  } finally {
    reuse.dispose();
    fresh.dispose();
    model.dispose();
  }
}

onWebGpu('random networks', () => {
  it(`${SAMPLE.numRuns} networks equal a fresh one, and the model`, async () => {
    const before = tf.memory().numTensors;
    await fc.assert(fc.asyncProperty(network, clip, play), {...SAMPLE, endOnFailure: true});
    expect(tf.memory().numTensors).toBe(before);
  }, 900_000);
});
