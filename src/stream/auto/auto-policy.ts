/**
 * The policy 'auto': who computes a frame.
 *
 * 1. The first two frames go to the model: then it is known what it takes, and what changes from frame to frame.
 * 2. A frame that the engine is expected to compute in less time than the model is the engine's.
 * 3. So is a larger one, where the calm frames expected after it make up for what it loses; and where the cache is empty, it
 *    is filled likewise.
 * 4. Else the model computes it. Where scenes come back, the cached one is waited for. Where they do not, the cache is
 *    given up: frames are compared with the one before, ever more rarely, until they are calm.
 * 5. Nothing is done that could lose more than 3 % of any 200 frames.
 * 6. The model is measured again when a frame is calm, so seldom that it costs 1 %.
 *
 * It only measures and decides; it runs nothing.
 */
import {REST, type Decision, type Expectation, type FramePolicy, type Path, type Situation} from '../policy';
import * as decisions from './decisions';
import {Clock, Estimate} from './estimate';
import {Forecasts} from './forecasts';
import {Ledger} from './ledger';
import {ModelTime} from './model-time';
import {Outlook} from './outlook';
import {Rests} from './rests';
import {Returns} from './returns';
import {FAR, Routine} from './routine';
import {TakeOvers} from './take-overs';

/** The engine's first frames run before everything is compiled: they are not believed. */
const WARM_UP = 3;
/** Compiling is not lost again: where nobody can tell how much of a first frame it was, so many frames of the model are charged. */
const MOST_COLD = 2;
/** Of several measurements of a comparison, the one that is believed. */
const COMPARISON = 0.35;
/** Of what a whole frame takes: a change this large may be another scene. */
const OTHER = 0.6;
/** Frames of the model, above which a frame may be another scene. */
const LARGE = 0.5;
/** A frame is calm that takes at most so many times the usual, or next to nothing. */
const CALM = 1.5;
const NOTHING = 0.02;
/** Where filling the cache takes less than so many frames of the model, the engine is tried for once. */
const NEAR = 4;
/** Frames of the model that a frame may lose of which nothing is known. */
const TRIAL = 2;
/** Frames without the engine after which it may be faster than it was, and twice as many until it may be twice as fast. */
const HOPEFUL = 200;

/** Of the model's time: where all frames with a change as large took less than this, the engine is not asked. */
const SURE = 0.75;

type Ask = (() => number) | null;

export class AutoPolicy implements FramePolicy {
  private readonly clock = new Clock();
  private readonly model: ModelTime;
  /**
   * What it took to compare frames, by what became of them: one that is left to the model is also kept as the last one seen, and one that
   * fills the cache may have been compared with nothing.
   */
  private readonly comparisons = new Map<Path, Estimate>();
  private readonly forecasts: Forecasts;
  private readonly outlook = new Outlook();
  private readonly returns = new Returns();
  private readonly routine = new Routine();
  private readonly rest = new Rests();
  private readonly takeOvers = new TakeOvers();
  /** Whether frames can be compared with the one before without being computed: engines that forecast can. */
  private readonly monitors: boolean;
  /** What the engine is expected to take for the frame under way, milliseconds; null where nobody knows. */
  private expected: number | null = null;
  /** Whether the cache, or what is monitored in its place, is of the frame before this one. */
  private follows = false;
  /** Whether all frames with a change as large as the one under way took less than SURE of the model's time. */
  private isSure = false;
  /** Whether the frame under way was compared with another one. */
  private compared = false;
  private engineRuns = 0;
  private sinceEngine = 0;
  private hopeful = HOPEFUL;

  /**
   * @param fullMs what the engine reckons for a whole frame, milliseconds; null where it cannot tell
   * @param ledger of all frames that this one decides for in turn with others
   */
  constructor(
    private readonly fullMs: number | null,
    private readonly ledger = new Ledger(),
  ) {
    this.monitors = fullMs !== null;
    this.model = new ModelTime(this.clock, fullMs);
    this.forecasts = new Forecasts(this.clock, fullMs);
  }

  get rests(): boolean {
    return this.rest.isOn;
  }

  get expectation(): Expectation {
    return {engine: this.expected ?? this.forecasts.full, model: this.model.ms};
  }

