/** The laboratory's figures in the terminal. */
import Table from 'cli-table3';
import {ALL_DISTURBANCES, summaryOf, type ScenarioFigures, type TraceFigures} from './results';

const WIDTH = 12;

export function scenarioTable(scenarios: readonly ScenarioFigures[]): string {
  const table = new Table({
    head: ['cost over the informed best', 'its own', ...ALL_DISTURBANCES.map(({name}) => name)],
    colWidths: [null, null, ...ALL_DISTURBANCES.map(() => WIDTH)],
    wordWrap: true,
    style: {head: [], border: [], compact: true},
  });
  for (const {name, keptFromTuning, by} of scenarios) {
    const figures = ALL_DISTURBANCES.map((disturbance) => by[disturbance.name].overBest.toFixed(2));
    const own = by[ALL_DISTURBANCES[0].name].informed.toFixed(3);
    table.push([keptFromTuning ? `${name} *` : name, own, ...figures]);
  }
  return table.toString();
}

export function summaryTable(scenarios: readonly ScenarioFigures[]): string {
  const table = new Table({
    head: ['', 'mean', 'worst', 'worst 200 frames over the model'],
    style: {head: [], border: [], compact: true},
  });
  for (const {disturbance, mean, worst, worstOverModel} of summaryOf(scenarios))
    table.push([disturbance, mean.toFixed(3), worst.toFixed(2), worstOverModel.toFixed(3)]);
  return table.toString();
}

export function traceTable(traces: readonly TraceFigures[]): string {
  const table = new Table({
    head: ['recorded streams', 'over the informed best', 'over the model', 'the best over the model'],
    style: {head: [], border: [], compact: true},
  });
  for (const {name, figures} of traces) {
    const {overBest, overModel, informed} = figures;
    table.push([name, ...[overBest, overModel, informed].map((value) => value.toFixed(3))]);
  }
  return table.toString();
}
