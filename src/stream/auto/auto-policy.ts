/**
 * The policy 'auto': who computes a frame, in this order.
 *
 * 1. The first two frames go to the model: now it is known what it takes, and what changes from frame to frame.
 * 2. A frame that the engine is expected to compute in less time than the model is the engine's.
 * 3. A larger one is kept up with all the same where calm frames are expected after it that make up for the loss; and where
 *    the cache is empty, it is filled likewise.
 * 4. Else the model computes it. The cached scene is waited for where scenes come back; where they do not, the cache is given up,
 *    and frames are compared with the one before, ever more rarely, until they are calm.
 * 5. Nothing is tried that could lose more than 3 % of any 200 frames.
 * 6. The model is measured again when a frame is calm, so seldom that it costs 1 %.
 *
 * It only measures and decides; it runs nothing.
 */
import {REST, type Decision, type Expectation, type FramePolicy, type Path, type Situation} from '../policy';
import {Clock, Estimate} from './estimate';
import {Forecasts, RISK} from './forecasts';
import {Ledger} from './ledger';
import {Outlook} from './outlook';
import {Returns} from './returns';
import {FAR, Routine} from './routine';

/** The first frames of each side run before everything is compiled: they are not believed. */
const WARM_UP = {engine: 3, model: 1};
/** The model is measured again when so many times what a frame saves has gone by. */
const REMEASURE = 100;
const REMEASURE_SOON = 4;
const FEW = 4;
/** Where the two are close: after this many, until it was measured often enough; and then. */
/** Of what the model was seen to take, the sample that is believed: it gets the benefit of the doubt. */
const QUICK = 0.35;
/** Frames of the model to begin with; and how many times as fast as the engine in full it may be. */
const FIRST_RUNS = 2;
const FASTEST_MODEL = 4;
const SOON = 8;
const ENOUGH = 6;
const LATER = 64;
const COARSE_MARGIN = 0.75;
/** Frames monitored in vain, over the frames of a rest. */
const VAIN = 4;
const LONGEST_REST = 64;
/** Frames until what was lost may be few enough for the cache to be filled again. */
const REST_TO_EARN = 16;
/** Frames without the engine after which it may be twice as fast as it was. */
const HOPEFUL = 200;
/** Of what a whole frame takes: a change this large may be another scene. */
const OTHER = 0.6;
const LONGEST_PATIENCE = 64;
const TRIAL = 2;
/** Where forecasts are less than so many frames of the model, the engine is tried for once. */
const NEAR = 4;

const MEASURE: Decision = {path: 'dense', reason: 'measuring the model itself'};
const TOO_MUCH: Decision = {path: 'dense', reason: 'too much changes for reuse to pay', isJudged: true};
const GIVE_UP: Decision = {...TOO_MUCH, givesUp: true};
const WAIT: Decision = {path: 'dense', reason: 'waiting for the cached scene to come back', isJudged: true};
const AWAIT: Decision = {path: 'dense', reason: 'monitoring whether reuse will pay', isJudged: true};
const FILL: Decision = {path: 'prime', reason: 'reuse is expected to pay', isJudged: true};
const FILL_FOR_TRIAL: Decision = {...FILL, reason: 'trying out reuse'};
const TRY: Decision = {path: 'incremental', reason: 'trying out reuse'};
const TAKE_OVER: Decision = {...FILL, reason: 'taking over a scene that differs from the cached one'};
const REUSE: Decision = {
  path: 'incremental',
  reason: 'expected to be faster than the model itself',
  isJudged: true,
};
const KEEP_UP: Decision = {...REUSE, reason: 'keeping up with a large change, for the smaller ones after it'};

export class AutoPolicy implements FramePolicy {
  private readonly clock = new Clock();
  private readonly model = new Estimate(this.clock, QUICK);
  private readonly overheads = new Estimate(this.clock, QUICK);
  private readonly forecasts: Forecasts;
  private readonly outlook = new Outlook();
  private readonly returns = new Returns();
  private readonly routine = new Routine();
  private readonly warmUp = {...WARM_UP};
  private readonly ledger = new Ledger();
  /** What the engine is expected to take for the frame under way, milliseconds; null where nobody knows. */
  private expected: number | null = null;
  private sinceModel = 0;
  private modelRuns = 0;
  private sinceEngine = 0;
  private hopeful = HOPEFUL;
  /** Whether the cache, or what is monitored in its place, is of the frame before this one. */
  private follows = false;
  private isTried = false;
  private vain = 0;
  private wait = 0;
  /** Whether the last frame was not even compared. */
  private rested = false;
  /** Frames in a row that differed too much from a cache that is kept, and how many of them are waited for. */
  private trial = 0;
  private behind = 0;
  private patience = 1;

