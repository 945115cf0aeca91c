/** What a frame of the model takes, and when it is time to measure it again. */
import {Estimate, type Clock} from './estimate';

/** Of what it was seen to take, the sample that is believed: the model gets the benefit of the doubt. */
const QUANTILE = 0.35;
/** Frames it has to begin with. The first runs before everything is compiled: it is believed where the second took even longer. */
const FIRST_RUNS = 2;
/** By a coarse clock it is taken to be so many times as fast as the engine in full, until more is known. */
const FASTEST = 4;
/** And the engine must then be expected to take less than this share of its time. */
const COARSE_MARGIN = 0.75;
/** Milliseconds of reuse, in frames of the model, after which it is measured again: 1 %; sooner to begin with. */
const AFTER = 100;
const SOON_AFTER = 4;
const FEW_RUNS = 4;
/** Where reuse takes more than half of its time: frames, to begin with and later. */
const CLOSE = 0.5;
const CLOSE_SOON = 8;
const CLOSE_LATER = 64;
const ENOUGH_RUNS = 6;

export class ModelTime {
  private readonly estimate: Estimate;
  private runs = 0;
  private firstMs = 0;
  /** Frames since it ran last. */
  private since = 0;

  /** @param fullMs of the engine, as it reckons; null where it cannot tell */
  constructor(
    private readonly clock: Clock,
    private readonly fullMs: number | null,
  ) {
    this.estimate = new Estimate(clock, QUANTILE);
  }

  /** Milliseconds; null where it has to be measured first. */
  get ms(): number | null {
    const {estimate, runs, fullMs} = this;
    if (estimate.value !== null) return estimate.value;
    if (runs < FIRST_RUNS) return null;
    return Math.max((fullMs ?? 0) / FASTEST, estimate.atLeast) || null;
  }

  /** Of its time, what the engine must be expected to take less than. */
  get margin(): number {
    return this.clock.resolves(this.estimate.value ?? 0) ? 1 : COARSE_MARGIN;
  }

  add(ms: number): void {
    this.since = 0;
    const run = this.runs++;
    if (run === 0) this.firstMs = ms;
    else this.estimate.add(run > 1 ? ms : this.leastOfTwo(ms), 1);
  }

  /** Notes frames that it did not compute. */
  pass(frames: number): void {
    this.since += frames;
  }

  /** @param cost of the frames that the engine computes now, in frames of the model */
  isDue(cost: number): boolean {
    if (cost > CLOSE) return this.since >= (this.runs < ENOUGH_RUNS ? CLOSE_SOON : CLOSE_LATER);
    return this.since * cost >= (this.runs < FEW_RUNS ? SOON_AFTER : AFTER);
  }

  /** What the second frame is taken to have taken: nobody knows yet whether the machine was busy elsewhere. */
  private leastOfTwo(second: number): number {
    return this.clock.resolves(this.firstMs) ? Math.min(this.firstMs, second) : second;
  }
}
