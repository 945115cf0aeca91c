/** Plays a stream on a simulated machine: a policy decides as in the library, and each frame has its true cost. */
import {randomFrom, type Random} from '../../examples/reinforce/random';
import type {FramePolicy, Path} from '../../src/stream/policy';
import {apart, type Shown} from './content';
import {Runs, type Disturbance} from './disturbance';
import {ASKING, fullMs, reachMs, type Machine} from './machine';

/** A stream with what its frames truly cost. */
export interface Film {
  readonly machine: Machine;
  readonly frames: readonly Shown[];
  /** What a frame that is computed incrementally truly takes, over what its reach says. */
  readonly strays: readonly number[];
  readonly disturbance: Disturbance;
  readonly seed: number;
  /** Of a recorded stream: what is forecast of a frame over what its reach says, and how many times as long it was seen to take. */
  readonly forecasts?: readonly number[];
  readonly slowdowns?: readonly number[];
}

export interface Played {
  /**
   * What each frame truly took, milliseconds: compared, forecast and computed; without what others took of the machine, or a
   * cold start did.
   */
  readonly costs: readonly number[];
  readonly paths: readonly Path[];
  readonly reasons: readonly string[];
}

const APPLICATION_MS = 3;

export function filmOf(
  machine: Machine,
  frames: readonly Shown[],
  disturbance: Disturbance,
  seed: number,
): Film {
  const random = randomFrom(seed, 7);
  let stray = 0;
  const strays = frames.map(() => {
    // What is pruned in one frame is much like what is pruned in the next.
    stray = 0.8 * stray + 0.6 * machine.stray * normal(random);
    return disturbance.isExact ? 1 : Math.exp(stray);
  });
  return {machine, frames, strays, disturbance, seed};
}

/** What frame t takes the engine, from a cached frame to it; milliseconds. */
export function engineMs(
  {machine, frames, strays, disturbance}: Film,
  cached: Shown | null,
  t: number,
): number {
  const reach = reachMs(machine, cached, frames[t]) * (cached === null ? 1 : strays[t]);
  return Math.min(fullMs(machine), reach) * (disturbance.drift?.(t) ?? 1);
}

export const denseMs = ({machine, disturbance}: Film, t: number): number =>
  machine.dense * (disturbance.drift?.(t) ?? 1);

export const compareMs = (film: Film, t: number): number => film.machine.compare * denseMs(film, t);

export function play(film: Film, policy: FramePolicy): Played {
  const {machine, frames, disturbance} = film;
  const clock = new Clock(disturbance, randomFrom(film.seed, 3));
  const runs = new Runs();
  const bias = disturbance.isExact ? 1 : machine.bias;
  const played = {costs: [] as number[], paths: [] as Path[], reasons: [] as string[]};
  /** What the cache holds: nothing, a frame to compare with, or that frame's activations too. */
  let cached: Shown | null = null;
  let primed = false;
  frames.forEach((frame, t) => {
    let cost = 0;
    const spend = (ms: number, cold = 1) => {
      cost += ms;
      return clock.spend(ms * cold * (film.slowdowns?.[t] ?? 1));
    };
    clock.spend(APPLICATION_MS);
    const compares = !policy.rests;
    let overhead = spend(compares && cached ? compareMs(film, t) : ASKING * denseMs(film, t) * 0.1);
    const share = cached && compares ? apart(cached, frame) * machine.density : 1;
    const forecast = () => {
      overhead += spend(ASKING * denseMs(film, t));
      return reachMs(machine, cached, frame) * (film.forecasts?.[t] ?? 1 / bias);
    };
    const decision = policy.decide({primed: primed && compares, share}, machine.forecasts ? forecast : null);
    const {path, reason, givesUp} = decision;
    const cold = disturbance.cold?.(runs.next(path)) ?? 1;
    const base = path === 'dense' ? denseMs(film, t) : engineMs(film, path === 'prime' ? null : cached, t);
    if (path === 'dense' && compares && machine.forecasts && (!primed || givesUp)) {
      overhead += spend(compareMs(film, t));
      cached = frame;
      primed = false;
    }
    policy.observe(path, share, spend(base, cold), overhead);
    if (path !== 'dense') {
      cached = frame;
      primed = true;
    }
    played.costs.push(cost);
    played.paths.push(path);
    played.reasons.push(reason);
  });
  return played;
}

/** Tells the time as the disturbed machine would. */
class Clock {
  private now = 0;

  constructor(
    private readonly disturbance: Disturbance,
    private readonly random: Random,
  ) {}

  /** Milliseconds that are seen to pass while something runs that truly takes `ms`. */
  spend(ms: number): number {
    const {clock, slowed} = this.disturbance;
    const start = this.now;
    // Nothing takes the same time twice.
    this.now += ms * (1 + 0.02 * this.random()) * (slowed?.(this.now, ms, this.random) ?? 1);
    if (clock === 0) return this.now - start;
    return (Math.floor(this.now / clock) - Math.floor(start / clock)) * clock;
  }
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
