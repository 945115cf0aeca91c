/**
 * Who computes a frame, where the engine can tell beforehand what it will take: the engine's forecasts, corrected by what
 * frames really took, against the measured time of the model itself.
 *
 * While the cache is empty, frames are only monitored: compared with the one before, so that it is known what they would
 * have taken. Filling the cache may cost as much as several frames of the model; that is paid from a credit, counted in
 * such frames, which is never more than 3 % of any 200 frames. What reuse saves goes back into it.
 */
import {measured, RecentMedian} from './median';
import {REST, type Decision, type FramePolicy, type Path, type Situation} from './policy';

/** Credit at most, and what every frame adds to it: 5.5 + 200 × 0.0025 = 3 % of 200 frames. */
const MOST_CREDIT = 5.5;
const EARN = 0.0025;
/** The engine must be expected to take less than this share of a dense frame. */
const MARGIN = 0.9;
/** A typical frame must take less than this share before losses are taken for the sake of later frames. */
const WORTH = 0.75;
/** Filling the cache costs nothing where it is forecast to take less than this share of a dense frame. */
const CHEAP = 0.8;
/** The first frames of each side run before anything is compiled: they are not believed. */
const WARM_UP = {engine: 3, dense: 1};
/** Frames in a row that reuse was not worth before the cache is given up. */
const PATIENCE = 2;
/** Frames whose forecasts the typical one is a mean of, the latest most; and how many are seen before it is believed. */
const MEMORY = 8;
const FEW = 4;
/** Frames within which filling the cache must be expected to pay for itself. */
const HORIZON = 40;
/** Frames that are monitored in vain before a rest; the first rest, and the longest. */
const MOST_MONITORED = 8;
const FIRST_REST = 16;
const LONGEST_REST = 512;
/** The model itself is measured again after this many frames, times how many times faster the engine is. */
const REMEASURE = 64;
/** And after this many, where the two are close and it was measured less often than a median of it takes. */
const REMEASURE_SOON = 8;
const ENOUGH = 5;
/** A change of at most this many times the last one, which took less than half a dense frame, needs no forecast. */
const SIMILAR = 2;
/**
 * Forecasts know neither this machine's memory nor what will be pruned. Where they come near the model's time, the engine
 * is tried for once: the cache is filled, and this many frames run, of which the first are not believed.
 */
const NEAR = 3;
const TRIAL = 6;

const MEASURE: Decision = {path: 'dense', reason: 'measuring the model itself'};
const MONITOR: Decision = {path: 'dense', reason: 'too much changes for reuse to pay'};
const GIVE_UP: Decision = {...MONITOR, givesUp: true};
const AWAIT: Decision = {path: 'dense', reason: 'monitoring whether reuse will pay'};
const FILL: Decision = {path: 'prime', reason: 'reuse is expected to pay'};
const FILL_FOR_TRIAL: Decision = {path: 'prime', reason: 'trying out reuse'};
const TRY: Decision = {path: 'incremental', reason: 'trying out reuse'};
const REUSE: Decision = {path: 'incremental', reason: 'expected to be faster than the model itself'};
const KEEP_UP: Decision = {
  path: 'incremental',
  reason: 'keeping up with a large change, for the smaller ones after it',
};

export class ForecastPolicy implements FramePolicy {
  private readonly dense = new RecentMedian();
  /** What frames took, over what was forecast; in full and incrementally. */
  private readonly fullRatio = new RecentMedian();
  private readonly ratio = new RecentMedian();
  private readonly warmUp = {...WARM_UP};
  /** The same of frames that are not believed, the least: what is compiled takes no longer. At most 1. */
  private coldRatio = 1;
  private credit = MOST_CREDIT;
  /** The forecast for the frame under way; null where none was asked for. */
  private forecast: number | null = null;
  private lastShare = 0;
  private lastMs = Infinity;
  private sinceDense = 0;
  /** What a frame would typically take if the cache is kept up, and of how many frames that is known. */
  private typical = 0;
  private seen = 0;
  /** Frames in a row that reuse was not worth. */
  private against = 0;
  /** Frames that were monitored since the cache was filled, or since the last rest. */
  private monitored = 0;
  private wait = 0;
  /** Whether a rest has just ended: the next change is that of many frames. */
  private rested = false;
  private rest = FIRST_REST;
  /** Frames left of the trial, and whether the cache was filled for it. */
  private trial = TRIAL;
  private filledForTrial = false;

  /** @param fullMs milliseconds of filling the cache, as the engine reckons */
  constructor(private readonly fullMs: number) {}

  get rests(): boolean {
    return this.wait > 0;
  }

  decide({primed, share}: Situation, forecast: () => number): Decision {
    this.forecast = null;
    if (this.wait > 0) {
      this.wait--;
      return REST;
    }
    const dense = this.dense.value;
    if (dense === null) return MEASURE;
    return primed ? this.decidePrimed(share, dense, forecast) : this.decideMonitoring(dense, forecast);
  }

