/** Single channels of the same pixel, copied from wherever they are. */
import type {ValueLayout} from '../../memory/layout';
import {call} from '../../wgsl/call';
import {plainKernel} from '../../wgsl/pixelwise';
import {NONE} from './gather';
import type {OpPlan, Setting} from './op';
import {pixelwise} from './pixelwise';
import {reachSame} from './reach';

/** Single channels of the same pixel, or 0. Table: offset of the input, vectors of its pixels, and the channel. */
const LANES = plainKernel(
  'lanes',
  {lanes: 'u32'},
  `
fn lane(pixel: u32, channel: u32) -> f32 {
  let entry = p.lanes + 3u * channel;
  if (channel >= p.channels || tables[entry] == 0xffffffffu) { return 0.0; }
  let origin = tables[entry + 2u];
  return values[tables[entry] + pixel * tables[entry + 1u] + origin / 4u][origin % 4u];
}
fn compute(pixel: u32, f: u32) -> vec4<f32> {
  return vec4<f32>(lane(pixel, 4u * f), lane(pixel, 4u * f + 1u), lane(pixel, 4u * f + 2u), lane(pixel, 4u * f + 3u));
}
`,
);

/** For each output channel the input and channel that it is a copy of, or nothing. */
type Lane = readonly [input: ValueLayout, channel: number] | null;

export function lanes(setting: Setting, copied: readonly Lane[]): OpPlan {
  const {inputs, record} = setting;
  const entries = copied.flatMap((lane) => (lane ? [lane[0].at, lane[0].vectors, lane[1]] : [NONE, 0, 0]));
  const table = setting.table(entries);
  const same = inputs.map(() => false);
  return pixelwise(
    setting,
    (tile) => reachSame(setting, tile, same),
    (target) => call(LANES, {...target, lanes: table}, {record}),
  );
}

export const channelsOf = (input: ValueLayout): Lane[] =>
  Array.from({length: input.channels}, (_, channel) => [input, channel] as const);

export const nothing = (count: number): Lane[] => new Array<Lane>(count).fill(null);
