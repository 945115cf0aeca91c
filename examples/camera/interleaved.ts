/**
 * Dense and reuse taking turns over the same frames, one frame each, the first to go changing. Timed is a prediction and
 * reading its outputs, nothing else. What the outputs are good for is not asked here.
 */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {FrameReport, ReuseModel} from '../../src';
import type {CameraModel} from './models/task';
import type {Picture} from './pictures';

export interface Output {
  readonly ms: number;
  /** In the order of the model's `outputs`. */
  readonly values: readonly Float32Array[];
}

export interface Turn {
  readonly picture: Picture;
  readonly dense: Output;
  readonly reuse: Output & {readonly report: FrameReport};
}

export interface Sides {
  readonly task: CameraModel;
  readonly model: GraphModel;
  readonly reuse: ReuseModel<GraphModel>;
}

/** Frames before any count. The model needs a few to be compiled; reuse also tries out who is faster, and settles. */
const WARM_UP = {dense: 3, reuse: 12};

/** Runs frames that do not count. The first of the clip comes first again afterwards, and is computed from scratch. */
export function warmUp(clip: readonly Picture[], sides: Sides): void {
  clip.slice(0, WARM_UP.dense).forEach((picture) => withTensor(picture, sides, (x) => runDense(sides, x)));
  clip.slice(0, WARM_UP.reuse).forEach((picture) => withTensor(picture, sides, (x) => runReuse(sides, x)));
  sides.reuse.cache.clear();
}

export function* takeTurns(clip: readonly Picture[], sides: Sides): Generator<Turn, void, undefined> {
  for (const [at, picture] of clip.entries()) {
    yield withTensor(picture, sides, (x) => {
      const early = at % 2 === 0 ? runDense(sides, x) : null;
      const reuse = runReuse(sides, x);
      return {picture, dense: early ?? runDense(sides, x), reuse: {...reuse, report: sides.reuse.lastFrame!}};
    });
  }
}

function withTensor<T>(picture: Picture, {task}: Sides, use: (tensor: tf.Tensor) => T): T {
  const tensor = tf.tensor(task.encode(picture), [...task.shape]);
  try {
    return use(tensor);
  } finally {
    tensor.dispose();
  }
}

function runDense({task, model}: Sides, tensor: tf.Tensor): Output {
  return timed(() => model.execute(tensor, [...task.outputs]));
}

function runReuse({task, reuse}: Sides, tensor: tf.Tensor): Output {
  return timed(() => reuse.execute(tensor, [...task.outputs]));
}

function timed(execute: () => tf.Tensor | tf.Tensor[]): Output {
  const start = performance.now();
  const tensors = [execute()].flat();
  const values = tensors.map((tensor) => tensor.dataSync() as Float32Array);
  const ms = performance.now() - start;
  // Some backends hand out their own memory.
  const copies = values.map((value) => value.slice());
  tf.dispose(tensors);
  return {ms, values: copies};
}