  decide({primed, share}: Situation, ask: Ask): Decision {
    if (this.routine.takes(primed, share)) return decisions.REUSE;
    this.notePassed(this.routine.takePassed());
    this.expected = null;
    this.compared = !this.rest.isOn;
    const decision = this.compared ? this.judge(primed, share, ask) : this.restOnce();
    if (decision === decisions.REUSE && this.isSure)
      this.routine.begin(share, this.expected!, this.model.ms!);
    else this.routine.end();
    const isMonitored = this.compared && this.monitors && (!primed || decision.givesUp === true);
    this.follows = decision.path !== 'dense' || isMonitored;
    return decision;
  }

  observe(path: Path, share: number, ms: number, overhead: number): void {
    if (this.routine.took(ms)) return;
    this.notePassed(this.routine.takePassed());
    this.clock.see(ms, overhead);
    if (path === 'dense') this.observeModel(ms, overhead);
    else this.observeEngine(path, share, ms, overhead);
  }

  restOn(ms: number): void {
    this.follows = this.compared = false;
    this.rest.take();
    this.observeModel(ms, 0);
  }

  private restOnce(): Decision {
    this.rest.take();
    return REST;
  }

  /** Takes in frames that nobody looked at closely. */
  private notePassed(frames: number): void {
    this.model.pass(frames);
    this.outlook.pass(frames);
    for (let i = 0; i < frames; i++) this.ledger.add(FAR - 1);
  }

  private judge(primed: boolean, share: number, ask: Ask): Decision {
    const model = this.model.ms;
    if (model === null) return this.begin(primed);
    return primed ? this.judgePrimed(share, model, ask) : this.judgeEmpty(share, model, ask);
  }

  /** What cannot be monitored is filled first, if that may be lost, so that there is a frame to compare the next ones with. */
  private begin(primed: boolean): Decision {
    if (primed || this.monitors || this.ledger.left < MOST_COLD) return decisions.MEASURE;
    return decisions.FILL_FOR_TRIAL;
  }

  private judgePrimed(share: number, model: number, ask: Ask): Decision {
    const {outlook, returns, takeOvers} = this;
    const expected = this.expect(share, model, ask);
    const cost = (expected ?? 0) / model;
    const {previous} = outlook;
    if (this.follows) outlook.see(cost);
    returns.look(cost);
    if (expected === null || (takeOvers.tries && this.follows)) return this.tryOut(model);
    if (this.isCalm(cost) && this.model.isDue(cost)) return decisions.MEASURE;
    const isAffordable = this.affords(this.forecasts.risk(expected), model);
    const isOther = expected > OTHER * (this.forecasts.full ?? expected);
    if (isAffordable && cost < this.model.margin) {
      const mayReturn = isOther && cost > LARGE && previous > LARGE;
      if ((mayReturn || returns.isWaiting) && returns.isWorthWaiting(cost)) return this.wait(cost);
      return this.reuse();
    }
    if (isAffordable && this.isWorthKeepingUp(cost, previous, model)) return decisions.KEEP_UP;
    if (isOther && returns.isWorthWaiting(cost)) return this.wait(cost);
    return this.leave(isAffordable, model);
  }

  /** What nobody can tell beforehand may lose a frame or two of the model. */
  private tryOut(model: number): Decision {
    this.takeOvers.tried();
    return this.ledger.left > TRIAL ? decisions.TRY : this.leave(false, model);
  }

  private reuse(): Decision {
    this.returns.fail();
    this.rest.forget();
    this.takeOvers.forget();
    return decisions.REUSE;
  }

  private wait(cost: number): Decision {
    this.returns.wait(cost);
    return decisions.WAIT;
  }

  /** Leaves a scene, for the cached one is of no use to it. */
  private leave(isAffordable: boolean, model: number): Decision {
    this.returns.fail();
    this.outlook.restart();
    // The cache would be filled at once, only to be left again: comparing costs something, too.
    if (!isAffordable && (this.forecasts.full ?? Infinity) <= model) this.rest.toEarn();
    if (this.monitors) return decisions.GIVE_UP;
    if (isAffordable && this.takeOvers.isDue()) return decisions.TAKE_OVER;
    this.rest.afterVain();
    return decisions.TOO_MUCH;
  }

