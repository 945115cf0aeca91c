/** Which batches go frame by frame on a tape, and which the backend's own convolution computes. */
import * as tf from '@tensorflow/tfjs-core';
import {WasmProgram} from '../../src/engines/wasm/program';
import {backends, useBackend} from '../backends';
import {batchOf, random} from './helpers';
import {pairFor, type Config, type Layer} from './tape-helpers';

/** Enough multiply-adds a value for frames to be worth bringing over from TensorFlow. */
const LARGE = {filters: 128, kernelSize: 7, padding: 'same'};
const LARGE_SHAPE = [24, 24, 64];
const SMALL = {filters: 2, kernelSize: 3};
const SMALL_SHAPE = [12, 12, 2];

/** Frames of noise: each a new one, or the one before it with a pixel changed. */
function noise(shape: readonly number[], count: number, isNew: boolean): tf.Tensor {
  const next = random(7);
  const size = shape.reduce((product, side) => product * side, 1);
  const frames = [Float32Array.from({length: size}, next)];
  for (let i = 1; i < count; i++) {
    const frame = isNew ? Float32Array.from({length: size}, next) : frames[i - 1].slice();
    frame[0] = next();
    frames.push(frame);
  }
  return batchOf(shape, frames);
}

/** Puts a layer on a tape, forwards alone. */
function applyOnTape(layer: Layer, x: tf.Tensor): void {
  tf.tidy(
    () =>
      void tf.grad((z) => {
        layer.apply(z);
        return tf.sum(z);
      })(x),
  );
}

function framesInEngine(config: Config, x: tf.Tensor): number {
  const {ours} = pairFor('conv2d', config, x.shape.slice(1));
  const run = jest.spyOn(WasmProgram.prototype, 'run');
  applyOnTape(ours, x);
  const {length} = run.mock.calls;
  run.mockRestore();
  return length;
}

describe.each(backends.filter((name) => name !== 'tensorflow'))('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    ['a clip', 12, false],
    ['frames that differ everywhere', 12, true],
    ['a single frame', 1, false],
  ])('%s goes frame by frame', (_what, count, isNew) => {
    expect(framesInEngine(SMALL, noise(SMALL_SHAPE, count, isNew))).toBe(count);
  });
});

const fast = backends.filter((name) => name === 'tensorflow');
(fast.length > 0 ? describe : describe.skip)('on tensorflow', () => {
  beforeAll(() => useBackend('tensorflow'));

  it('a clip goes frame by frame through a large convolution', () => {
    expect(framesInEngine(LARGE, noise(LARGE_SHAPE, 128, false))).toBe(128);
  });

  it('a clip goes frame by frame through a dilated convolution, which TensorFlow.js cannot train', () => {
    expect(framesInEngine({...SMALL, dilationRate: 2}, noise(SMALL_SHAPE, 5, false))).toBe(5);
  });

  it.each([
    ['frames that differ everywhere', LARGE, LARGE_SHAPE, 32, true],
    ['a single frame', LARGE, LARGE_SHAPE, 1, false],
    ['a few frames', LARGE, LARGE_SHAPE, 6, false],
    ['a clip through a small convolution', SMALL, SMALL_SHAPE, 64, false],
  ] as const)('%s: TensorFlow itself', (_what, config, shape, count, isNew) => {
    expect(framesInEngine(config, noise(shape, count, isNew))).toBe(0);
  });

  it('keeps nothing of the rows it looks at', () => {
    const x = noise(LARGE_SHAPE, 32, true);
    const {ours} = pairFor('conv2d', LARGE, LARGE_SHAPE);
    applyOnTape(ours, x);
    const {numTensors} = tf.memory();
    applyOnTape(ours, x);
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
