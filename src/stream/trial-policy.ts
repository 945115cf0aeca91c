/**
 * The policy 'auto' for engines that have to be tried out; forecast-policy.ts is for those that can tell what a frame will take.
 *
 * It only measures and decides; it runs nothing. What trying out the engine may cost is a credit, counted in dense
 * frames: it grows by a small share with every frame and pays for the engine's losses. A model that gains nothing from
 * reuse loses at most that share.
 */

import {measured, RecentMedian} from './median';
import {REST, type Decision, type FramePolicy, type Path, type Situation} from './policy';

/** Credit earned a frame, and the most that is saved up. */
const EARN = 0.01;
const MOST_CREDIT = 2.5;
/** Credit a trial needs to begin: about what filling the cache and two slow frames lose. */
const TRIAL_CREDIT = 1.5;
/** The first frames of each side run before anything is compiled: they are neither believed nor charged. */
const WARM_UP = {engine: 3, dense: 1};
/** Frames of a trial; it ends earlier where the credit does. */
const TRIAL_FRAMES = 6;
const TAKE_OVER_FRAMES = 2;
/** The engine must be expected to take less than this share of a dense frame. */
const MARGIN = 0.95;
/** Frames until the model itself is measured again: where the two are close, and where they are far apart. */
const CLOSE = 0.4;
const REMEASURE_CLOSE = 16;
const REMEASURE_FAR = 512;
/** Longest rest, and longest wait before a scene that stays different is taken over. */
const MOST_PAUSE = 2048;
const MOST_PATIENCE = 64;
/** Change is measured in classes: each half the share of the one before. */
const CLASSES = 16;

export class TrialPolicy implements FramePolicy {
  private readonly dense = new RecentMedian();
  private readonly prime = new RecentMedian();
  private readonly incremental = Array.from({length: CLASSES}, () => new RecentMedian());
  private credit = MOST_CREDIT;
  private trial = TRIAL_FRAMES;
  private sinceDense = 0;
  private readonly warmUp = {...WARM_UP};
  /** What the engine took before the model itself was measured: charged once it has been. */
  private uncharged: number[] = [];
  /** Frames in a row that differed too much, and how many of them are waited for before the cache is filled anew. */
  private behind = 0;
  private patience = 1;
  private wait = 0;
  private pause = 16;

  get rests(): boolean {
    return this.wait > 0;
  }

  decide({primed, share}: Situation): Decision {
    if (this.wait > 0) {
      this.wait--;
      return REST;
    }
    if (!primed) return {path: 'prime', reason: 'the cache is empty'};
    if (this.dense.count === 0 && this.uncharged.length > 1)
      return {path: 'dense', reason: 'measuring the model itself'};
    if (this.trial > 0) return this.tryOut(share);
    return this.isDenseDue(share)
      ? {path: 'dense', reason: 'measuring the model itself'}
      : this.compare(share);
  }

  observe(path: Path, share: number, ms: number, overhead: number): void {
    const side = path === 'dense' ? 'dense' : 'engine';
    if (this.warmUp[side] > 0) {
      this.warmUp[side]--;
      return;
    }
    if (path === 'dense') this.dense.add(measured(ms));
    else if (path === 'prime') this.prime.add(ms + overhead);
    else this.incremental[classOf(share)].add(ms + overhead);
    this.sinceDense = path === 'dense' ? 0 : this.sinceDense + 1;
    this.account(path, ms, overhead);
  }

  restOn(ms: number): void {
    this.wait--;
    this.dense.add(measured(ms));
    this.credit = Math.min(MOST_CREDIT, this.credit + EARN);
  }

  /** A trial compares like with like: frames that follow each other. */
  private tryOut(share: number): Decision {
    if (share > 0.5 && this.behind === 0) {
      this.behind = 1;
      return {path: 'prime', reason: 'taking over a scene that differs from the cached one'};
    }
    this.behind = 0;
    this.trial--;
    return {path: 'incremental', reason: 'trying out reuse'};
  }

  private isDenseDue(share: number): boolean {
    const dense = this.dense.value;
    if (dense === null) return true;
    const expected = this.expect(share);
    const close = expected === null || expected > CLOSE * dense;
    if (close && this.dense.count < 2) return true;
    return this.sinceDense >= (close ? REMEASURE_CLOSE : REMEASURE_FAR);
  }

  private compare(share: number): Decision {
    const expected = this.expect(share);
    if (expected === null || expected < MARGIN * this.dense.value!) {
      this.behind = 0;
      this.patience = 1;
      return {path: 'incremental', reason: 'expected to be faster than the model itself'};
    }
    // A scene that stays different from the cached one is taken over, ever more rarely while it keeps changing.
    this.behind++;
    if (this.behind > this.patience) {
      this.behind = 0;
      this.patience = Math.min(MOST_PATIENCE, this.patience * 2);
      // What is known of small changes may be old: it is measured anew.
      this.trial = TAKE_OVER_FRAMES;
      return {path: 'prime', reason: 'taking over a scene that differs from the cached one'};
    }
    return {path: 'dense', reason: 'too much changed for reuse to pay'};
  }

  /** What an incremental frame of this change takes: as measured, or as the nearest class that was. */
  private expect(share: number): number | null {
    const own = classOf(share);
    for (let distance = 0; distance < CLASSES; distance++) {
      // A smaller change costs no more than a larger one, so a larger one's cost is the safe guess.
      const guess = this.incremental[own - distance]?.value ?? this.incremental[own + distance]?.value;
      if (guess !== null && guess !== undefined) return guess;
    }
    return null;
  }

  private account(path: Path, ms: number, overhead: number): void {
    const dense = this.dense.value;
    if (dense === null) {
      this.uncharged.push(ms + overhead);
      return;
    }
    const charge = (loss: number) => {
      this.credit -= Math.min(MOST_CREDIT, Math.max(-1, loss / dense));
    };
    this.uncharged.forEach((cost) => charge(cost - dense));
    this.uncharged = [];
    charge(path === 'dense' ? overhead : ms + overhead - dense);
    this.credit = Math.min(MOST_CREDIT, this.credit + EARN);
    if (this.credit >= 0 || this.wait > 0) return;
    this.wait = Math.ceil(Math.max(this.pause, (TRIAL_CREDIT - this.credit) / EARN));
    this.pause = Math.min(MOST_PAUSE, this.pause * 2);
    this.trial = TRIAL_FRAMES;
    this.behind = 0;
    this.patience = 1;
  }
}

export const tryOut = (): FramePolicy => new TrialPolicy();

/** 0 for everything changed, one more for each halving; the last for nothing at all. */
function classOf(share: number): number {
  if (share <= 0) return CLASSES - 1;
  return Math.min(CLASSES - 2, Math.floor(-Math.log2(share)));
}