  observe(path: Path, share: number, ms: number, overhead: number): void {
    if (path === 'dense') this.observeDense(ms, overhead);
    else this.observeEngine(path, share, ms, overhead);
    this.credit = Math.min(MOST_CREDIT, this.credit + EARN);
  }

  restOn(ms: number): void {
    this.wait--;
    this.dense.add(measured(ms));
    this.credit = Math.min(MOST_CREDIT, this.credit + EARN);
  }

  private decidePrimed(share: number, dense: number, forecast: () => number): Decision {
    const isKnown =
      share <= SIMILAR * this.lastShare && this.lastMs < dense / 2 && this.affords(this.fullCost, dense);
    const expected = isKnown ? this.lastMs : this.expect(forecast);
    if (this.isDenseDue(expected, dense)) return MEASURE;
    // After a frame that went by, the change is not that of one frame.
    if (this.sinceDense > 0) this.remember(expected);
    if (this.affords(this.risk, dense)) {
      if (expected < MARGIN * dense) {
        this.against = 0;
        return REUSE;
      }
      if (this.typical < WORTH * dense) return KEEP_UP;
      if (this.trial > 0 && expected < NEAR * dense) {
        this.trial--;
        return TRY;
      }
    }
    this.against++;
    if (this.against < PATIENCE) return MONITOR;
    this.against = 0;
    return GIVE_UP;
  }

  private decideMonitoring(dense: number, forecast: () => number): Decision {
    const full = this.fullCost;
    if (full < CHEAP * dense) return FILL;
    if (!this.filledForTrial && full < NEAR * dense && this.affords(full, dense)) {
      this.filledForTrial = true;
      return FILL_FOR_TRIAL;
    }
    const expected = this.expect(forecast);
    if (this.rested) this.rested = false;
    else this.remember(expected);
    const loss = full - dense;
    const isWorth = this.seen >= FEW && this.typical < WORTH * dense && expected < dense;
    const pays = isWorth && HORIZON * (dense - this.typical) >= loss;
    if (pays && loss <= this.credit * dense) {
      this.monitored = 0;
      return FILL;
    }
    this.monitored++;
    if (this.monitored >= MOST_MONITORED || this.credit < 0) this.restAWhile();
    return expected < MARGIN * dense ? AWAIT : MONITOR;
  }

  private isDenseDue(expected: number, dense: number): boolean {
    if (expected > dense / 2 && this.dense.count < ENOUGH) return this.sinceDense >= REMEASURE_SOON;
    return this.sinceDense >= REMEASURE * Math.max(1, dense / expected);
  }

  private remember(expected: number): void {
    this.seen++;
    this.typical += (expected - this.typical) / Math.min(this.seen, MEMORY);
  }

  /** Monitoring costs something too. */
  private restAWhile(): void {
    this.monitored = this.seen = 0;
    this.rested = true;
    this.wait = this.rest;
    this.rest = Math.min(LONGEST_REST, 2 * this.rest);
  }

  private get fullCost(): number {
    return this.fullMs * (this.fullRatio.value ?? this.coldRatio);
  }

  /** What the frame that was forecast takes at worst: forecasts know nothing of pixels whose values will stay. */
  private get risk(): number {
    return (this.forecast ?? 0) * Math.max(this.ratio.most, this.fullRatio.value ?? this.coldRatio);
  }

  /** Whether the credit pays for what a frame takes beyond the model's own time. */
  private affords(ms: number, dense: number): boolean {
    return ms - dense <= Math.max(0, this.credit) * dense;
  }

  private expect(forecast: () => number): number {
    this.forecast = forecast();
    return this.forecast * (this.ratio.value ?? this.fullRatio.value ?? this.coldRatio);
  }

  private observeDense(ms: number, overhead: number): void {
    this.sinceDense = 0;
    if (this.warmUp.dense > 0) {
      this.warmUp.dense--;
      return;
    }
    this.dense.add(measured(ms));
    this.credit -= Math.min(1, overhead / this.dense.value!);
  }

  private observeEngine(path: Path, share: number, ms: number, overhead: number): void {
    const dense = this.dense.value ?? measured(ms + overhead);
    this.sinceDense++;
    // One frame that the machine was busy elsewhere in is not held against reuse for long.
    this.credit -= Math.min(MOST_CREDIT, (ms + overhead - dense) / dense);
    if (this.warmUp.engine > 0) {
      this.warmUp.engine--;
      const reckoned = path === 'prime' ? this.fullMs : this.forecast;
      if (reckoned !== null) this.coldRatio = Math.min(this.coldRatio, ms / reckoned);
      return;
    }
    if (path === 'prime') {
      this.fullRatio.add(ms / this.fullMs);
      return;
    }
    this.rest = FIRST_REST;
    this.lastShare = share;
    this.lastMs = ms + overhead;
    if (this.forecast !== null) this.ratio.add(ms / this.forecast);
  }
}
