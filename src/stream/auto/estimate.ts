/** What something takes, from measurements of it: whatever clock they were taken by, and however busy the machine was. */

/**
 * A measurement is off by less than a tick of the clock, a sum of n by about half the root of n ticks; and where all are much shorter
 * than a tick, by the root of the ticks counted. So many ticks are enough for an eighth, and for a quarter.
 */
const TICKS = 4;
const ENOUGH_TICKS = 16;
/** No host's clock counts more finely, milliseconds; less is rounding. */
const FINEST = 1e-6;
/** Samples that are remembered, and the quantile that few of them are above. */
const SAMPLES = 9;
const HIGH = 0.85;

/** How finely a host's clock counts, as far as has been seen. */
export class Clock {
  /** The shortest time seen that was not zero, or by which two differed, in milliseconds. */
  private tick = Infinity;
  private readonly last = {ms: 0, overhead: 0};

  /** @param ms of running a frame, and of what came before that */
  see(ms: number, overhead: number): void {
    const {last} = this;
    this.seeOne(ms);
    this.seeOne(overhead);
    this.seeOne(Math.abs(ms - last.ms));
    this.seeOne(Math.abs(overhead - last.overhead));
    last.ms = ms;
    last.overhead = overhead;
  }

  /** What passed at least, where so much was counted in all. */
  atLeast(ms: number): number {
    return ms === 0 ? 0 : Math.max(0, ms - Math.sqrt(ms * this.tick));
  }

  /** Whether a time is long enough to be believed, the sum of so many measurements. */
  resolves(ms: number, measurements = 1): boolean {
    return ms >= this.tick * Math.min(ENOUGH_TICKS, TICKS * Math.sqrt(measurements));
  }

  private seeOne(ms: number): void {
    if (ms > FINEST && ms < this.tick) this.tick = ms;
  }
}

/** How long something takes, over how long it was expected to; or simply how long, where 1 is expected each time. */
export class Estimate {
  private readonly samples: number[] = [];
  private next = 0;
  /** Null where a sample came since it was worked out. */
  private known: number | null = null;
  /** What was measured since the last sample. */
  private ms = 0;
  private expected = 0;
  private measured = 0;
  /** Measurements that make a sample: a number set beforehand, or samples would end where a coarse clock ticks. */
  private needed = 1;

  /** @param quantile the sample that is believed: a busy machine makes some longer, and none shorter */
  constructor(
    private readonly clock: Clock,
    private readonly quantile: number,
  ) {}

  get count(): number {
    return this.samples.length;
  }

  /** Null before the first sample. */
  get value(): number | null {
    if (this.known !== null || this.samples.length === 0) return this.known;
    this.known = this.at(this.quantile);
    return this.known;
  }

  /** What few samples are above; 0 before the first. */
  get high(): number {
    return this.samples.length === 0 ? 0 : this.at(HIGH);
  }

  /** The value, or what is known before the first sample; null where nothing was measured. */
  get rough(): number | null {
    return this.value ?? (this.measured === 0 ? null : this.ms / this.expected);
  }

  /** What it is at least, as far as has been seen; 0 before anything was. */
  get atLeast(): number {
    if (this.value !== null || this.measured === 0) return this.value ?? 0;
    return this.clock.atLeast(this.ms) / this.expected;
  }

  /** The largest sample; 0 before the first. */
  get most(): number {
    return Math.max(0, ...this.samples);
  }

  /** @param expected milliseconds; or 1, where all that is asked is what each takes */
  add(ms: number, expected: number): void {
    // A clock that was set back meanwhile says nothing.
    if (ms < 0) return;
    this.ms += ms;
    this.expected += expected;
    if (++this.measured < this.needed) return;
    if (!this.clock.resolves(this.ms, this.measured)) {
      this.needed *= 2;
      return;
    }
    this.samples[this.next] = this.ms / this.expected;
    this.next = (this.next + 1) % SAMPLES;
    this.known = null;
    this.ms = this.expected = this.measured = 0;
  }

  private at(quantile: number): number {
    const sorted = [...this.samples].sort((a, b) => a - b);
    return sorted[Math.floor(quantile * (sorted.length - 1))];
  }
}
