/**
 * One stream of frames: a cache, the program that fills it, and the policy that decides who computes the next frame.
 * It knows nothing of how frames come in or go out: that is the model's and the layers' business.
 */
import {getBackend, type Tensor} from '@tensorflow/tfjs-core';
import {ActivationCache} from '../cache';
import {
  OutOfMemory,
  type Delta,
  type Frame,
  type NodeReport,
  type Program,
  type Recording,
  type RecordOptions,
  type ReportOptions,
  type RunResult,
} from '../engines';
import type {Region} from '../region';
import {ForecastPolicy} from './forecast-policy';
import {Missed} from './missed';
import {isRest, Policy, type Decision, type FramePolicy, type Path, type PolicyName} from './policy';
import {checkRecordable, refused, unrecordable} from './unsupported';
import {checkVariant, NOT_CACHED} from './variant';
import {verify, verifyAsync} from './verify';

export interface StreamOptions {
  readonly policy: PolicyName;
  /** Most bytes of cached activations; a plan that needs more leaves every frame to the model. */
  readonly maxBytes: number;
  /** Whether a caller's regions are checked against the frames. */
  readonly verify: boolean;
}

export interface FrameOptions {
  /** The caller's own regions, one for each input; null compares the frames. */
  readonly changed: readonly Region[] | null;
  readonly commit: boolean;
  /** Where the values of the output go, as in `RunOptions`; the dense runner of such a frame writes there too. */
  readonly out?: Float32Array;
}

/** The wrapped model on this frame: fresh tensors. */
export type DenseRunner = () => Tensor[];
export type DenseRunnerAsync = () => Promise<Tensor[]>;

/** What happened to the last frame; the nodes are worked out when asked for. */
export interface StreamReport {
  readonly path: Path;
  readonly reason: string;
  /** Share of the input's pixels that changed, 0 to 1; null where nobody looked. */
  readonly changed: number | null;
  readonly ms: number;
  readonly nodes: (() => NodeReport[] | null) | null;
  readonly nodesAsync: ((options: ReportOptions) => Promise<NodeReport[] | null>) | null;
}

/** What is kept of the last frame; a report is made of it when asked for. */
interface LastFrame {
  /** The cache's, when the frame was done. What the engine tells of its nodes lies in there, and goes with it. */
  readonly timesEmptied: number;
  readonly decision: Decision;
  readonly changed: number | null;
  ms: number;
  readonly result: RunResult | null;
}

const now = () => performance.now();

function policyFor(name: PolicyName, program: Program | null): FramePolicy {
  if (name !== 'auto' || program === null) return new Policy(name);
  if (!program.tellsChange) return new Policy('incremental');
  return program.costModel ? new ForecastPolicy(program.costModel.fullMs) : new Policy(name);
}

/** For frames that nobody looks at. */
const UNSEEN = () => Infinity;

const RECORDED: Decision = {path: 'incremental', reason: 'an episode records'};

const OTHER_BACKEND: Decision = {
  path: 'dense',
  reason: 'the backend was changed while the frame was awaited',
};

const MEANWHILE: Decision = {
  path: 'dense',
  reason: 'an asynchronous prediction of this stream was still under way',
};

/** Why the model has to compute a frame that the engine had no memory for; what else went wrong is thrown. */
function leftBy(error: unknown): Decision {
  if (!(error instanceof OutOfMemory)) throw error;
  return {path: 'dense', reason: error.message};
}

export class Stream {
  readonly cache = new ActivationCache();
  private last: LastFrame | null = null;
  private policy: FramePolicy;
  private readonly missed = new Missed();
  private program: Program | null = null;
  /** Bytes the cache takes: as far as the program knows before it has run, and then what it took. */
  private needed = 0;

  /** The record that frames go into, and the program they run on; null where none is kept. */
  private recorded: {readonly recording: Recording; readonly program: Program} | null = null;

  constructor(private readonly options: StreamOptions) {
    this.policy = policyFor(options.policy, null);
  }

  /** True where the next frame goes to the model whatever it shows. */
  get rests(): boolean {
    return this.policy.rests;
  }

  /**
   * What happened to the last frame. Null before the first, while one is under way and after one that failed; and where the
   * engine computed it and the cache was emptied since.
   */
  get lastReport(): StreamReport | null {
    if (!this.last) return null;
    const {timesEmptied, decision, changed, ms, result} = this.last;
    if (result && timesEmptied !== this.cache.timesEmptied) return null;
    return {
      ...decision,
      changed,
      ms,
      nodes: result && (() => result.report()),
      nodesAsync: result && ((options) => result.reportAsync(options)),
    };
  }

  /** True where the last frame was left to the model because the policy rests, and the next one of this program is too. */
  restsOn(program: Program): boolean {
    return this.last !== null && isRest(this.last.decision) && this.policy.rests && this.program === program;
  }

  /** Notes one more frame of a rest, of which no caller said what changed. Only where `restsOn`. */
  restOn(ms: number): void {
    this.policy.restOn(ms);
    this.last!.ms = ms;
  }

  get isRecording(): boolean {
    return this.recorded !== null;
  }

