/** Rows and columns gathered by number: strided slices, reversals, paddings that mirror. */
import {LINEAR, type GatherOp} from '../../../graph';
import type {PixelImplementation} from './shared/implementation';
import type {PixelOp, Setting} from './shared/op';
import {listByTables, reachByTables} from './shared/tables';

export const gather2d: PixelImplementation<GatherOp> = {forward};

function forward(setting: Setting<GatherOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const [{channels, pixelBytes, rowBytes}] = inputs;
  const rows = offsetsOf(op.rows, rowBytes);
  const columns = offsetsOf(op.columns, pixelBytes);
  const fill = setting.weights(channels, (_values, into) => into.fill(op.fill));
  const list = listByTables(setting, rows, columns, fill);
  return {
    reach: reachByTables(setting, {rows: [op.rows, op.rows], columns: [op.columns, op.columns]}),
    compute(at, first, count, to) {
      list(at, first, count);
      kernels.copyPixels(scratch.sources, count, pixelBytes, to, pixelBytes);
    },
    activation: LINEAR,
    cost: 4 * channels,
  };
}

/** Byte offsets of numbered rows, or pixels of a row. */
const offsetsOf = (numbers: readonly number[], bytes: number) => numbers.map((i) => (i < 0 ? -1 : i * bytes));
