/** The table in the terminal: a row a game, and their mean. */
import Table from 'cli-table3';
import type {Column} from './columns';

export function tableOf<Row>(columns: readonly Column<Row>[], games: readonly Row[], overall: Row): string {
  const table = new Table({
    head: columns.map(({title}) => title),
    colAligns: columns.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: {head: [], border: [], compact: true},
  });
  for (const row of games) table.push(columns.map(({text}) => text(row)));
  table.push(columns.map(() => '')); // a gap before the mean
  table.push(columns.map(({text}) => text(overall)));
  return table.toString();
}