  private judgeEmpty(share: number, model: number, ask: Ask): Decision {
    const {forecasts, outlook, rest} = this;
    const full = this.hopedFor(forecasts.full ?? model);
    const isAffordable = this.affords(forecasts.full === null ? MOST_COLD * model : full, model);
    if (full <= model && (isAffordable || forecasts.full !== null)) return decisions.FILL;
    if (!isAffordable) {
      rest.toEarn();
      return decisions.TOO_MUCH;
    }
    if (this.engineRuns === 0 && full < NEAR * model) return decisions.FILL_FOR_TRIAL;
    const expected = forecasts.of(share, ask);
    if (!this.follows || expected === null) return decisions.TOO_MUCH;
    const cost = (this.hope * expected) / model;
    outlook.see(cost);
    if (cost < 1 && outlook.repays(full / model - 1)) return decisions.FILL;
    this.expected = cost * model;
    if (cost < 1) return decisions.AWAIT;
    rest.afterVain();
    return decisions.TOO_MUCH;
  }

  private isCalm(cost: number): boolean {
    return cost <= CALM * this.outlook.calm || cost <= NOTHING;
  }

  private isWorthKeepingUp(cost: number, previous: number, model: number): boolean {
    const {outlook, forecasts} = this;
    const full = (forecasts.full ?? model) / model;
    if (this.follows) return outlook.isWorthKeepingUp(cost - 1, Math.max(cost, full));
    // Where a frame went by, its change is in this one too, and nobody knows how much of it.
    return previous < 1 && outlook.repays(cost - 1);
  }

  /** What filling the cache may take: no longer than it was reckoned to, where it took longer when it was tried. */
  private hopedFor(full: number): number {
    return Math.max(this.hope * full, Math.min(full, this.fullMs ?? 0));
  }

  /**
   * What the engine may take over what it took when it ran last: on a machine that was busy then, and may not be now. It
   * falls to a half, the later the more often that was no use.
   */
  private get hope(): number {
    const times = this.sinceEngine / this.hopeful;
    return 1 / Math.min(2, Math.max(1, times));
  }

  /** What the engine will take. */
  private expect(share: number, model: number, ask: Ask): number | null {
    const {forecasts} = this;
    this.isSure = forecasts.knows(share) && forecasts.most(share) < SURE * model;
    this.expected = forecasts.of(share, this.isSure ? null : ask);
    return this.expected;
  }

  private affords(ms: number, model: number): boolean {
    return ms <= model || ms - model <= this.ledger.left * model;
  }

  private observeModel(ms: number, overhead: number): void {
    this.sinceEngine++;
    this.model.add(ms);
    const {ms: model} = this.model;
    if (model === null) return;
    this.ledger.add(this.comparing('dense', overhead) / model);
  }

  private observeEngine(path: Path, share: number, ms: number, overhead: number): void {
    const {forecasts} = this;
    const isFull = path === 'prime';
    this.model.pass(1);
    if (this.sinceEngine > this.hopeful) this.hopeful *= 2;
    this.sinceEngine = 0;
    this.charge(path, ms, overhead, isFull ? forecasts.full : this.expected);
    if (this.engineRuns++ < WARM_UP) {
      if (!this.clock.resolves(ms)) return;
      if (isFull) forecasts.noteColdFull(ms);
      else forecasts.noteCold(share, ms);
    } else if (isFull) {
      forecasts.noteFull(ms);
    } else {
      forecasts.note(share, ms);
    }
  }

  /** Time that others had of the machine is not held against the engine; nor what the clock cannot tell. */
  private charge(path: Path, ms: number, overhead: number, expected: number | null): void {
    const {ms: model} = this.model;
    if (model === null) {
      this.ledger.add(MOST_COLD - 1);
      return;
    }
    const taken = this.clock.resolves(ms) ? this.forecasts.chargeable(ms, expected) : (expected ?? model);
    const isCold = !this.monitors && this.engineRuns < WARM_UP;
    const charged = isCold ? Math.min(taken, MOST_COLD * model) : taken;
    this.ledger.add((charged + this.comparing(path, overhead)) / model - 1);
  }

  /** What comparing the frame took. */
  private comparing(path: Path, overhead: number): number {
    if (!this.compared) return 0;
    let comparison = this.comparisons.get(path);
    if (!comparison) this.comparisons.set(path, (comparison = new Estimate(this.clock, COMPARISON)));
    comparison.add(overhead, 1);
    return comparison.atLeast;
  }
}
