/** The figures in the terminal. */
import Table from 'cli-table3';
import {
  gainColumns,
  kernelColumns,
  meanColumns,
  spanRows,
  summaryColumns,
  summaryRow,
  timeColumns,
  UNCHANGED_COLUMNS,
  type Column,
} from './columns';
import {networkName} from './networks';
import type {NetworkResult, Results} from './results';
import {SIDE_IDS, type SideId} from './sides/side';

export function tableText<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const table = new Table({
    head: columns.map(({title}) => title),
    colAligns: columns.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: {head: [], border: [], compact: true},
  });
  for (const row of rows) table.push(columns.map(({text}) => text(row)));
  return table.toString();
}

/** Sides that took part in all games. */
export function sidesOf(networks: readonly NetworkResult[]): SideId[] {
  const games = networks.flatMap((network) => network.games);
  return SIDE_IDS.filter((id) => games.every(({sides}) => sides[id]));
}

export function networkText(network: NetworkResult): string {
  const sides = sidesOf([network]);
  return [
    `${networkName(network)}: milliseconds a frame`,
    tableText(timeColumns(sides), network.games),
    `${networkName(network)}: times as fast as tfjs wasm; auto: as the model on the same backend`,
    tableText(gainColumns(sides), network.games),
  ].join('\n');
}

export function resultsText({machine, networks, unchanged, kernels}: Results): string {
  const sides = sidesOf(networks);
  const rows = networks.map(summaryRow);
  const parts: string[] = [];
  if (kernels.length > 0) {
    parts.push(
      'One layer by the length of its spans, GMAC/s',
      tableText(kernelColumns(kernels), spanRows(kernels)),
    );
  }
  if (unchanged.length > 0) parts.push('An unchanged frame', tableText(UNCHANGED_COLUMNS, unchanged));
  if (rows.length > 0) {
    parts.push(
      'Mean milliseconds a frame',
      tableText(meanColumns(sides, 'ms'), rows),
      "Mean processor's milliseconds a frame, of all threads",
      tableText(meanColumns(sides, 'cpuMs'), rows),
    );
    if (rows.every(({joules}) => Object.keys(joules).length > 0)) {
      parts.push('Mean joules a frame', tableText(meanColumns(sides, 'joules'), rows));
    }
    parts.push('Times as fast as tfjs wasm', tableText(summaryColumns(sides), rows));
  }
  return [...parts, machine.energy].filter(Boolean).join('\n');
}
