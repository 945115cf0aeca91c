/** Bilinear resizing, by tables of the rows and columns that each one of the output lies between. */
import {gather} from '../../region';
import {noHalo, noMacs, TAKES_NOTHING, type OpDefinition} from '../definition';
import {expectRank, known} from '../forms';
import type {Plane} from '../plane';
import {fromTo, sideOf} from '../reads';

/** To `size`, [rows, columns], as `tf.image.resizeBilinear` does it; of the two flags one at most. */
export interface ResizeOp {
  readonly kind: 'resize2d';
  readonly size: readonly [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
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

export const resize2d: OpDefinition<ResizeOp> = {
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
  /** The tables begin anew past the plane. */
  reads(op, {axis, input}) {
    const tables = resizeTables(op, input);
    const {low, high} = axis === 0 ? tables.rows : tables.columns;
    return (at) => {
      const rounds = Math.floor(at / low.length);
      const place = at - rounds * low.length;
      const moved = rounds * sideOf(input, axis);
      return fromTo(low[place] + moved, high[place] + moved);
    };
  },
  halo: noHalo,
  effect: () => 'interpolate',
  takes: TAKES_NOTHING,
  gradient: () => 'none',
  handsOn: () => false,
  filter: null,
  countedBy: 'outputs',
  isComputed: true,
};
