/** A policy on a stream, in figures. */
import type {FramePolicy} from '../../src/stream/policy';
import {mean} from '../../examples/atari/figures';
import {clairvoyantMs, informedMs} from './best';
import type {Disturbance} from './disturbance';
import {fullMs} from './machine';
import {denseMs, filmOf, play, type Film, type Played} from './play';
import type {Scenario} from './scenarios';
import {filmOfTrace, type Trace} from './traces';

/** Frames of the model that finding out about a stream may cost. */
const FINDING_OUT = 4;
const WINDOW = 200;

export interface Figures {
  /** True cost over that of the informed best, without what finding out may cost. */
  readonly overBest: number;
  /** The same with all. */
  readonly overBestInAll: number;
  /** True cost over that of the model alone: in all, and in the worst 200 frames. */
  readonly overModel: number;
  readonly worstOverModel: number;
  /** The informed best and the clairvoyant one over the model alone. */
  readonly informed: number;
  readonly clairvoyant: number;
}

/** Makes the policy for an engine: with what it reckons for a whole frame, milliseconds; null where it cannot tell. */
export type MakePolicy = (fullMs: number | null) => FramePolicy;

export function filmFor(scenario: Scenario, disturbance: Disturbance, seed: number): Film {
  return filmOf(scenario.machine, scenario.frames(seed), disturbance, seed);
}

export function playWith(film: Film, make: MakePolicy): Played {
  const {machine, disturbance} = film;
  const reckoned = fullMs(machine) / (disturbance.isExact && !film.forecasts ? 1 : machine.bias);
  return play(film, make(machine.forecasts ? reckoned : null));
}

export function figuresOf(film: Film, regimes: number, make: MakePolicy): Figures {
  const {costs} = playWith(film, make);
  const model = film.frames.map((_, t) => denseMs(film, t));
  const total = sum(costs);
  const best = informedMs(film);
  const allowed = (FINDING_OUT + regimes) * mean(model);
  return {
    overBest: (total - allowed) / best,
    overBestInAll: total / best,
    overModel: total / sum(model),
    worstOverModel: worstWindow(costs, model),
    informed: best / sum(model),
    clairvoyant: clairvoyantMs(film) / sum(model),
  };
}

/** The same of a recorded stream. */
export const figuresOfTrace = (trace: Trace, make: MakePolicy): Figures =>
  figuresOf(filmOfTrace(trace), 0, make);

/** A scenario with each disturbance, over seeds: the mean of the figures, but the worst window of all. */
export function figuresOfScenario(
  {regimes, ...scenario}: Scenario,
  disturbance: Disturbance,
  seeds: readonly number[],
  make: MakePolicy,
): Figures {
  const all = seeds.map((seed) =>
    figuresOf(filmFor({...scenario, regimes}, disturbance, seed), regimes, make),
  );
  const meanOf = (pick: (figures: Figures) => number) => mean(all.map(pick));
  return {
    overBest: meanOf(({overBest}) => overBest),
    overBestInAll: meanOf(({overBestInAll}) => overBestInAll),
    overModel: meanOf(({overModel}) => overModel),
    worstOverModel: Math.max(...all.map(({worstOverModel}) => worstOverModel)),
    informed: meanOf(({informed}) => informed),
    clairvoyant: meanOf(({clairvoyant}) => clairvoyant),
  };
}

function worstWindow(costs: readonly number[], model: readonly number[]): number {
  let [cost, base, worst] = [0, 0, 0];
  for (let t = 0; t < costs.length; t++) {
    cost += costs[t] - (t >= WINDOW ? costs[t - WINDOW] : 0);
    base += model[t] - (t >= WINDOW ? model[t - WINDOW] : 0);
    // Fewer frames than a window are held to what a window may lose.
    const whole = t >= WINDOW ? base : base * (WINDOW / (t + 1));
    worst = Math.max(worst, 1 + (cost - base) / whole);
  }
  return worst;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
