/** Values between those of four pixels, by tables of rows and of columns. */
import type {Between} from '../../../../graph';
import {call} from '../../wgsl/call';
import {plainKernel} from '../../wgsl/pixelwise';
import {reachByTables} from './gather';
import type {OpPlan, Setting} from './op';
import {pixelwise} from './pixelwise';

/** Between four pixels. Tables of rows and columns: the two input rows, and the share of the second as bits. */
const BILINEAR = plainKernel(
  'bilinear',
  {origin: 'u32', fromWidth: 'u32', rows: 'u32', columns: 'u32'},
  `
fn between(a: vec4<f32>, b: vec4<f32>, share: f32) -> vec4<f32> {
  return a + (b - a) * share;
}
fn along(row: u32, low: u32, high: u32, share: f32, f: u32) -> vec4<f32> {
  let at = p.origin + row * p.fromWidth * p.vectors + f;
  return between(values[at + low * p.vectors], values[at + high * p.vectors], share);
}
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  let row = p.rows + 3u * (pixel / p.width);
  let column = p.columns + 3u * (pixel % p.width);
  let share = bitcast<f32>(tables[column + 2u]);
  let above = along(tables[row], tables[column], tables[column + 1u], share, f);
  let below = along(tables[row + 1u], tables[column], tables[column + 1u], share, f);
  return between(above, below, bitcast<f32>(tables[row + 2u]));
}
`,
);

const bitsOf = (values: readonly number[]) => new Uint32Array(Float32Array.from(values).buffer);

export function between(setting: Setting, rows: Between, columns: Between): OpPlan {
  const [{at, width}] = setting.inputs;
  const tableOf = ({low, high, weight}: Between) => {
    const bits = bitsOf(weight);
    return setting.table(low.flatMap((first, i) => [first, high[i], bits[i]]));
  };
  const tables = {origin: at, fromWidth: width, rows: tableOf(rows), columns: tableOf(columns)};
  const reach = reachByTables(setting, [rows.low, rows.high], [columns.low, columns.high]);
  return pixelwise(setting, reach, (target) =>
    call(BILINEAR, {...target, ...tables}, {record: setting.record}),
  );
}