  /**
   * Records frames from the next one on; all are computed by the engine then.
   * @throws where it records already, or the program cannot
   */
  record(program: Program, options: RecordOptions): Recording {
    if (this.recorded) {
      throw new Error(
        'record(): this stream records already. Call valueAndGrads() or dispose() of its episode first, or record on a ' +
          'stream() of its own.',
      );
    }
    const unsupportedReason = program.unsupportedReason(this.cache);
    if (unsupportedReason)
      throw new Error(`record(): the engine cannot compute the frames: ${unsupportedReason}`);
    const recording = program.record(this.cache, options);
    if (program !== this.program) this.adopt(program);
    this.recorded = {recording, program};
    return recording;
  }

  /** For all frames of a batch before the first is recorded. @throws where one could not be */
  checkRecordable(program: Program, frame: Frame): void {
    const unsupportedReason = this.recorded && program.gradientUnsupportedReason?.(frame);
    if (unsupportedReason) throw unrecordable(unsupportedReason);
  }

  stopRecording(): void {
    this.recorded = null;
  }

  /** @throws where no frame was committed that frames of this program could be variants of */
  checkVariant(program: Program): void {
    checkVariant(this.program, program);
  }

  predict(program: Program, frame: Frame, options: FrameOptions, dense: DenseRunner): Tensor[] {
    this.last = null;
    if (this.recorded) return this.predictRecorded(program, frame, options);
    const start = now();
    let blocked = this.prepare(program, options);
    if (!blocked && !options.commit && !program.catchUp(this.cache)) blocked = NOT_CACHED;
    if (blocked) return this.runDense(blocked, options, dense, start);
    const delta = program.difference(this.cache, frame, this.missed.upTo(options.changed));
    if (this.verifies(delta, options)) verify(program, this.cache, frame, delta);
    const decision = this.decide(program, frame, delta, options);
    if (decision.path === 'dense') return this.runDense(decision, options, dense, start, delta.share);
    const whole = this.deltaFor(program, frame, delta, decision);
    const compared = now();
    let result: RunResult;
    try {
      result = program.run(this.cache, frame, whole, options);
    } catch (error) {
      return this.runDense(leftBy(error), options, dense, start, delta.share);
    }
    return this.done(result, decision, delta, options, {start, compared});
  }

  async predictAsync(
    program: Program,
    frame: Frame,
    options: FrameOptions,
    dense: DenseRunnerAsync,
  ): Promise<Tensor[]> {
    this.last = null;
    if (this.recorded) return this.predictRecorded(program, frame, options);
    const start = now();
    let blocked = this.prepare(program, options);
    if (!blocked && !options.commit && !(await program.catchUpAsync(this.cache))) blocked = NOT_CACHED;
    if (blocked) return this.runDenseAsync(blocked, options, dense, start);
    const delta = await program.differenceAsync(this.cache, frame, this.missed.upTo(options.changed));
    if (this.verifies(delta, options)) await verifyAsync(program, this.cache, frame, delta);
    const decision =
      program.backend === getBackend() ? this.decide(program, frame, delta, options) : OTHER_BACKEND;
    if (decision.path === 'dense') return this.runDenseAsync(decision, options, dense, start, delta.share);
    const whole = this.deltaFor(program, frame, delta, decision);
    const compared = now();
    let result: RunResult;
    try {
      result = await program.runAsync(this.cache, frame, whole, options);
    } catch (error) {
      return this.runDenseAsync(leftBy(error), options, dense, start, delta.share);
    }
    return this.done(result, decision, delta, options, {start, compared});
  }

  /** Notes that a frame of this program went by without the cache. */
  miss(program: Program, regions: readonly Region[] | null): void {
    // Regions of two planes cannot be added up.
    this.missed.add(program === this.program ? regions : null);
  }

  /** Notes frames that nothing is known of. */
  lose(): void {
    this.missed.add(null);
  }

  /** Notes a frame that the model computed while another one of this stream was awaited. */
  passBy(program: Program, ms: number, regions: readonly Region[] | null): void {
    if (this.program === null) this.adopt(program);
    this.miss(program, regions);
    this.tell(MEANWHILE, null, ms, null);
  }

  /** Notes a frame that the model computed without the stream being asked. */
  skip(program: Program, ms: number, regions: readonly Region[] | null): void {
    if (this.program === null) this.adopt(program);
    this.miss(program, regions);
    const decision: Decision = this.policy.rests
      ? this.policy.decide({primed: true, share: 1}, UNSEEN)
      : {path: 'dense', reason: 'a layer may mix the rows of a batch, so that they go to the model together'};
    this.note(decision, null, ms, 0);
  }

  /** While it records, the cache stays: what the last frame was makes no difference to a result. */
  reset(): void {
    if (this.recorded) return;
    this.cache.clear();
    this.missed.clear();
    this.last = null;
    this.program = null;
    this.policy = policyFor(this.options.policy, null);
  }

  dispose(): void {
    this.recorded?.recording.dispose();
    this.recorded = null;
    this.cache.dispose();
    this.last = null;
  }

