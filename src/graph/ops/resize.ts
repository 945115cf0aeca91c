/** Ops that read rows and columns by tables: bilinear resizing, and picking pixels. */
import {gather} from '../../region';
import {expectRank, known, noMacs, type Rule} from '../rule';
import type {Plane} from '../types';

/** Bilinear resizing to `size`, [rows, columns], as `tf.image.resizeBilinear` does it; of the two flags one at most. */
export interface ResizeOp {
  readonly kind: 'resize2d';
  readonly size: readonly [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/**
 * Output pixel (y, x) is a copy of input pixel (rows[y], columns[x]); where either is -1, all its channels are `fill`.
 * Nearest resizing, mirrored padding, padding with any value, and strided slices over space.
 */
export interface GatherOp {
  readonly kind: 'gather2d';
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly fill: number;
}

/** Between which two rows (or columns) of the input each one of the output lies. */
export interface Between {
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Share of `high`, 0 where it is `low` itself. */
  readonly weight: readonly number[];
}

/** Along one axis of a resize. */
function betweens(from: number, to: number, alignCorners: boolean, halfPixelCenters: boolean): Between {
  const aligned = alignCorners && to > 1 ? 1 : 0;
  const ratio = (from - aligned) / (to - aligned);
  const places = Array.from({length: to}, (_, i) => (halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i));
  const low = places.map((place) => Math.max(0, Math.floor(place)));
  // Half pixel centres begin below 0: there, too, low and high are the first one.
  const high = places.map((place) => Math.min(from - 1, Math.max(0, Math.ceil(place))));
  return {low, high, weight: places.map((place, i) => (low[i] === high[i] ? 0 : place - low[i]))};
}

/** The tables of a resize of this plane. */
export function resizeTables(op: ResizeOp, {height, width}: Plane): {rows: Between; columns: Between} {
  const {size, alignCorners, halfPixelCenters} = op;
  return {
    rows: betweens(height, size[0], alignCorners, halfPixelCenters),
    columns: betweens(width, size[1], alignCorners, halfPixelCenters),
  };
}

export const resize2d: Rule<ResizeOp> = {
  outputs(op, inputs) {
    const [{shape}] = known(op.kind, inputs);
    expectRank(op.kind, shape, 3, 'height, width, channels');
    if (!op.size.every((side) => Number.isInteger(side) && side > 0)) {
      throw new Error(`resize2d: expected a size of positive integers, got [${op.size.join(', ')}].`);
    }
    if (op.alignCorners && op.halfPixelCenters) {
      throw new Error('resize2d: corners are aligned, or pixels have half centres, not both.');
    }
    return [{shape: [...op.size, shape[2]]}];
  },
  affected(op, [{plane}], _output, [changed]) {
    const {rows, columns} = resizeTables(op, plane);
    return gather(changed, [rows.low, rows.high], [columns.low, columns.high]);
  },
  macs: noMacs,
};

function requireTable(name: string, table: readonly number[], size: number): void {
  if (table.length > 0 && table.every((i) => Number.isInteger(i) && i >= -1 && i < size)) return;
  const wrong = table.find((i) => !(Number.isInteger(i) && i >= -1 && i < size));
  throw new Error(
    `gather2d: expected at least one number for \`${name}\`, each from -1 to ${size - 1}; got ` +
      (wrong === undefined ? 'none.' : `${wrong}.`),
  );
}

export const gather2d: Rule<GatherOp> = {
  outputs(op, inputs) {
    const [{shape}] = known(op.kind, inputs);
    expectRank(op.kind, shape, 3, 'height, width, channels');
    requireTable('rows', op.rows, shape[0]);
    requireTable('columns', op.columns, shape[1]);
    return [{shape: [op.rows.length, op.columns.length, shape[2]]}];
  },
  affected: (op, _inputs, _output, [changed]) => gather(changed, [op.rows], [op.columns]),
  macs: noMacs,
};
