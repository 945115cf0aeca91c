/**
 * Scenes that come back: two streams in turn, a flash, a dialog that closes. The cache is better kept for them than brought
 * up to what is shown meanwhile. Whether scenes of a stream do come back is found out by waiting for it, ever more rarely
 * where it was in vain.
 */

/** Frames that a scene is waited for; every other time that it is only tried, as few. */
const PATIENCE = 3;
const SHORT_PATIENCE = 1;
/** Large frames between two tries, at first and at most: twice as many after each in vain. */
const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 256;
/** Waits that the odds remember, and what frames that came back took. */
const MEMORY = 4;
/** Odds from which scenes are counted on to come back. */
const LIKELY = 0.5;

export class Returns {
  /** Frames left to the model since the cached scene was shown; 0 where the cache is up to date. */
  private waited = 0;
  /** What bringing the cache up would have taken when the wait began, in frames of the model. */
  private costThen = 0;
  /** Share of the waits that were not in vain, and how long those were. */
  private odds = 0;
  private typical = 1;
  /** What a frame takes that came back, in frames of the model. */
  private back = 0;
  /** Tries in vain so far. */
  private failures = 0;
  /** Large frames until the next try, and after the next one in vain. */
  private left = 0;
  private pause = FIRST_PAUSE;

  get isWaiting(): boolean {
    return this.waited > 0;
  }

  /**
   * Whether to leave this frame to the model, and keep the cache.
   * @param cost of bringing the cache up to this frame, in frames of the model
   */
  isWorthWaiting(cost: number): boolean {
    if (this.waited > 0) return this.waited < this.patience;
    if (this.odds > LIKELY) return (this.typical + this.back) / (this.typical + 1) < cost;
    return this.left-- <= 0;
  }

  /** Notes that the frame is left to the model. @param cost of bringing the cache up to it, in frames of the model */
  wait(cost: number): void {
    if (this.waited++ === 0) this.costThen = cost;
  }

  /** Notices a scene that came back: what the cache lacks grows from frame to frame, but for that. */
  look(cost: number): void {
    if (this.waited === 0 || cost > this.costThen / 2) return;
    this.back += (cost - this.back) / MEMORY;
    this.typical += (this.waited - this.typical) / 2;
    this.note(1);
    this.pause = FIRST_PAUSE;
    this.left = 0;
  }

  /** It did not, and the cache is brought up or given up. */
  fail(): void {
    if (this.waited === 0) return;
    this.note(0);
    this.failures++;
    this.left = this.pause;
    this.pause = Math.min(LONGEST_PAUSE, 2 * this.pause);
  }

  private get patience(): number {
    return this.odds > LIKELY || this.failures % 2 === 1 ? PATIENCE : SHORT_PATIENCE;
  }

  /** @param came 1 for a scene that came back; the first one is believed at once */
  private note(came: 0 | 1): void {
    this.odds += (came - this.odds) / (came === 1 && this.odds === 0 ? 1 : MEMORY);
    this.waited = 0;
  }
}
