/**
 * One model, as it is and with reuse, over the same pictures, one after another, the first to go changing. Timed is a
 * prediction and reading its outputs. What is drawn of it is not asked here.
 */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {ready, withReuse, type FrameReport, type ReuseModel} from '../../src';
import type {Picture} from '../camera/pictures';
import type {Found, PageModel} from './models';
import {reuseOptions, type Settings} from './settings';

export interface Side {
  readonly ms: number;
  readonly found: Found;
}

export interface Turn {
  readonly picture: Picture;
  readonly dense: Side;
  readonly reuse: Side;
  readonly report: FrameReport;
  /** The largest of any output, relative to the largest magnitude of the model's own. */
  readonly difference: number;
}

interface Outputs {
  readonly ms: number;
  readonly values: readonly Float32Array[];
}

type Model = LayersModel | GraphModel;

export class Comparison {
  private turns = 0;

  private constructor(
    private readonly task: PageModel,
    private readonly model: Model,
    private readonly reuse: ReuseModel,
  ) {}

  /**
   * On the backend in use.
   * @throws where the model cannot be loaded, or the engine cannot run it here
   */
  static async open(task: PageModel, settings: Settings): Promise<Comparison> {
    await ready();
    const model = await task.load();
    return new Comparison(
      task,
      model,
      withReuse(model as GraphModel, reuseOptions(settings, task.greyLevel)),
    );
  }

  async next(picture: Picture): Promise<Turn> {
    const {task} = this;
    const input = task.encode(picture);
    const early = this.turns++ % 2 === 0 ? await this.runDense(input) : null;
    const reuse = await this.runReuse(input);
    const report = (await this.reuse.report())!;
    const dense = early ?? (await this.runDense(input));
    return {
      picture,
      dense: {ms: dense.ms, found: task.decode(dense.values)},
      reuse: {ms: reuse.ms, found: task.decode(reuse.values)},
      report,
      difference: difference(reuse.values, dense.values),
    };
  }

  dispose(): void {
    this.reuse.dispose();
    this.model.dispose();
  }

  private runDense(input: Float32Array): Promise<Outputs> {
    const {model, task} = this;
    return timed(async () => {
      const tensor = tf.tensor(input, [...task.shape]);
      const outputs = task.outputs
        ? (model as GraphModel).execute(tensor, [...task.outputs])
        : (model.predict(tensor) as tf.Tensor);
      tensor.dispose();
      return outputs;
    });
  }

  private runReuse(input: Float32Array): Promise<Outputs> {
    const {reuse, task} = this;
    return timed(async () =>
      task.outputs
        ? reuse.executeAsync(input, [...task.outputs])
        : ((await reuse.predictAsync(input)) as tf.Tensor),
    );
  }
}

async function timed(run: () => Promise<tf.Tensor | tf.Tensor[]>): Promise<Outputs> {
  const start = performance.now();
  const tensors = [await run()].flat();
  const values = await Promise.all(tensors.map(async (tensor) => (await tensor.data()) as Float32Array));
  const ms = performance.now() - start;
  // Some backends hand out their own memory.
  const copies = values.map((array) => array.slice());
  tf.dispose(tensors);
  return {ms, values: copies};
}

/** NaN where a value is none, on either side. */
function difference(actual: readonly Float32Array[], expected: readonly Float32Array[]): number {
  const relative = expected.map((values, i) => {
    let [largest, furthest] = [Number.MIN_VALUE, 0];
    values.forEach((value, at) => {
      largest = Math.max(largest, Math.abs(value));
      furthest = Math.max(furthest, Math.abs(actual[i][at] - value));
    });
    return furthest / largest;
  });
  return Math.max(...relative);
}
