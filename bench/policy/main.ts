/** `npm run bench:policy`: a policy in the laboratory, a table of its figures by scenario and disturbance. */
import Table from 'cli-table3';
import {ForecastPolicy} from '../../src/stream/forecast-policy';
import {TrialPolicy} from '../../src/stream/trial-policy';
import {mean} from '../../examples/atari/figures';
import {COARSE, DISTURBANCES, NONE} from './disturbance';
import {figuresOfScenario, type Figures, type MakePolicy} from './figures';
import {SCENARIOS} from './scenarios';

const SEEDS = [1, 2];
const make: MakePolicy = (fullMs) => {
  if (fullMs === null) {
    const policy = new TrialPolicy();
    return policy as never;
  }
  const policy = new ForecastPolicy(fullMs);
  return policy;
};
const all = process.argv.includes('--kept');
const rows: string[][] = [];
const figures: {name: string; by: Figures[]}[] = [];
const by = [NONE, ...DISTURBANCES, COARSE];
for (const scenario of SCENARIOS.filter(({keptFromTuning}) => keptFromTuning === all)) {
  const found = by.map((disturbance) => figuresOfScenario(scenario, disturbance, SEEDS, make));
  figures.push({name: scenario.name, by: found});
  rows.push([
    scenario.name,
    found[0].informed.toFixed(3),
    found[0].clairvoyant.toFixed(3),
    ...found.map(
      (f, i) =>
        `${(i === by.length - 1 ? f.overModel / f.informed : f.overBest).toFixed(2)}${f.worstOverModel > 1.03 ? ` !${f.worstOverModel.toFixed(2)}` : ''}`,
    ),
  ]);
}
const table = new Table({
  head: ['', 'inf', 'clair', ...by.map(({name}) => name.slice(0, 14))],
  style: {head: [], border: [], compact: true},
});
for (const row of rows) table.push(row);
console.log(table.toString());
by.forEach(({name}, i) => {
  const values = figures.map(({by: found}) => found[i].overBest);
  console.log(
    name.padEnd(30),
    'mean',
    mean(values).toFixed(3),
    'worst',
    Math.max(...values).toFixed(3),
    'window',
    Math.max(...figures.map(({by: found}) => found[i].worstOverModel)).toFixed(3),
  );
});