  /** Notices changed weights and a changed plan; says why the engine cannot take the frame, where it cannot. */
  private prepare(program: Program, {commit}: FrameOptions): Decision | null {
    if (commit && program !== this.program) this.adopt(program);
    if (this.needed > this.options.maxBytes) {
      if (commit) this.cache.clear();
      const need = `${this.needed} bytes of activations are more than maxBytes (${this.options.maxBytes})`;
      return {path: 'dense', reason: need};
    }
    if (commit && this.policy.rests)
      return this.policy.decide({primed: !this.cache.isEmpty, share: 1}, UNSEEN);
    const unsupportedReason = program.unsupportedReason(this.cache);
    if (unsupportedReason) {
      if (commit) this.cache.clear();
      return {path: 'dense', reason: unsupportedReason};
    }
    program.refresh();
    return null;
  }

  private adopt(program: Program): void {
    this.program = program;
    this.missed.add(null);
    this.needed = program.cacheBytes;
    this.policy = policyFor(this.options.policy, program);
  }

  private predictRecorded(program: Program, frame: Frame, options: FrameOptions): Tensor[] {
    const {recording, program: own} = this.recorded!;
    checkRecordable(program, own, options);
    const start = now();
    const delta = program.difference(this.cache, frame, this.missed.upTo(options.changed));
    if (this.verifies(delta, options)) verify(program, this.cache, frame, delta);
    // Of the first one, what was cached before it counts as well.
    const seen = recording.frames > 0 ? {cache: this.cache, delta} : undefined;
    const unsupportedReason = delta.unsupportedReason ?? program.gradientUnsupportedReason?.(frame, seen);
    if (unsupportedReason) throw unrecordable(unsupportedReason);
    const result = program.run(this.cache, frame, delta, {...options, recording});
    this.missed.clear();
    this.tell(RECORDED, delta.share, now() - start, result);
    return result.outputs;
  }

  private verifies({full}: Delta, {changed}: FrameOptions): boolean {
    return this.options.verify && changed !== null && !full;
  }

  private decide(program: Program, frame: Frame, delta: Delta, {commit}: FrameOptions): Decision {
    if (delta.unsupportedReason) return refused(delta.unsupportedReason, commit);
    if (!commit) return {path: 'incremental', reason: 'commit: false'};
    const {costModel} = program;
    const forecast = () => costModel?.forecast(this.cache, delta) ?? UNSEEN();
    const decision = this.policy.decide({primed: !delta.full, share: delta.share ?? 1}, forecast);
    if (decision.path === 'dense' && (delta.full || decision.givesUp)) costModel?.monitor(this.cache, frame);
    return decision;
  }

  /** Filling the cache anew means a delta from nothing. */
  private deltaFor(program: Program, frame: Frame, delta: Delta, {path}: Decision): Delta {
    if (path !== 'prime' || delta.full) return delta;
    this.cache.clear();
    return program.difference(this.cache, frame, null);
  }

  private done(
    result: RunResult,
    decision: Decision,
    delta: Delta,
    {commit}: FrameOptions,
    times: {start: number; compared: number},
  ): Tensor[] {
    const {start, compared} = times;
    const end = now();
    if (commit) this.note(decision, delta.share, end - compared, compared - start, result);
    else this.tell(decision, delta.share, end - start, result);
    if (commit) this.bound();
    return result.outputs;
  }

  /** Outputs whose size nobody knew may have made the cache larger than it may be. */
  private bound(): void {
    this.missed.clear();
    this.needed = Math.max(this.needed, this.cache.neededBytes);
    if (this.needed > this.options.maxBytes) this.cache.clear();
  }

  private runDense(
    decision: Decision,
    options: FrameOptions,
    dense: DenseRunner,
    start: number,
    share: number | null = null,
  ): Tensor[] {
    const compared = now();
    this.missBy(options);
    const outputs = dense();
    this.noteDense(decision, options, share, now() - compared, compared - start);
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
    this.missBy(options);
    const outputs = await dense();
    this.noteDense(decision, options, share, now() - compared, compared - start);
    return outputs;
  }

  /** Before the model runs: if it throws, the caller's frame has gone by all the same. */
  private missBy({changed, commit}: FrameOptions): void {
    if (commit) this.miss(this.program!, changed);
  }

  /** A variant that the model computed leaves no trace but its report. */
  private noteDense(
    decision: Decision,
    {commit}: FrameOptions,
    share: number | null,
    ms: number,
    overhead: number,
  ): void {
    if (commit) this.note(decision, share, ms, overhead);
    else this.tell(decision, share, ms, null);
  }

  private note(
    decision: Decision,
    changed: number | null,
    ms: number,
    overhead: number,
    result: RunResult | null = null,
  ): void {
    this.policy.observe(decision.path, changed ?? 1, ms, overhead);
    this.tell(decision, changed, ms + overhead, result);
  }

  private tell(decision: Decision, changed: number | null, ms: number, result: RunResult | null): void {
    this.last = {timesEmptied: this.cache.timesEmptied, decision, changed, ms, result};
  }
}
