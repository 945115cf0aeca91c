/** Several inputs side by side: their channels, or their planes. */
import {concatOffsets, type ConcatOp} from '../../../graph';
import {call} from '../wgsl/call';
import {regionKernel} from '../wgsl/region';
import {GATHER} from './shared/gather';
import {channelsOf, lanes} from './shared/lanes';
import type {OpPlan, Setting} from './shared/op';
import {pixelwise} from './shared/pixelwise';
import {regionOf, regionWork} from './shared/reach';

/** Inputs that lie in the output side by side. Table: offset of the mask, words in a row, rows, and where it begins. */
const TRANSLATE = regionKernel(
  'translate',
  {inputs: 'u32', count: 'u32'},
  `
fn affected(y: u32, i: u32) -> u32 {
  var word = 0u;
  for (var n = 0u; n < p.count; n++) {
    let entry = p.inputs + 5u * n;
    let rowWords = tables[entry + 1u];
    let fromY = i32(y) - bitcast<i32>(tables[entry + 3u]);
    if (fromY < 0 || fromY >= i32(tables[entry + 2u])) { continue; }
    let row = tables[entry] + u32(fromY) * rowWords;
    word |= bitsFrom(row, rowWords, 32 * i32(i) - bitcast<i32>(tables[entry + 4u]));
  }
  return word;
}`,
);

export function concat(setting: Setting<ConcatOp>): OpPlan {
  if (setting.op.axis !== 'channels') return concatPlanes(setting);
  return lanes(setting, setting.inputs.flatMap(channelsOf));
}

/** One below the other, or side by side: each output pixel lies in one of the inputs. */
function concatPlanes(setting: Setting<ConcatOp>): OpPlan {
  const {op, inputs, output, record} = setting;
  const offsets = concatOffsets(op, inputs);
  const masks = inputs.flatMap(({mask, rowWords, height}, i) => [
    mask,
    rowWords,
    height,
    offsets[i].y,
    offsets[i].x,
  ]);
  const isBelow = op.axis === 'height';
  // Along the axis each row (or column) belongs to one input; across it all inputs are alike.
  const rows = isBelow
    ? inputs.flatMap(({at, width, vectors, height}) =>
        Array.from({length: height}, (_, y) => [at + y * width * vectors, 0]).flat(),
      )
    : Array.from({length: output.height}, (_, y) => [0, y]).flat();
  const columns = isBelow
    ? Array.from({length: output.width}, (_, x) => [x * output.vectors, 0]).flat()
    : inputs.flatMap(({at, width, vectors}) =>
        Array.from({length: width}, (_, x) => [at + x * vectors, width * vectors]).flat(),
      );
  const tables = {rows: setting.table(rows), columns: setting.table(columns), fill: 0};
  const inputsTable = setting.table(masks);
  return pixelwise(
    setting,
    (tile) =>
      call(
        TRANSLATE,
        {...regionOf(setting, tile), inputs: inputsTable, count: inputs.length},
        regionWork(output),
      ),
    (target) => call(GATHER, {...target, ...tables}, {record}),
  );
}
