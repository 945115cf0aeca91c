/**
 * Promise 1, over random networks and random films: a frame's result is what a fresh engine computes for that frame,
 * bit for bit, and what the wrapped model computes: to within 1e-5 of its largest magnitude, or, where the model's own
 * float32 result is that far from float64, four times that distance.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {withReuse} from '../../src';
import {backends, useBackend, type BackendName} from '../backends';
import {importLayersModel} from '../../src/importers';
import {float64} from '../reference/float64';
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

/** The largest difference; NaN where there is one, so that it fails every comparison. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

function expectClose(
  actual: Float32Array,
  expected: Float32Array,
  what: string,
  exact: () => ArrayLike<number>,
): void {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = distance(actual, expected);
  if (worst <= 1e-5 * largest || worst <= 4 * distance(expected, exact())) return;
  throw new Error(
    `${what}: off by ${worst}, largest value ${largest}, from float64 ${distance(expected, exact())}`,
  );
}

function play(backend: BackendName, spec: NetworkSpec, edits: Edit[]): void {
  const model = buildNetwork(spec, backend);
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
        const exact = () => float64(importLayersModel(model, [spec.input]), [frame])[0];
        if (isBitwise(backend, spec)) expect(bits(actual)).toEqual(bits(alone));
        else expectClose(actual, alone, `frame ${t} against a fresh model`, exact);
        expectClose(actual, values(model.predict(x)), `frame ${t} against model.predict`, exact);
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
