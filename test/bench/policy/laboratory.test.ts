/**
 * The laboratory, and the policy 'auto' in it. All times are made up. Limits are those that the policy is meant to keep;
 * three scenarios, which it was not tuned on, are held to wider ones.
 */
import {AutoPolicy} from '../../../src/stream/auto/auto-policy';
import {fixedPolicy} from '../../../src/stream/policy';
import {clairvoyantMs, informedMs} from '../../../bench/policy/best';
import {apart, Screen} from '../../../bench/policy/content';
import {DISTURBANCES, NONE} from '../../../bench/policy/disturbance';
import {figuresOf, filmFor, type Figures} from '../../../bench/policy/figures';
import {denseMs, play} from '../../../bench/policy/play';
import {SCENARIOS, type Scenario} from '../../../bench/policy/scenarios';
import {mean} from '../../../examples/atari/figures';
import {randomFrom} from '../../../examples/reinforce/random';
import {every} from '../../scale';

const auto = (fullMs: number | null) => new AutoPolicy(fullMs);
const named = (name: string): Scenario => SCENARIOS.find((scenario) => scenario.name === name)!;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const sampled = every({short: 3, ci: 1, long: 1}, SCENARIOS);

describe('streams and machines', () => {
  test('frames differ by the blocks that moved', () => {
    const screen = new Screen(randomFrom(1));
    const before = screen.show('before');
    expect(apart(before, screen.show('again'))).toBe(0);
    expect(apart(before, screen.move(16).show('moved'))).toBe(0.25);
    expect(apart(before, screen.cut().show('cut'))).toBe(1);
  });

  test('the same seed gives the same costs, another one others', () => {
    const costs = (seed: number) =>
      play(filmFor(named('cuts'), DISTURBANCES[0], seed), auto(null)).costs.map((ms) => ms.toFixed(6));
    expect(costs(1)).toEqual(costs(1));
    expect(costs(1)).not.toEqual(costs(2));
  });

  test('the model alone costs what it costs, whatever the clock says', () => {
    for (const disturbance of [NONE, ...DISTURBANCES]) {
      const film = filmFor(named('cuts'), disturbance, 1);
      const {costs} = play(film, fixedPolicy('dense'));
      const model = film.frames.map((_, t) => denseMs(film, t));
      expect(sum(costs) / sum(model)).toBeCloseTo(1, 2);
    }
  });
});

describe('the best that can be known', () => {
  test.each(sampled.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
    const film = filmFor(scenario, NONE, 1);
    const [informed, clairvoyant] = [informedMs(film), clairvoyantMs(film)];
    const alone = sum(film.frames.map((_, t) => denseMs(film, t)));
    const kept = sum(play(film, fixedPolicy('incremental')).costs);
    expect(clairvoyant).toBeLessThanOrEqual(1.001 * informed);
    expect(informed).toBeLessThanOrEqual(1.01 * Math.min(alone, kept));
  });
});

describe("'auto'", () => {
  const figures = (scenarios: readonly Scenario[], disturbances: readonly (typeof NONE)[]): Figures[] =>
    scenarios.flatMap((scenario) =>
      disturbances.map((disturbance) => figuresOf(filmFor(scenario, disturbance, 1), scenario.regimes, auto)),
    );
  const overBest = (all: readonly Figures[]) => all.map((each) => each.overBest);
  const tuned = sampled.filter(({keptFromTuning}) => !keptFromTuning);

  test('without noise: within 5 % of the informed best on average, 15 % at worst, and 3 % of the model over any 200 frames', () => {
    const all = figures(tuned, [NONE]);
    expect(mean(overBest(all))).toBeLessThan(1.05);
    expect(Math.max(...overBest(all))).toBeLessThan(1.15);
    expect(Math.max(...all.map(({worstOverModel}) => worstOverModel))).toBeLessThan(1.03);
  });

  test('with noise: within 10 % on average', () => {
    const disturbances = every({short: 3, ci: 1, long: 1}, DISTURBANCES);
    const all = figures(tuned, disturbances);
    expect(mean(overBest(all))).toBeLessThan(1.1);
    expect(Math.max(...all.map(({worstOverModel}) => worstOverModel))).toBeLessThan(1.05);
  });
});
