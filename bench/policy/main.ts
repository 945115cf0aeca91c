/** `npm run bench:policy`: the policy 'auto' in the laboratory. */
import {writeFileSync} from 'node:fs';
import {Command} from 'commander';
import {AutoPolicy} from '../../src/stream/auto/auto-policy';
import {scenarioTable, summaryTable, traceTable} from './print';
import {measure, measureTraces, type PolicyResults} from './results';
import {SCENARIOS} from './scenarios';
import {readTraces} from './traces';

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
const make = (fullMs: number | null) => new AutoPolicy(fullMs);
const results: PolicyResults = {
  scenarios: measure(
    chosen,
    Array.from({length: seeds}, (_, i) => i + 1),
    make,
    (name) => process.stderr.write(`${name}\n`),
  ),
  traces: measureTraces(readTraces(), make),
};
console.log(scenarioTable(results.scenarios));
console.log(summaryTable(results.scenarios));
console.log(traceTable(results.traces));
if (json) writeFileSync(json, `${JSON.stringify(results, null, 1)}\n`);
