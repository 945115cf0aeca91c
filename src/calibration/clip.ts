/** The frames, run with one setting after another: predictions judged, multiply-adds counted, and nothing left behind. */
import * as tf from '@tensorflow/tfjs-core';
import {shown} from '../checks';
import {checkOutputs} from './finite';
import {tensorsOf, type Agreement, type Outputs} from './outputs';
import type {Calibratable, Runner, RunnerOptions} from './source';

/** How often the host may do something else meanwhile. */
const YIELD_MS = 50;

export interface Played {
  /** Mean over the frames judged; 1 where there were none. */
  readonly agreement: number;
  readonly macsShare: number;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export class Clip<F> {
  /** The model's own outputs, by frame. */
  private readonly dense: Outputs[] = [];
  private lastYield = 0;

  constructor(
    readonly source: Calibratable<F>,
    readonly frames: readonly F[],
    private readonly agreement: Agreement,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Computes the model's own outputs, which everything is judged by. */
  async prepare(): Promise<void> {
    await this.withRunner({policy: 'dense'}, async (runner) => {
      for (const frame of this.frames) this.dense.push(await this.predict(runner, frame));
    });
  }

  /**
   * Runs the first `end` frames with these settings.
   * @param from the first frame that is judged; those before it only fill the cache
   * @param see called after each frame that was predicted
   */
  async play(options: RunnerOptions, from: number, end: number, see?: Seen<F>): Promise<Played> {
    const agreements: number[] = [];
    const shares: number[] = [];
    await this.withRunner(options, async (runner) => {
      for (let t = 0; t < end; t++) {
        const outputs = await this.predict(runner, this.frames[t]);
        try {
          await see?.(runner, t);
          if (t < from) continue;
          const {path, macs, denseMacs} = await runner.work();
          shares.push(denseMacs > 0 ? macs / denseMacs : 1);
          // With policy 'auto', what was computed in full agrees, and would only flatter the rest.
          if (options.policy === 'incremental' || path === 'incremental')
            agreements.push(await this.judge(outputs, t));
        } finally {
          tf.dispose(outputs);
        }
      }
    });
    return {agreement: agreements.length > 0 ? mean(agreements) : 1, macsShare: mean(shares)};
  }

  /** How far the model agrees with itself where other frames take the place of the clip's, from `from` on. */
  async playDense(from: number, other: (t: number) => Promise<F>, drop: (frame: F) => void): Promise<number> {
    const agreements: number[] = [];
    await this.withRunner({policy: 'dense'}, async (runner) => {
      for (let t = from; t < this.frames.length; t++) {
        const frame = await other(t);
        try {
          const outputs = await this.predict(runner, frame);
          agreements.push(await this.judge(outputs, t).finally(() => tf.dispose(outputs)));
        } finally {
          drop(frame);
        }
      }
    });
    return mean(agreements);
  }

  /** Milliseconds a frame, from `from` on, of several settings, interleaved so that a slow moment of the host meets them all. */
  async time(all: readonly RunnerOptions[], from: number): Promise<number[]> {
    const runners = all.map((options) => this.source.open(options));
    const totals = all.map(() => 0);
    try {
      for (const [t, frame] of this.frames.entries()) {
        for (const [i, runner] of runners.entries()) {
          await this.yieldToHost();
          const start = performance.now();
          const outputs = await runner.predict(frame);
          await Promise.all(tensorsOf(outputs).map((tensor) => tensor.data()));
          if (t >= from) totals[i] += performance.now() - start;
          tf.dispose(outputs);
        }
      }
    } finally {
      runners.forEach((runner) => runner.dispose());
    }
    return totals.map((total) => total / (this.frames.length - from));
  }

  dispose(): void {
    tf.dispose(this.dense);
    this.dense.length = 0;
  }

  private async withRunner(
    options: RunnerOptions,
    work: (runner: Runner<F>) => Promise<void>,
  ): Promise<void> {
    const runner = this.source.open(options);
    try {
      await work(runner);
    } finally {
      runner.dispose();
    }
  }

  private async predict(runner: Runner<F>, frame: F): Promise<Outputs> {
    await this.yieldToHost();
    return runner.predict(frame);
  }

  /** Yields to the host: events come in, a page is drawn, the signal may be given. */
  private async yieldToHost(): Promise<void> {
    if (performance.now() - this.lastYield > YIELD_MS) {
      await new Promise((resolve) => setTimeout(resolve));
      this.lastYield = performance.now();
    }
    this.signal?.throwIfAborted();
  }

  private async judge(outputs: Outputs, t: number): Promise<number> {
    // Here already, an agreement may read them at once, wherever the backend keeps them.
    const tensors = [...tensorsOf(outputs), ...tensorsOf(this.dense[t])];
    await Promise.all(tensors.map((tensor) => tensor.data()));
    const value = await this.ask(outputs, t);
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    if (Number.isNaN(value)) await checkOutputs(this.dense[t], t);
    throw new Error(
      `calibrate: agreement() must give a number from 0 to 1; for frame ${t} it gave ${shown(value)}.`,
    );
  }

  private async ask(outputs: Outputs, t: number): Promise<number> {
    try {
      return await this.agreement(outputs, this.dense[t]);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`calibrate: agreement() failed for frame ${t}: ${message}`, {cause: error});
    }
  }
}

export type Seen<F> = (runner: Runner<F>, t: number) => Promise<void>;
