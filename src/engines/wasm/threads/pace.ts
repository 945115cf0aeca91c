/**
 * Whether sharing pays, by what it was measured to take. Where other work has the cores, threads that share a list wait for each
 * other, and one is faster alone: then lists are not shared for a while, which grows as long as that stays so.
 */

/**
 * Shared lists are judged together: once they took so many milliseconds, whether much is lost; and, where it is not, later, whether they gain
 * enough. A host may take some milliseconds to give a worker that it woke a core of its own.
 */
const LOSS_MS = 10;
const LARGEST_LOSS = 0.9;
const GAIN_MS = 40;
const LEAST_GAIN = 1.05;
/** How long lists are not shared after that, in milliseconds: at first, and at most. */
const FIRST_REST_MS = 20;
const LONGEST_REST_MS = 1000;

/** A kind of list is computed alone now and then, to know what that takes: after this long, and no more of the time than 1 in so many. */
const STALE_MS = 500;
const ALONE_ONE_IN = 50;

/** How much a longer time than known counts: it may be another's doing, while a shorter one is certain. */
const UPWARDS = 0.3;

/** What an item of a kind of list takes alone, in milliseconds. */
interface Rate {
  itemMs: number;
  /** When a list is to be computed alone again. */
  until: number;
}

export class Pace {
  private readonly rates = new Map<number, Rate>();
  private expectedMs = 0;
  private sharedMs = 0;
  private restsUntil = -Infinity;
  private restMs = FIRST_REST_MS;

  /**
   * Whether to share a list of this kind. The first of a kind is shared, for want of anything else.
   * @param now milliseconds, as all times here
   */
  shares(kind: number, now: number): boolean {
    if (now < this.restsUntil) return false;
    const rate = this.rates.get(kind);
    if (rate) return now < rate.until;
    this.rates.set(kind, {itemMs: 0, until: now});
    return true;
  }

  /** Notes what a list of `n` items took alone. */
  noteAlone(kind: number, n: number, ms: number, now: number): void {
    const itemMs = ms / n;
    const known = this.rates.get(kind)?.itemMs || itemMs;
    const until = now + Math.max(STALE_MS, ALONE_ONE_IN * ms);
    this.rates.set(kind, {itemMs: itemMs < known ? itemMs : known + UPWARDS * (itemMs - known), until});
  }

  /** Notes what a list took that was shared. */
  noteShared(kind: number, n: number, ms: number, now: number): void {
    const itemMs = this.rates.get(kind)?.itemMs || 0;
    if (itemMs === 0) return;
    this.expectedMs += itemMs * n;
    this.sharedMs += ms;
    if (this.sharedMs < LOSS_MS) return;
    const gain = this.expectedMs / this.sharedMs;
    const isKnown = this.sharedMs >= GAIN_MS;
    if (gain >= (isKnown ? LEAST_GAIN : LARGEST_LOSS)) {
      if (isKnown) this.judgeAnew(FIRST_REST_MS);
      return;
    }
    this.restsUntil = now + this.restMs;
    this.judgeAnew(Math.min(2 * this.restMs, LONGEST_REST_MS));
  }

  private judgeAnew(restMs: number): void {
    this.expectedMs = this.sharedMs = 0;
    this.restMs = restMs;
  }
}
