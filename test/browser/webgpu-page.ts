/** What a test has a page do, in the browser: a pretrained model on tfjs's webgpu backend, by itself and with reuse. */
import '@tensorflow/tfjs-backend-webgpu';
import {loadGraphModel, type GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import {withReuse} from '../../src';

export interface Output {
  readonly values: tf.TypedArray;
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface Played {
  readonly names: readonly string[];
  /** Frame by frame: what comes of reuse, by which path, and what the model itself gives. */
  readonly frames: readonly {actual: Output[]; path: string; expected: Output[]}[];
  /** Tensors that are left. */
  readonly left: number;
  /** What the device found wrong in what it was given. */
  readonly errors: readonly string[];
}

/** @returns what the device finds wrong from now on */
async function start(): Promise<string[]> {
  await tf.setBackend('webgpu');
  const errors: string[] = [];
  const {device} = tf.backend() as unknown as {device: GPUDevice};
  device.addEventListener('uncapturederror', ({error}) => errors.push(error.message));
  return errors;
}

async function outputsOf(model: Pick<GraphModel, 'executeAsync'>, frame: tf.Tensor): Promise<Output[]> {
  const tensors = [await model.executeAsync(frame)].flat();
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return tensors.map(({shape, dtype}, i) => ({values: values[i], shape, dtype}));
}

const page = {
  async play(name: string, shape: number[], clip: Int32Array[]): Promise<Played> {
    const errors = await start();
    const model = await loadGraphModel(`/data/models/${name}.json`);
    const before = tf.memory().numTensors;
    const reuse = withReuse(model, {policy: 'incremental', engine: 'webgpu'});
    const frames: Played['frames'][number][] = [];
    for (const values of clip) {
      const frame = tf.tensor(values, shape, 'int32');
      const actual = await outputsOf(reuse, frame);
      const {path} = (await reuse.report())!;
      frames.push({actual, path, expected: await outputsOf(model, frame)});
      frame.dispose();
    }
    reuse.dispose();
    return {names: model.outputNodes, frames, left: tf.memory().numTensors - before, errors};
  },
};

export type Page = typeof page;
(globalThis as unknown as {page: Page}).page = page;
