/**
 * Who computes a frame: the engine incrementally, the engine in full (which fills the cache anew), or the wrapped
 * model on its own backend (which leaves the cache behind).
 *
 * It only measures and decides; it runs nothing. What trying out the engine may cost is a credit: it grows by a small
 * share of a dense frame with every frame and pays for the engine's losses, so that a model that gains nothing from
 * reuse loses at most that share.
 */

export type PolicyName = 'auto' | 'incremental' | 'dense';
export type Path = 'incremental' | 'prime' | 'dense';

/** What the decision rests on. */
export interface Situation {
  /** Whether the cache holds a frame. */
  readonly primed: boolean;
  /** Share of the input's pixels that changed since the frame in the cache. */
  readonly share: number;
}

export interface Decision {
  readonly path: Path;
  readonly reason: string;
}

/** Credit earned a frame, and the most that is saved up, in dense frames. */
const EARN = 0.02;
const MOST_CREDIT = 4;
/** A new measurement's weight in the running mean. */
const WEIGHT = 0.25;
/** Change is measured in classes: each half the share of the one before. */
const CLASSES = 16;

class RunningMean {
  value: number | null = null;
  count = 0;

  add(sample: number): void {
    // The first call of anything pays for compiling it: the second replaces it.
    if (this.value === null || this.count === 1)
      this.value = this.count === 1 ? Math.min(this.value!, sample) : sample;
    else this.value += WEIGHT * (sample - this.value);
    this.count++;
  }
}

export class Policy {
  private readonly dense = new RunningMean();
  private readonly prime = new RunningMean();
  private readonly incremental = Array.from({length: CLASSES}, () => new RunningMean());
  private credit = MOST_CREDIT;
  /** Frames until a scene that stays different from the cached one is taken over; doubles while that does not help. */
  private patience = 1;
  private behind = 0;
  private wait = 0;
  private pause = 16;

  constructor(readonly name: PolicyName) {}

  /** True where the frame should go to the model without even being compared. */
  get rests(): boolean {
    return this.name === 'dense' || (this.name === 'auto' && this.wait > 0);
  }

  decide({primed, share}: Situation): Decision {
    if (this.name === 'dense') return {path: 'dense', reason: "policy is 'dense'"};
    if (this.name === 'incremental')
      return {path: primed ? 'incremental' : 'prime', reason: "policy is 'incremental'"};
    if (this.wait > 0) {
      this.wait--;
      return {path: 'dense', reason: 'reuse did not pay lately; it is tried again from time to time'};
    }
    if (!primed) return {path: 'prime', reason: 'the cache is empty'};
    if (this.dense.count < 2 && this.seen >= 2) return {path: 'dense', reason: 'measuring the model itself'};
    return this.compare(share);
  }

  /** Takes in what a frame took, in ms. */
  observe(path: Path, share: number, ms: number): void {
    if (path === 'dense') this.dense.add(ms);
    else if (path === 'prime') this.prime.add(ms);
    else this.incremental[classOf(share)].add(ms);
    if (this.name === 'auto') this.account(path, ms);
  }

  private get seen(): number {
    return this.incremental.reduce((sum, {count}) => sum + count, 0);
  }

  private compare(share: number): Decision {
    const dense = this.dense.value;
    const expected = this.expect(share);
    if (dense === null || expected === null || expected < dense) {
      this.behind = 0;
      this.patience = 1;
      return {path: 'incremental', reason: 'expected to be faster than the model itself'};
    }
    // A scene that stays different from the cached one is taken over, ever more rarely while it keeps changing.
    this.behind++;
    if (this.behind > this.patience) {
      this.behind = 0;
      this.patience = Math.min(64, this.patience * 2);
      return {path: 'prime', reason: 'taking over a scene that differs from the cached one'};
    }
    return {path: 'dense', reason: 'too much changed for reuse to pay'};
  }

  /** What an incremental frame of this change takes: as measured, or as the nearest class that was. */
  private expect(share: number): number | null {
    const own = classOf(share);
    for (let distance = 0; distance < CLASSES; distance++) {
      const larger = this.incremental[own - distance]?.value;
      const smaller = this.incremental[own + distance]?.value;
      // A smaller change can only cost less than a larger one, so a larger one's cost is a safe guess.
      const guess = larger ?? smaller;
      if (guess !== null && guess !== undefined) return guess;
    }
    return null;
  }

  private account(path: Path, ms: number): void {
    const dense = this.dense.value ?? this.prime.value;
    if (dense === null || dense === 0) return;
    this.credit = Math.min(MOST_CREDIT, this.credit + EARN);
    if (path !== 'dense' && this.dense.count > 1) this.credit -= Math.max(-0.5, (ms - dense) / dense);
    if (this.credit >= 0) return;
    // Spent: rest until it has grown again, and longer every time.
    this.wait = Math.ceil(Math.max(this.pause, -this.credit / EARN));
    this.pause = Math.min(2048, this.pause * 2);
    this.credit = MOST_CREDIT / 4;
    this.incremental.forEach((mean) => (mean.count = Math.min(mean.count, 1)));
  }
}

/** 0 for everything changed, one more for each halving; the last for nothing at all. */
function classOf(share: number): number {
  if (share <= 0) return CLASSES - 1;
  return Math.min(CLASSES - 2, Math.floor(-Math.log2(share)));
}
