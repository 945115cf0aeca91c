/**
 * Promise 1, over random networks and random films: a frame's result is what a fresh engine computes for that frame,
 * bit for bit, and what the wrapped model computes, to within 1e-5 of its largest magnitude.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {withReuse} from '../../src';
import {backends, useBackend, type BackendName} from '../backends';
import {applyEdit, buildNetwork, film, network, type Edit, type NetworkSpec} from './networks';

const CASES = Number(process.env['REUSE_CASES'] ?? 350);

/**
 * Whether the backend computes a pixel alike in a patch and in a whole plane. tensorflow picks algorithms by shape; so
 * does the average pool of wasm.
 */
function isBitwise(backend: BackendName, {layers}: NetworkSpec): boolean {
  if (backend === 'cpu') return true;
  return backend === 'wasm' && layers.every(({kind}) => kind !== 'averagePool');
}

const bits = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);
const values = (tensor: unknown) => (tensor as tf.Tensor).dataSync().slice() as Float32Array;

function expectClose(actual: Float32Array, expected: Float32Array, what: string): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  if (!(worst <= 1e-5 * largest)) throw new Error(`${what}: off by ${worst}, largest value ${largest}`);
}

function play(backend: BackendName, spec: NetworkSpec, edits: Edit[]): void {
  const model = buildNetwork(spec);
  const reuse = withReuse(model, {policy: 'incremental'});
  const fresh = withReuse(model, {policy: 'incremental'});
  const frame = new Float32Array(spec.input[0] * spec.input[1] * spec.input[2]);
  try {
    edits.forEach((edit, t) => {
      applyEdit(frame, spec.input, edit);
      tf.tidy(() => {
        const x = tf.tensor4d(frame.slice(), [1, ...spec.input]);
        const actual = values(reuse.predict(x));
        fresh.reset();
        const alone = values(fresh.predict(x));
        if (isBitwise(backend, spec)) expect(bits(actual)).toEqual(bits(alone));
        else expectClose(actual, alone, `frame ${t} against a fresh model`);
        expectClose(actual, values(model.predict(x)), `frame ${t} against model.predict`);
      });
    });
  } finally {
    reuse.dispose();
    fresh.dispose();
    model.dispose();
  }
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it(`equals a fresh model and model.predict in ${CASES} random networks over 20 frames each`, () => {
    const before = tf.memory().numTensors;
    fc.assert(
      fc.property(network, film, (spec, edits) => play(backend, spec, edits)),
      {numRuns: CASES},
    );
    expect(tf.memory().numTensors).toBe(before);
  }, 900_000);
});
