/** Resizing to any size, between two rows and two columns of the input. */
import {LINEAR, resizeTables, type Between, type ResizeOp} from '../../../graph';
import {bind} from '../kernels';
import type {PixelImplementation} from './shared/implementation';
import type {PixelOp, Setting} from './shared/op';
import {reachByTables} from './shared/tables';

export const resize2d: PixelImplementation<ResizeOp> = {forward};

function forward(setting: Setting<ResizeOp>): PixelOp {
  const {kernels, scratch, op, inputs} = setting;
  const [input] = inputs;
  const {rows, columns} = resizeTables(op, input);
  const {ys, xs} = scratch;
  const resize = bind.resizeBilinear(kernels, {
    channels: input.channels,
    rows: setting.table(betweenTable(rows, input.rowBytes)),
    columns: setting.table(betweenTable(columns, input.pixelBytes)),
  });
  return {
    reach: reachByTables(setting, {
      rows: [rows.low, rows.high],
      columns: [columns.low, columns.high],
    }),
    compute(at, first, count, to) {
      resize(ys + 4 * first, xs + 4 * first, count, at + input.at, to);
    },
    activation: LINEAR,
    cost: 4 * input.channels,
  };
}

/** For each row or column of the output the byte offsets of the two it lies between, and the bits of the second's share. */
function betweenTable({low, high, weight}: Between, bytes: number): number[] {
  const bits = new Int32Array(Float32Array.from(weight).buffer);
  return low.flatMap((first, i) => [first * bytes, high[i] * bytes, bits[i]]);
}
