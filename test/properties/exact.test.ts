/**
 * Promise 1, over random networks and random clips: a frame's result is what a fresh engine computes for that frame,
 * bit for bit, and what the wrapped model computes: to within 1e-5 of its largest magnitude, or, where the model's own
 * float32 results in the clip are that far from float64, four times that distance.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {wasmEngine} from '../../src/engines/wasm/engine';
import {backends, useBackend, type BackendName} from '../backends';
import {importLayersModel} from '../../src/importers';
import {float64} from '../reference/float64';
import {applyEdit, buildNetwork, clip, network, type Edit, type NetworkSpec} from './networks';
import {sample} from '../scale';

const SAMPLE = sample({short: 5, ci: 50, long: 350});

type EngineName = 'auto' | 'tfjs';

/**
 * Whether a pixel is computed alike in a patch and in a whole plane. Our own kernels do; the portable engine is as good
 * as its backend: tensorflow picks algorithms by shape, and so does the average pool of wasm.
 */
function isBitwise(engine: EngineName, backend: BackendName, model: LayersModel, spec: NetworkSpec): boolean {
  const {layers, input} = spec;
  const hasOwnKernels = () =>
    wasmEngine.unsupportedReason(importLayersModel(model, [input]), backend) === null;
  if (backend === 'cpu' || (engine === 'auto' && hasOwnKernels())) return true;
  return backend === 'wasm' && layers.every(({kind}) => kind !== 'averagePool');
}

const bits = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);
const bytes = ({buffer, byteOffset, byteLength}: Float32Array) => Buffer.from(buffer, byteOffset, byteLength);

/** The same bits. Jest compares at its leisure, so that it is asked only where there is something to print. */
function expectSame(actual: Float32Array, other: Float32Array): void {
  if (!bytes(actual).equals(bytes(other))) expect(bits(actual)).toEqual(bits(other));
}

const values = (tensor: unknown) => (tensor as tf.Tensor).dataSync().slice() as Float32Array;

/** The largest difference; NaN where there is one, so that it fails every comparison. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** What the wrapped model computes for each frame of a clip, and how far that is from float64. */
class Expected {
  readonly frames: Float32Array[];
  readonly outputs: Float32Array[];
  private inexact: number | null = null;

  constructor(
    private readonly model: LayersModel,
    private readonly input: NetworkSpec['input'],
    edits: readonly Edit[],
  ) {
    const frame = new Float32Array(input[0] * input[1] * input[2]);
    this.frames = edits.map((edit) => {
      applyEdit(frame, input, edit);
      return frame.slice();
    });
    this.outputs = this.frames.map((pixels) =>
      tf.tidy(() => values(model.predict(tf.tensor4d(pixels, [1, ...input])))),
    );
  }

  /** The largest distance of a result of the model from float64; worked out when a frame needs it. */
  get distance(): number {
    const exact = (frame: Float32Array) => float64(importLayersModel(this.model, [this.input]), [frame])[0];
    this.inexact ??= Math.max(...this.frames.map((frame, t) => distance(this.outputs[t], exact(frame))));
    return this.inexact;
  }
}

function expectClose(actual: Float32Array, other: Float32Array, what: string, expected: Expected): void {
  const largest = other.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = distance(actual, other);
  if (worst <= 1e-5 * largest || worst <= 4 * expected.distance) return;
  throw new Error(
    `${what}: off by ${worst}, largest value ${largest}, model from float64 ${expected.distance}`,
  );
}

function play(engine: EngineName, backend: BackendName, spec: NetworkSpec, edits: Edit[]): void {
  const model = buildNetwork(spec, backend);
  const reuse = withReuse(model, {policy: 'incremental', engine});
  const fresh = withReuse(model, {policy: 'incremental', engine});
  const bitwise = isBitwise(engine, backend, model, spec);
  try {
    const expected = new Expected(model, spec.input, edits);
    expected.frames.forEach((frame, t) => {
      tf.tidy(() => {
        const x = tf.tensor4d(frame, [1, ...spec.input]);
        const actual = values(reuse.predict(x));
        fresh.reset();
        const alone = values(fresh.predict(x));
        if (bitwise) expectSame(actual, alone);
        else expectClose(actual, alone, `frame ${t} against a fresh model`, expected);
        expectClose(actual, expected.outputs[t], `frame ${t} against model.predict`, expected);
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

  it.each<EngineName>(['auto', 'tfjs'])(
    `with engine '%s', equals a fresh model and model.predict in ${SAMPLE.numRuns} random networks over 20 frames each`,
    (engine) => {
      const before = tf.memory().numTensors;
      fc.assert(
        fc.property(network, clip, (spec, edits) => play(engine, backend, spec, edits)),
        SAMPLE,
      );
      expect(tf.memory().numTensors).toBe(before);
    },
    900_000,
  );
});
