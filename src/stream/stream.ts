/**
 * One stream of frames: its cache, and how a frame is computed that comes next. Who computes it, the decider says; how frames
 * come in or go out is the model's and the layers' business.
 */
import {getBackend, type Tensor} from '@tensorflow/tfjs-core';
import {ActivationCache} from '../cache';
import {OutOfMemory, UnplannedResult, type Delta, type Frame, type Program, type RunResult} from '../engines';
import {Ledger} from './auto/ledger';
import {Decider} from './decider';
import type {FrameOptions, StreamOptions} from './options';
import type {Decision} from './policy';
import type {Recorded} from './recorded';
import {NOT_CACHED} from './variant';
import type {Verifier} from './verify';

/** The wrapped model on this frame: fresh tensors. */
export type DenseRunner = () => Tensor[];
export type DenseRunnerAsync = () => Promise<Tensor[]>;

const now = () => performance.now();

const OTHER_BACKEND: Decision = {
  path: 'dense',
  reason: 'the backend was changed while the frame was awaited',
};

export class Stream {
  readonly cache = new ActivationCache();
  readonly decider: Decider;
  /** Null where no episode records. */
  private recorded: Recorded | null = null;

  /** @param ledger what was lost against the model, which streams share that take frames in turn */
  constructor(
    private readonly options: StreamOptions,
    ledger = new Ledger(),
  ) {
    this.decider = new Decider(this.cache, options, ledger);
  }

  /** That of the last committed frame; null before the first. */
  get program(): Program | null {
    return this.decider.program;
  }

  isOf(program: Program): boolean {
    return this.decider.program === program;
  }

  get isRecording(): boolean {
    return this.recorded !== null;
  }

  /** Records frames from the next one on; all are computed by the engine then. `startRecording` sees to it that it can. */
  record(program: Program, recorded: Recorded): void {
    this.decider.adopt(program);
    this.recorded = recorded;
  }

  /** For all frames of a batch before the first is recorded. @throws where one could not be */
  checkRecordable(program: Program, frame: Frame): void {
    this.recorded?.checkGradient(program, frame);
  }

  stopRecording(): void {
    this.recorded = null;
  }

  predict(program: Program, frame: Frame, options: FrameOptions, dense: DenseRunner): Tensor[] {
    const {decider, cache, recorded} = this;
    decider.last.clear();
    if (recorded) return this.predictRecorded(recorded, program, frame, options);
    const start = now();
    let blocked = decider.prepare(program, options);
    if (!blocked && !options.commit) blocked = this.catchUp(program);
    if (blocked) return this.runDense(blocked, options, dense, start);
    const delta = program.difference(cache, frame, decider.changedBy(options));
    this.verifierOf(options)?.verify(program, cache, frame, delta);
    const decision = decider.decide(program, frame, delta, options);
    if (decision.path === 'dense') return this.runDense(decision, options, dense, start, delta.share);
    const whole = this.deltaFor(program, frame, delta, decision);
    const compared = now();
    let result: RunResult;
    try {
      result = program.run(cache, frame, whole, options);
    } catch (error) {
      return this.runDense(this.leftBy(program, error), options, dense, start, delta.share);
    }
    decider.noteComputed(result, decision, delta, options, now() - compared, compared - start);
    return result.outputs;
  }

  /** The same without blocking. The backend may be changed while a frame is awaited. */
  async predictAsync(
    program: Program,
    frame: Frame,
    options: FrameOptions,
    dense: DenseRunnerAsync,
  ): Promise<Tensor[]> {
    const {decider, cache, recorded} = this;
    decider.last.clear();
    if (recorded) return this.predictRecorded(recorded, program, frame, options);
    const start = now();
    let blocked = decider.prepare(program, options);
    if (!blocked && !options.commit) blocked = await this.catchUpAsync(program);
    if (blocked) return this.runDenseAsync(blocked, options, dense, start);
    const delta = await program.differenceAsync(cache, frame, decider.changedBy(options));
    await this.verifierOf(options)?.verifyAsync(program, cache, frame, delta);
    const isHere = program.backend === getBackend();
    const decision = isHere ? decider.decide(program, frame, delta, options) : OTHER_BACKEND;
    if (decision.path === 'dense') return this.runDenseAsync(decision, options, dense, start, delta.share);
    const whole = this.deltaFor(program, frame, delta, decision);
    const compared = now();
    let result: RunResult;
    try {
      result = await program.runAsync(cache, frame, whole, options);
    } catch (error) {
      return this.runDenseAsync(this.leftBy(program, error), options, dense, start, delta.share);
    }
    decider.noteComputed(result, decision, delta, options, now() - compared, compared - start);
    return result.outputs;
  }

  /** While it records, the cache stays: what the last frame was makes no difference to a result. */
  reset(): void {
    if (this.recorded) return;
    this.cache.clear();
    this.decider.reset();
  }

  dispose(): void {
    this.recorded?.dispose();
    this.recorded = null;
    this.cache.dispose();
    this.decider.last.clear();
  }

  private predictRecorded(
    recorded: Recorded,
    program: Program,
    frame: Frame,
    options: FrameOptions,
  ): Tensor[] {
    const {decider, cache} = this;
    recorded.check(program, options);
    const start = now();
    const delta = program.difference(cache, frame, decider.changedBy(options));
    this.verifierOf(options)?.verify(program, cache, frame, delta);
    const result = recorded.run(frame, delta, options);
    decider.noteRecorded(result, delta, now() - start);
    return result.outputs;
  }

  /** Brings the cache up to the frame that variants are of; says why the model has to compute them, where it has to. */
  private catchUp(program: Program): Decision | null {
    try {
      return program.catchUp(this.cache) ? null : NOT_CACHED;
    } catch (error) {
      return this.leftBy(program, error);
    }
  }

  private async catchUpAsync(program: Program): Promise<Decision | null> {
    try {
      return (await program.catchUpAsync(this.cache)) ? null : NOT_CACHED;
    } catch (error) {
      return this.leftBy(program, error);
    }
  }

  /** Why the model has to compute a frame that the engine could not; what else went wrong is thrown. */
  private leftBy(program: Program, error: unknown): Decision {
    if (error instanceof UnplannedResult) this.decider.giveUp(program, error.message);
    else if (!(error instanceof OutOfMemory)) throw error;
    return {path: 'dense', reason: error.message};
  }

  private verifierOf({changed}: FrameOptions): Verifier | null {
    return changed !== null ? this.options.verifier : null;
  }

  /** Filling the cache anew means a delta from nothing. */
  private deltaFor(program: Program, frame: Frame, delta: Delta, {path}: Decision): Delta {
    if (path !== 'prime' || delta.full) return delta;
    this.cache.clear();
    return program.difference(this.cache, frame, null);
  }

  private runDense(
    decision: Decision,
    options: FrameOptions,
    dense: DenseRunner,
    start: number,
    share: number | null = null,
  ): Tensor[] {
    const compared = now();
    this.decider.missBy(options);
    const outputs = dense();
    this.decider.noteDense(decision, share, options, now() - compared, compared - start);
    return outputs;
  }

  private async runDenseAsync(
    decision: Decision,
    options: FrameOptions,
    dense: DenseRunnerAsync,
    start: number,
    share: number | null = null,
  ): Promise<Tensor[]> {
    const compared = now();
    this.decider.missBy(options);
    const outputs = await dense();
    this.decider.noteDense(decision, share, options, now() - compared, compared - start);
    return outputs;
  }
}
