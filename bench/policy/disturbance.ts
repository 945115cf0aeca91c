/** What stands between the true cost of a frame and what a policy sees of it: a busy machine, a coarse clock, a cold start. */
import type {Random} from '../../examples/reinforce/random';
import type {Path} from '../../src/stream/policy';

export interface Disturbance {
  readonly name: string;
  /** Milliseconds that the clock counts in; 0 for one that sees everything. */
  readonly clock: number;
  /** Whether forecasts stray and are biased. */
  readonly isExact?: boolean;
  /** How many times as long something takes now that would take `ms`, because the machine is busy elsewhere. */
  readonly slowed?: (now: number, ms: number, random: Random) => number;
  /** How many times as long a side's frame takes that has run this often: before it is compiled. */
  readonly cold?: (runs: number) => number;
  /** How many times as much everything truly costs at frame t. */
  readonly drift?: (t: number) => number;
}

/** Now and then another process gets the core for one to ten milliseconds. */
const spikes = (_now: number, ms: number, random: Random): number =>
  random() < 1 - Math.exp(-ms / 60) ? 1 + (1 + 9 * random()) / Math.max(ms, 0.01) : 1;

/** Every other second and a half it has half of it. */
const stretches = (now: number): number => (Math.floor(now / 1500) % 2 === 1 ? 2 : 1);

export const NONE: Disturbance = {name: 'none', clock: 0, isExact: true};

/** All but the last are held to the same limits. */
export const DISTURBANCES: readonly Disturbance[] = [
  {name: 'forecasts that err', clock: 0},
  {name: 'preempted in spikes', clock: 0, slowed: spikes},
  {name: 'preempted in stretches', clock: 0, slowed: stretches},
  {name: 'clock of 1 ms', clock: 1},
  {name: 'clock of 16.7 ms', clock: 1000 / 60},
  {name: 'cold start', clock: 0, cold: (runs) => (runs < 4 ? [6, 2, 1.4, 1.1][runs] : 1)},
  {name: 'slow drift', clock: 0, drift: (t) => 1 + t / 1000},
];

export const COARSE: Disturbance = {name: 'clock of 100 ms', clock: 100};

/** How often each side has run: for a cold start. */
export class Runs {
  private readonly runs = {model: 0, engine: 0};

  next(path: Path): number {
    return this.runs[path === 'dense' ? 'model' : 'engine']++;
  }
}
