/**
 * Dense and reuse taking turns over the same frames, a short chunk each, so that neither is the one to run while the
 * machine is slow; a chunk, because a program that uses only one of them has its memory in the processor's caches.
 * Timed is a prediction and reading its result, nothing else. What the results are good for is not asked here.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {FrameReport, ReuseModel} from '../../src';
import type {Plane} from './preprocess';
import type {SampledFrame} from './sample';

export interface Output {
  readonly ms: number;
  readonly values: Float32Array;
}

export interface ReuseOutput extends Output {
  readonly report: FrameReport;
}

export interface Turn {
  readonly frame: SampledFrame;
  readonly dense: Output;
  readonly reuse: ReuseOutput;
}

/** Frames a side runs before it is the other's turn. */
const CHUNK = 10;

/** Frames before any count. The model needs a few to be compiled; reuse also tries out who is faster, and settles. */
export const WARM_UP = {dense: 3, reuse: 16};

/** Runs frames that do not count, as many of these as either side needs. */
export function warmUp(
  frames: readonly SampledFrame[],
  plane: Plane,
  model: LayersModel,
  reuse: ReuseModel,
): void {
  withTensors(frames.slice(0, WARM_UP.dense), plane, (tensors) => {
    tensors.forEach((tensor) => predictDense(model, tensor));
  });
  withTensors(frames.slice(0, WARM_UP.reuse), plane, (tensors) => {
    tensors.forEach((tensor, i) => predictWithReuse(reuse, tensor, frames[i].first));
  });
}

/** Runs the frames through both sides; yields them with what came out, in order. */
export function* takeTurns(
  frames: Iterable<SampledFrame>,
  plane: Plane,
  model: LayersModel,
  reuse: ReuseModel,
): Generator<Turn, void, undefined> {
  let denseFirst = true;
  for (const chunk of chunks(frames, CHUNK)) {
    yield* runChunk(chunk, plane, model, reuse, denseFirst);
    denseFirst = !denseFirst;
  }
}

function* chunks<T>(items: Iterable<T>, length: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < length) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** One side after the other, over the same tensors. */
function runChunk(
  chunk: readonly SampledFrame[],
  plane: Plane,
  model: LayersModel,
  reuse: ReuseModel,
  denseFirst: boolean,
): Turn[] {
  return withTensors(chunk, plane, (tensors) => {
    const runDense = () => tensors.map((tensor) => predictDense(model, tensor));
    const early = denseFirst ? runDense() : null;
    const reused = tensors.map((tensor, i) => predictWithReuse(reuse, tensor, chunk[i].first));
    const dense = early ?? runDense();
    return chunk.map((frame, i) => ({frame, dense: dense[i], reuse: reused[i]}));
  });
}

function withTensors<T>(
  frames: readonly SampledFrame[],
  {height, width}: Plane,
  use: (tensors: tf.Tensor[]) => T,
): T {
  const tensors = frames.map(({pixels}) => tf.tensor4d(pixels.slice(), [1, height, width, 1]));
  try {
    return use(tensors);
  } finally {
    tf.dispose(tensors);
  }
}

function predictDense(model: LayersModel, tensor: tf.Tensor): Output {
  return timed(() => model.predict(tensor) as tf.Tensor);
}

function predictWithReuse(reuse: ReuseModel, tensor: tf.Tensor, first: boolean): ReuseOutput {
  // A cut between stretches is of our making: the game has none there, so reuse starts afresh.
  if (first) reuse.cache.clear();
  const output = timed(() => reuse.predict(tensor) as tf.Tensor);
  return {...output, report: reuse.lastFrame!};
}

function timed(predict: () => tf.Tensor): Output {
  const start = performance.now();
  const result = predict();
  const values = result.dataSync() as Float32Array;
  const ms = performance.now() - start;
  const copy = values.slice();
  result.dispose();
  return {ms, values: copy};
}
