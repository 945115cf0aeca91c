/**
 * What the engine will take for a change. It is known from frames with a change of about the same size; where these are
 * few, or come near the time of the model, the engine itself is asked, where it can tell, and corrected by what frames
 * have taken.
 */
import {Estimate, type Clock} from './estimate';

/** Changes are told apart by size: each class half the share of the one before, the last for nothing at all. */
const CLASSES = 16;
/** Frames of a class before it is believed. */
const FEW = 2;
/** Of what frames took, the sample that is believed; of the few that reached everything, the least. */
const USUAL = 0.4;
const LEAST = 0;
/** Of a whole frame: a forecast that is for everything. */
const ALL = 0.9;
/** Frames take at most so many times what is expected; more is another process's. */
const RISK = 3;

export class Forecasts {
  private readonly bySize: readonly Estimate[];
  /** What frames took over what the engine forecast: incrementally, and in full. */
  private readonly ratio: Estimate;
  private readonly fills: Estimate;
  /** The same of frames that ran before everything was compiled, the least: what is compiled takes no longer. At most 1. */
  private coldRatio = 1;
  /** What such frames of each size took, milliseconds, and over what was forecast of them; the least. */
  private readonly coldBySize = new Float64Array(CLASSES).fill(Infinity);
  private leastColdRatio = Infinity;
  /** What the engine said of the frame under way; null where it was not asked. */
  private asked: number | null = null;

  /** @param fullMs what the engine reckons for a whole frame, milliseconds; null where it cannot tell */
  constructor(
    clock: Clock,
    private readonly fullMs: number | null,
  ) {
    this.bySize = Array.from({length: CLASSES}, () => new Estimate(clock, USUAL));
    this.ratio = new Estimate(clock, USUAL);
    this.fills = new Estimate(clock, LEAST);
  }

  /** A frame that fills the cache, milliseconds; null where nobody knows. */
  get full(): number | null {
    const {fullMs, fills, coldRatio} = this;
    if (fullMs === null) return fills.value;
    return fullMs * (fills.value ?? coldRatio);
  }

  /** Whether frames of the same size were run often enough for their time to be known. */
  knows(share: number): boolean {
    return this.bySize[classOf(share)].count >= FEW;
  }

  /** What frames with a change of this size took at most, milliseconds. */
  most(share: number): number {
    return this.bySize[classOf(share)].most;
  }

  /** Of a frame with a change of this share, milliseconds; null where nobody knows. @param ask the engine's own forecast */
  of(share: number, ask: (() => number) | null): number | null {
    this.asked = null;
    if (ask === null) return this.nearest(share);
    this.asked = ask();
    return this.asked * (this.ratio.value ?? this.fills.value ?? this.coldRatio);
  }

  /** What was asked for last, at worst: forecasts know nothing of pixels whose values will stay. */
  risk(expected: number): number {
    if (this.asked === null) return expected;
    return Math.max(expected, this.asked * Math.max(this.ratio.high, this.fills.value ?? this.coldRatio));
  }

  /** What a frame that took so long may be charged with: more than this was another process's time. */
  chargeable(ms: number, expected: number | null): number {
    const most = this.asked === null ? this.full : this.risk(expected ?? 0);
    return most === null ? ms : Math.min(ms, RISK * most);
  }

  /** Notes a frame that filled the cache before everything was compiled. */
  noteColdFull(ms: number): void {
    if (this.fullMs) this.coldRatio = Math.min(this.coldRatio, ms / this.fullMs);
  }

  /** Notes a frame with a change of this share, the one that was forecast last, that ran before everything was compiled. */
  noteCold(share: number, ms: number): void {
    const {coldBySize, asked} = this;
    const size = classOf(share);
    coldBySize[size] = Math.min(coldBySize[size], ms);
    if (!asked) return;
    this.leastColdRatio = Math.min(this.leastColdRatio, ms / asked);
    this.coldRatio = Math.min(this.coldRatio, this.leastColdRatio);
  }

  /** Notes a frame that filled the cache. */
  noteFull(ms: number): void {
    this.fills.add(ms, this.fullMs ?? 1);
  }

  /** Notes a frame with a change of this share, the one that was forecast last. */
  note(share: number, ms: number): void {
    const {asked, ratio, coldBySize, leastColdRatio} = this;
    const size = classOf(share);
    const ofSize = this.bySize[size];
    // A first measurement stands alone: where a cold frame took less, the machine was busy elsewhere.
    ofSize.add(ofSize.count === 0 ? Math.min(ms, coldBySize[size]) : ms, 1);
    if (!asked) return;
    ratio.add(ratio.count === 0 ? Math.min(ms, leastColdRatio * asked) : ms, asked);
    // All of it was reached: nobody need fill the cache to know what that takes.
    if (this.fullMs !== null && asked > ALL * this.fullMs) this.fills.add(ms, asked);
  }

  /** As measured, however roughly. Where frames of this size are few, it is taken to be no more than a larger change's time. */
  private nearest(share: number): number | null {
    let least = Infinity;
    for (let size = classOf(share); size >= 0; size--) {
      const {rough, count} = this.bySize[size];
      least = Math.min(least, rough ?? Infinity);
      if (count >= FEW) break;
    }
    return least < Infinity ? least : null;
  }
}

/** 0 for everything changed, one more for each halving; the last for nothing at all. */
function classOf(share: number): number {
  if (share <= 0) return CLASSES - 1;
  return Math.min(CLASSES - 2, Math.floor(-Math.log2(share)));
}
