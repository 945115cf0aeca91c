/** The figures of one policy in the laboratory: run, kept as JSON, summed up. */
import {mean} from '../../examples/atari/figures';
import {COARSE, DISTURBANCES, NONE, type Disturbance} from './disturbance';
import {figuresOfScenario, figuresOfTrace, type Figures, type MakePolicy} from './figures';
import type {Scenario} from './scenarios';
import type {Trace} from './traces';

export const ALL_DISTURBANCES: readonly Disturbance[] = [NONE, ...DISTURBANCES, COARSE];

/** What `--json` writes. */
export interface PolicyResults {
  readonly scenarios: readonly ScenarioFigures[];
  readonly traces: readonly TraceFigures[];
}

export interface ScenarioFigures {
  readonly name: string;
  readonly keptFromTuning: boolean;
  /** By the name of the disturbance. */
  readonly by: Readonly<Record<string, Figures>>;
}

export function measure(
  scenarios: readonly Scenario[],
  seeds: readonly number[],
  make: MakePolicy,
  progress: (name: string) => void = () => undefined,
): ScenarioFigures[] {
  return scenarios.map((scenario) => {
    progress(scenario.name);
    const by = ALL_DISTURBANCES.map((disturbance) => [
      disturbance.name,
      figuresOfScenario(scenario, disturbance, seeds, make),
    ]);
    const {name, keptFromTuning} = scenario;
    return {name, keptFromTuning, by: Object.fromEntries(by) as Record<string, Figures>};
  });
}

export interface TraceFigures {
  readonly name: string;
  readonly figures: Figures;
}

export const measureTraces = (traces: readonly Trace[], make: MakePolicy): TraceFigures[] =>
  traces.map((trace) => ({name: trace.name, figures: figuresOfTrace(trace, make)}));

export interface Summary {
  readonly disturbance: string;
  /** Over the informed best: the mean of the scenarios, and the worst of them. */
  readonly mean: number;
  readonly worst: number;
  /** The worst 200 frames of all, over the model alone. */
  readonly worstOverModel: number;
}

export function summaryOf(scenarios: readonly ScenarioFigures[]): Summary[] {
  return ALL_DISTURBANCES.map(({name}) => {
    const figures = scenarios.map(({by}) => by[name]);
    const overBest = figures.map((each) => each.overBest);
    return {
      disturbance: name,
      mean: mean(overBest),
      worst: Math.max(...overBest),
      worstOverModel: Math.max(...figures.map((each) => each.worstOverModel)),
    };
  });
}
