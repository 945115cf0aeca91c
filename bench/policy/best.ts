/**
 * What the best policies would have taken of a stream, for measuring others by. Both know every true cost; neither pays for
 * comparing a frame that it leaves to the model.
 *
 * The informed one knows the odds: which kind of frame follows which, and how much each kind changes. It sees the present
 * frame, and none to come. Its values are found by value iteration over the kind of the present frame, the scene that is
 * cached, and how much of that scene has changed since. The clairvoyant one knows the stream to its end.
 */
import {apart, type Shown} from './content';
import {reachOf} from './machine';
import {compareMs, denseMs, engineMs, type Film} from './play';

/** Steps in which the change since the cached frame is counted. */
const LEVELS = 24;
const DISCOUNT = 0.99;
const SWEEPS = 1500;
/** Frames after which the clairvoyant's cache is too old to be of use. */
const OLDEST = 150;

export function informedMs(film: Film): number {
  const odds = new Odds(film);
  let total = 0;
  let cached: Shown | null = null;
  film.frames.forEach((frame, t) => {
    const model = denseMs(film, t);
    const engine = compareMs(film, t) + engineMs(film, cached, t);
    const stays = cached === null ? NOTHING : {home: cached.home, level: odds.levelOf(film, cached, t)};
    const fresh = {home: frame.home, level: 0};
    const drift = model / film.machine.dense;
    if (engine + drift * odds.after(frame, fresh) <= model + drift * odds.after(frame, stays)) {
      total += engine;
      cached = frame;
    } else {
      total += model;
    }
  });
  return total;
}

export function clairvoyantMs(film: Film): number {
  const {frames} = film;
  /** The least that the frames so far took with each frame in the cache; -1 for an empty one. */
  let least = new Map<number, number>([[-1, 0]]);
  for (let t = 0; t < frames.length; t++) {
    const next = new Map<number, number>();
    let best = Infinity;
    for (const [at, ms] of least) {
      best = Math.min(best, ms + compareMs(film, t) + engineMs(film, at < 0 ? null : frames[at], t));
      const kept = t - at < OLDEST ? at : -1;
      next.set(kept, Math.min(next.get(kept) ?? Infinity, ms + denseMs(film, t)));
    }
    next.set(t, best);
    least = next;
  }
  return Math.min(...least.values());
}

interface Stale {
  /** The scene that is cached; -1 for none. */
  readonly home: number;
  /** Share of it that has changed since, in steps. */
  readonly level: number;
}

const NOTHING: Stale = {home: -1, level: LEVELS};

/** The odds of a stream, and the values of what may be cached: what all frames to come are expected to take. */
class Odds {
  private readonly kinds: string[];
  private readonly homes: number[];
  /** Of each kind: its scene, the share of the scene that is new in it, and what follows it how often. */
  private readonly home: number[];
  private readonly changes: number[];
  private readonly follows: number[][];
  private readonly values: Float64Array;
  private readonly costs: {readonly model: number; readonly engine: readonly number[]};

  constructor(film: Film) {
    const {frames} = film;
    this.kinds = [...new Set(frames.map(({kind}) => kind))];
    this.homes = [-1, ...new Set(frames.map(({home}) => home))];
    this.home = this.kinds.map((kind) => frames.find((frame) => frame.kind === kind)!.home);
    this.changes = this.kinds.map((kind) => meanChange(frames, kind));
    this.follows = this.kinds.map((kind) => this.shares(frames, kind));
    const shareMs = (level: number) => reachOf(film.machine, level / LEVELS);
    const engine = Array.from({length: LEVELS + 1}, (_, level) => shareMs(level) + compareMs(film, 0));
    this.costs = {model: denseMs(film, 0), engine};
    this.values = new Float64Array(this.kinds.length * this.homes.length * (LEVELS + 1));
    for (let sweep = 0; sweep < SWEEPS; sweep++) if (this.sweep() < 1e-4 * this.costs.model) break;
  }

  /** How much of the cached frame's own scene has changed when frame t is there. */
  levelOf({frames}: Film, cached: Shown, t: number): number {
    let latest = t;
    while (latest >= 0 && frames[latest].home !== cached.home) latest--;
    return Math.round(LEVELS * apart(cached, frames[latest]));
  }

  /** What the frames after this one are expected to take, with that in the cache. */
  after({kind}: Shown, cached: Stale): number {
    return this.expected(this.kinds.indexOf(kind), cached);
  }

  private expected(kind: number, {home, level}: Stale): number {
    let sum = 0;
    this.follows[kind].forEach((share, next) => {
      if (share > 0) sum += share * this.values[this.index(next, home, this.grown(home, level, next))];
    });
    return DISCOUNT * sum;
  }

  private grown(home: number, level: number, next: number): number {
    if (home !== this.home[next]) return level;
    return Math.round(LEVELS - (LEVELS - level) * (1 - this.changes[next]));
  }

  private index(kind: number, home: number, level: number): number {
    return (kind * this.homes.length + this.homes.indexOf(home)) * (LEVELS + 1) + level;
  }

  /** One step of the iteration; returns the largest change. */
  private sweep(): number {
    let largest = 0;
    this.kinds.forEach((_kind, kind) => {
      const fresh = this.expected(kind, {home: this.home[kind], level: 0});
      for (const home of this.homes) {
        for (let level = 0; level <= LEVELS; level++) {
          const engine = this.costs.engine[home === this.home[kind] ? level : LEVELS];
          const value = Math.min(
            engine + fresh,
            this.costs.model + this.expected(kind, {home, level: home === -1 ? LEVELS : level}),
          );
          const at = this.index(kind, home, level);
          largest = Math.max(largest, Math.abs(value - this.values[at]));
          this.values[at] = value;
        }
      }
    });
    return largest;
  }

  /** How often each kind follows this one. */
  private shares(frames: readonly Shown[], kind: string): number[] {
    const next = frames.slice(1).filter((_, i) => frames[i].kind === kind);
    // The last frame of a kind may have none after it.
    if (next.length === 0) return this.kinds.map((other) => (other === kind ? 1 : 0));
    return this.kinds.map((other) => next.filter((frame) => frame.kind === other).length / next.length);
  }
}

/** The mean share of its scene that a frame of this kind changes. */
function meanChange(frames: readonly Shown[], kind: string): number {
  const last = new Map<number, Shown>();
  let [sum, count] = [0, 0];
  for (const frame of frames) {
    const before = last.get(frame.home);
    if (frame.kind === kind && before) {
      sum += apart(before, frame);
      count++;
    }
    last.set(frame.home, frame);
  }
  return count === 0 ? 1 : sum / count;
}
