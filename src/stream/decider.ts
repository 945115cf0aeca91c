/**
 * Who computes the next frame of a stream, and what is known of those before it: whether its cache may be used, what the
 * policy says, what went by without the cache. It runs nothing but the comparison that the policy asks for.
 */
import type {ActivationCache} from '../cache';
import type {Delta, Frame, Program, RunResult} from '../engines';
import type {Region} from '../region';
import type {Ledger} from './auto/ledger';
import {policyFor} from './choose-policy';
import {LastFrame} from './last-frame';
import {Missed} from './missed';
import type {Decision, FramePolicy} from './policy';
import type {FrameOptions, StreamOptions} from './options';
import {unsupported} from './unsupported';
import {checkVariant} from './variant';

const RECORDED: Decision = {path: 'incremental', reason: 'an episode records'};

const MEANWHILE: Decision = {
  path: 'dense',
  reason: 'an asynchronous prediction of this stream was still under way',
};

const MIXED_ROWS: Decision = {
  path: 'dense',
  reason: 'a layer may mix the rows of a batch, so that they go to the model together',
};

const VARIANT: Decision = {path: 'incremental', reason: 'commit: false'};

export class Decider {
  /** Its report is null before the first frame, while one is under way and after one that failed. */
  readonly last: LastFrame;
  private policy: FramePolicy;
  private readonly missed = new Missed();
  private adopted: Program | null = null;
  /** Programs that no frame is computed with again, and why. */
  private readonly givenUp = new WeakMap<Program, string>();
  /** Bytes the cache takes: as far as the program knows before it has run, and then what it took. */
  private needed = 0;

  constructor(
    private readonly cache: ActivationCache,
    private readonly options: StreamOptions,
    private readonly ledger: Ledger,
  ) {
    this.last = new LastFrame(cache, () => this.policy.expectation);
    this.policy = policyFor(options.policy, null, ledger);
  }

  /** The program of the last committed frame; null where there was none. */
  get program(): Program | null {
    return this.adopted;
  }

  /** Bytes that the cache takes with this program, as far as is known. */
  bytesWith(program: Program): number {
    return program === this.program ? this.needed : program.cacheBytes;
  }

  /** True where the next frame goes to the model whatever it shows. */
  get rests(): boolean {
    return this.policy.rests;
  }

  /** True where the last frame was left to the model because the policy rests, and the next one of this program is too. */
  restsOn(program: Program): boolean {
    return this.last.isRest && this.policy.rests && this.program === program;
  }

  /** Notes one more frame of a rest, of which no caller said what changed. Only where `restsOn`. */
  restOn(ms: number): void {
    this.policy.restOn(ms);
    this.last.noteAlike(ms);
  }

  /** @throws where no frame was committed that frames of this program could be variants of */
  checkVariant(program: Program): void {
    checkVariant(this.program, program);
  }

  /** Notices changed weights and a changed plan; says why the engine cannot take the frame, where it cannot. */
  prepare(program: Program, {commit}: FrameOptions): Decision | null {
    if (commit) this.adopt(program);
    if (this.needed > this.options.maxBytes) {
      if (commit) this.cache.clear();
      const need = `${this.needed} bytes of activations are more than maxBytes (${this.options.maxBytes})`;
      return {path: 'dense', reason: need};
    }
    if (commit && this.policy.rests) return this.decideUnseen(!this.cache.isEmpty);
    const unsupportedReason = this.givenUp.get(program) ?? program.unsupportedReason(this.cache);
    if (unsupportedReason) {
      if (commit) this.cache.clear();
      return {path: 'dense', reason: unsupportedReason};
    }
    program.refresh();
    return null;
  }

  /** The regions of all frames since the one in the cache; null where these have to be compared. */
  changedBy({changed}: FrameOptions): readonly Region[] | null {
    return this.missed.upTo(changed);
  }

  decide(program: Program, frame: Frame, delta: Delta, {commit}: FrameOptions): Decision {
    if (delta.unsupportedReason) return unsupported(delta.unsupportedReason, commit);
    if (!commit) return VARIANT;
    const {costModel} = program;
    const forecast = costModel && (() => costModel.forecast(this.cache, delta));
    const decision = this.policy.decide({primed: !delta.full, share: delta.share ?? 1}, forecast);
    if (decision.path === 'dense' && (delta.full || decision.givesUp)) costModel?.monitor(this.cache, frame);
    return decision;
  }

  /** Takes a program for the frames to come. */
  adopt(program: Program): void {
    if (program === this.program) return;
    this.adopted = program;
    this.missed.add(null);
    this.needed = program.cacheBytes;
    this.policy = policyFor(this.options.policy, program, this.ledger);
  }

  /** Leaves all frames of this program to the model from now on: the plan it computes by is not what the model does. */
  giveUp(program: Program, reason: string): void {
    this.givenUp.set(program, reason);
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
    this.last.note(MEANWHILE, null, ms, null);
  }

  /** Before the model runs without the stream being asked: if it throws, the frame has gone by all the same. */
  leave(program: Program, regions: readonly Region[] | null): void {
    if (this.program === null) this.adopt(program);
    this.miss(program, regions);
    this.last.clear();
  }

  /** Notes what such a frame took. */
  skip(ms: number): void {
    const decision = this.policy.rests ? this.decideUnseen(true) : MIXED_ROWS;
    this.policy.observe(decision.path, 1, ms, 0);
    this.last.note(decision, null, ms, null);
  }

  /** Before the model runs: if it throws, the caller's frame has gone by all the same. */
  missBy({changed, commit}: FrameOptions): void {
    if (commit) this.miss(this.program!, changed);
  }

  /** Notes a frame that the model computed; a variant leaves no trace but its report. */
  noteDense(
    decision: Decision,
    share: number | null,
    {commit}: FrameOptions,
    ms: number,
    overhead: number,
  ): void {
    if (commit) this.policy.observe(decision.path, share ?? 1, ms, overhead);
    this.last.note(decision, share, commit ? ms + overhead : ms, null);
  }

  /** Notes a frame that the engine computed. */
  noteComputed(
    result: RunResult,
    decision: Decision,
    {share}: Delta,
    {commit}: FrameOptions,
    ms: number,
    overhead: number,
  ): void {
    if (commit) this.policy.observe(decision.path, share ?? 1, ms, overhead);
    this.last.note(decision, share, ms + overhead, result);
    if (!commit) return;
    this.missed.clear();
    // Outputs whose size nobody knew may have made the cache larger than it may be.
    if (this.cache.neededBytes <= this.needed) return;
    this.needed = this.cache.neededBytes;
    if (this.needed > this.options.maxBytes) this.cache.clear();
    else this.options.onGrowth?.();
  }

  /** Notes a frame that an episode has recorded. */
  noteRecorded(result: RunResult, {share}: Delta, ms: number): void {
    this.missed.clear();
    this.last.note(RECORDED, share, ms, result);
  }

  reset(): void {
    this.missed.clear();
    this.last.clear();
    this.adopted = null;
    this.policy = policyFor(this.options.policy, null, this.ledger);
  }

  /** For a frame that nobody looks at, because the policy rests. */
  private decideUnseen(primed: boolean): Decision {
    return this.policy.decide({primed, share: 1}, null);
  }
}
