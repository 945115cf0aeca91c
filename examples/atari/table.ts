/** The table in the terminal: a row a game, and their mean. */
import Table from 'cli-table3';
import {COLUMNS} from './columns';
import type {Figures} from './figures';

export function tableText(games: readonly Figures[], overall: Figures): string {
  const table = new Table({
    head: COLUMNS.map(({title}) => title),
    colAligns: COLUMNS.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: {head: [], border: [], compact: true},
  });
  for (const row of games) table.push(COLUMNS.map(({text}) => text(row)));
  table.push(COLUMNS.map(() => '')); // a gap before the mean
  table.push(COLUMNS.map(({text}) => text(overall)));
  return table.toString();
}