  /** Whether frames can be compared with the one before without being computed: engines that forecast can. */
  private readonly monitors: boolean;

  /** @param fullMs what the engine reckons for a whole frame, milliseconds; null where it cannot tell */
  constructor(private readonly fullMs: number | null) {
    this.monitors = fullMs !== null;
    this.forecasts = new Forecasts(this.clock, fullMs);
  }

  get rests(): boolean {
    return this.wait > 0;
  }

  get expectation(): Expectation {
    return {engine: this.expected ?? this.forecasts.full, model: this.modelMs};
  }

  decide({primed, share}: Situation, ask: (() => number) | null): Decision {
    if (this.routine.takes(primed, share)) return REUSE;
    this.notePassed(this.routine.takePassed());
    this.expected = null;
    if (this.wait > 0) {
      this.wait--;
      this.follows = false;
      this.rested = true;
      return REST;
    }
    this.rested = false;
    const model = this.modelMs;
    const decision =
      model === null
        ? this.begin(primed)
        : primed
          ? this.decidePrimed(share, model, ask)
          : this.decideEmpty(share, model, ask);
    if (decision === REUSE) this.routine.begin(share, this.expected!, model!);
    else this.routine.end();
    const isMonitored = this.monitors && (!primed || decision.givesUp === true);
    this.follows = decision.path !== 'dense' || isMonitored;
    return decision;
  }

  observe(path: Path, share: number, ms: number, overhead: number): void {
    if (this.routine.took(ms)) return;
    this.clock.see(ms);
    this.clock.see(overhead);
    if (path === 'dense') this.observeModel(ms, overhead);
    else this.observeEngine(path, share, ms, overhead);
  }

  restOn(ms: number): void {
    this.wait--;
    this.follows = false;
    this.sinceEngine++;
    this.model.add(ms, 1);
    this.ledger.add(0);
  }

  /** Takes in frames that nobody looked at closely. */
  private notePassed(frames: number): void {
    this.sinceModel += frames;
    this.outlook.pass(frames);
    for (let i = 0; i < frames; i++) this.ledger.add(FAR - 1);
  }

  /** What cannot be monitored is filled first, so that there is a frame for what comes after it to be compared with. */
  private begin(primed: boolean): Decision {
    return primed || this.monitors ? MEASURE : FILL_FOR_TRIAL;
  }

  private decidePrimed(share: number, model: number, ask: (() => number) | null): Decision {
    const expected = this.expect(share, model, ask);
    const cost = (expected ?? 0) / model;
    const previous = this.outlook.previous;
    if (this.follows) this.outlook.see(cost);
    this.returns.look(cost);
    if (expected === null || (this.trial > 0 && this.follows)) {
      this.trial--;
      return TRY;
    }
    if (this.isModelDue(cost)) return MEASURE;
    const pays = this.affords(this.forecasts.risk(expected), model);
    if (cost < this.margin && pays) {
      const mayReturn = this.isOther(expected) && cost > 0.5 && previous > 0.5;
      if ((mayReturn || this.returns.isWaiting) && this.returns.isWorthWaiting(cost))
        return this.waitOn(cost);
      this.returns.fail();
      this.behind = this.vain = 0;
      this.patience = 1;
      return REUSE;
    }
    if (pays && this.isWorthKeepingUp(cost - 1, previous)) return KEEP_UP;
    if (this.isOther(expected) && this.returns.isWorthWaiting(cost)) return this.waitOn(cost);
    this.returns.fail();
    this.outlook.restart();
    if (this.monitors) return GIVE_UP;
    return pays && ++this.behind > this.patience ? this.takeOver() : this.restInVain();
  }

  private isWorthKeepingUp(loss: number, previous: number): boolean {
    // Where a frame went by, its change is in this one too, and nobody knows how much of it.
    return this.follows ? this.outlook.isWorthKeepingUp(loss) : previous < 1 && this.outlook.repays(loss);
  }

  /** Whether so much has changed that it may be another scene. */
  private isOther(expected: number): boolean {
    return expected > OTHER * (this.forecasts.full ?? expected);
  }

  private waitOn(cost: number): Decision {
    this.returns.wait(cost);
    return WAIT;
  }

  /** Where nothing is monitored, a scene that stays different is taken over; ever more rarely while it keeps changing. */
  private takeOver(): Decision {
    this.behind = 0;
    this.patience = Math.min(LONGEST_PATIENCE, 2 * this.patience);
    // What is known of small changes may be old: it is measured anew.
    this.trial = TRIAL;
    return TAKE_OVER;
  }

