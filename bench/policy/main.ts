/** `npm run bench:policy`: the policy 'auto' in the laboratory. */
import {writeFileSync} from 'node:fs';
import {Command} from 'commander';
import {AutoPolicy} from '../../src/stream/auto/auto-policy';
import {scenarioTable, summaryTable} from './print';
import {measure} from './results';
import {SCENARIOS} from './scenarios';

const {scenario, seeds, kept, json} = new Command()
  .name('npm run bench:policy --')
  .description("The policy 'auto' on simulated streams and machines, beside the best that can be known.")
  .option('--scenario <text>', 'only scenarios whose names hold this', '')
  .option('--seeds <count>', 'runs of each scenario', Number, 2)
  .option('--kept', 'the scenarios kept from tuning, too')
  .option('--json <file>', 'where the figures are written as well')
  .parse()
  .opts<{scenario: string; seeds: number; kept?: boolean; json?: string}>();

const chosen = SCENARIOS.filter((each) => each.name.includes(scenario) && (kept || !each.keptFromTuning));
const figures = measure(
  chosen,
  Array.from({length: seeds}, (_, i) => i + 1),
  (fullMs) => new AutoPolicy(fullMs),
  (name) => process.stderr.write(`${name}\n`),
);
console.log(scenarioTable(figures));
console.log(summaryTable(figures));
if (json) writeFileSync(json, `${JSON.stringify(figures, null, 1)}\n`);
