/** Copying rows and columns by tables: nearest resizing, mirrored padding, padding with any value, strided slices over space. */
import {gather} from '../../region';
import {noHalo, noMacs, TAKES_NOTHING, type OpDefinition} from '../definition';
import {expectRank, known} from '../forms';
import {NO_TAPS, oneTap} from '../reads';

/** Output pixel (y, x) is a copy of input pixel (rows[y], columns[x]); where either is -1, all its channels are `fill`. */
export interface GatherOp {
  readonly kind: 'gather2d';
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly fill: number;
}

function requireTable(name: string, table: readonly number[], size: number): void {
  if (table.length > 0 && table.every((i) => Number.isInteger(i) && i >= -1 && i < size)) return;
  const wrong = table.find((i) => !(Number.isInteger(i) && i >= -1 && i < size));
  throw new Error(
    `gather2d: expected at least one number for \`${name}\`, each from -1 to ${size - 1}; got ` +
      (wrong === undefined ? 'none.' : `${wrong}.`),
  );
}

export const gather2d: OpDefinition<GatherOp> = {
  outputs({kind, rows, columns}, inputs) {
    const [{shape}] = known(kind, inputs);
    expectRank(kind, shape, 3, 'height, width, channels');
    requireTable('rows', rows, shape[0]);
    requireTable('columns', columns, shape[1]);
    return [{shape: [rows.length, columns.length, shape[2]]}];
  },
  affected: ({rows, columns}, _inputs, _output, [changed]) => gather(changed, [rows], [columns]),
  macs: noMacs,
  /** A table goes on as it begins and ends. */
  reads({rows, columns}, {axis}) {
    const table = axis === 0 ? rows : columns;
    return (at) => {
      const edge = at < 0 ? 0 : Math.min(at, table.length - 1);
      if (table[edge] < 0) return NO_TAPS;
      const next = edge === 0 ? 1 : edge - 1;
      const step = next < table.length && table[next] >= 0 ? (table[edge] - table[next]) / (edge - next) : 1;
      return oneTap(table[edge] + (at - edge) * step);
    };
  },
  halo: noHalo,
  effect: () => 'copy',
  takes: TAKES_NOTHING,
  gradient: () => 'none',
  handsOn: () => false,
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