  private decideEmpty(share: number, model: number, ask: (() => number) | null): Decision {
    const full = this.hope * (this.forecasts.full ?? model);
    if (full <= model) return FILL;
    if (!this.affords(full, model)) return this.rest(REST_TO_EARN);
    const expected = this.forecasts.of(share, ask);
    this.forecasts.unasked();
    if (!this.isTried && full < NEAR * model) return FILL_FOR_TRIAL;
    if (!this.follows || expected === null) return TOO_MUCH;
    const cost = (this.hope * expected) / model;
    this.outlook.see(cost);
    if (cost < 1 && this.outlook.repays(full / model - 1)) return FILL;
    return cost < 1 ? AWAIT : this.restInVain();
  }

  /** Comparing costs something too: the longer it was in vain, the more rarely. */
  private restInVain(): Decision {
    this.vain++;
    return this.rest(Math.min(LONGEST_REST, Math.floor(this.vain / VAIN)));
  }

  private rest(frames: number): Decision {
    this.wait = frames;
    return TOO_MUCH;
  }

  /**
   * What the engine may take over what it took when it ran last: on a machine that was busy then, and may not be now. It falls to a
   * half, the more slowly the more often that was no use.
   */
  private get hope(): number {
    return 1 / (1 + clamp(this.sinceEngine / this.hopeful - 1));
  }

  /**
   * What the model takes. Where the clock is too coarse to tell soon, it is taken for as fast as it may well be beside the engine.
   */
  private get modelMs(): number | null {
    if (this.model.value !== null) return this.model.value;
    if (this.modelRuns < FIRST_RUNS) return null;
    return Math.max((this.fullMs ?? 0) / FASTEST_MODEL, this.model.atLeast) || null;
  }

  /** Of the model's time, what the engine must be expected to take less than: times are not known well by a coarse clock. */
  private get margin(): number {
    return this.clock.resolves(this.model.value ?? 0) ? 1 : COARSE_MARGIN;
  }

  /** What the engine will take. It is not asked where all frames like this one took much less than the model. */
  private expect(share: number, model: number, ask: (() => number) | null): number | null {
    const {forecasts} = this;
    const isSure = forecasts.knows(share) && forecasts.most(share) < model / 2;
    this.expected = forecasts.of(share, isSure ? null : ask);
    return this.expected;
  }

  private isModelDue(cost: number): boolean {
    if (cost > 1.5 * this.outlook.calm && cost > 0.02) return false;
    if (cost > 0.5) return this.sinceModel >= (this.modelRuns < ENOUGH ? SOON : LATER);
    return this.sinceModel * cost >= (this.modelRuns < FEW ? REMEASURE_SOON : REMEASURE);
  }

  /** Whether the credit pays for what a frame takes beyond the model's own time. */
  private affords(ms: number, model: number): boolean {
    return ms <= model || ms - model <= this.ledger.left * model;
  }

  private observeModel(ms: number, overhead: number): void {
    this.sinceModel = 0;
    this.sinceEngine++;
    this.modelRuns++;
    if (this.warmUp.model > 0) {
      this.warmUp.model--;
      return;
    }
    this.model.add(ms, 1);
    const model = this.model.value;
    if (model !== null) this.ledger.add(this.comparing(overhead) / model);
  }

  private observeEngine(path: Path, share: number, ms: number, overhead: number): void {
    const {forecasts} = this;
    const isFull = path === 'prime';
    this.sinceModel++;
    if (this.sinceEngine > 2 * this.hopeful) this.hopeful *= 2;
    this.sinceEngine = 0;
    this.isTried = true;
    this.charge(ms, overhead, isFull ? forecasts.full : this.expected);
    if (this.warmUp.engine > 0) {
      this.warmUp.engine--;
      if (this.clock.resolves(ms)) forecasts.noteCold(ms, isFull);
    } else if (isFull) {
      forecasts.noteFull(ms);
    } else {
      forecasts.note(share, ms);
    }
  }

  /** What comparing frames takes. */
  private comparing(overhead: number): number {
    if (this.rested) return 0;
    this.overheads.add(overhead, 1);
    return this.overheads.atLeast;
  }

  /** Time that others had of the machine is not held against the engine; nor what the clock cannot tell. */
  private charge(ms: number, overhead: number, expected: number | null): void {
    const model = this.model.value;
    if (model === null) return;
    const likely = expected ?? ms;
    const taken = this.clock.resolves(ms) ? Math.min(ms, RISK * likely) : likely;
    this.ledger.add((taken + this.comparing(overhead)) / model - 1);
  }
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x));
