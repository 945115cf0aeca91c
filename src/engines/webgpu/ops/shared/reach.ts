/** Which pixels of an output a change reaches: what all kernels of regions are told, and the reach of the same pixel. */
import type {ValueLayout} from '../../memory/layout';
import {call, workFor, type Call} from '../../wgsl/call';
import {regionKernel} from '../../wgsl/region';
import type {Setting} from './op';

/** What a region kernel knows of the output. */
export function regionOf({output, record}: Setting, tile: number) {
  return {
    width: output.width,
    rowWords: output.rowWords,
    words: output.maskWords,
    record,
    tile,
  };
}

export const regionWork = ({maskWords}: ValueLayout) => workFor(maskWords);

/** The same pixel of each input; of one that is a single pixel, all. Table: offset of the mask, and whether it is shared. */
const SAME = regionKernel(
  'same',
  {inputs: 'u32', count: 'u32'},
  `
fn affected(y: u32, i: u32) -> u32 {
  var word = 0u;
  for (var n = 0u; n < p.count; n++) {
    let mask = tables[p.inputs + 2u * n];
    if (tables[p.inputs + 2u * n + 1u] == 0u) { word |= masks[mask + y * p.rowWords + i]; }
    else if (masks[mask] != 0u) { return 0xffffffffu; }
  }
  return word;
}`,
);

/** Reaches the same pixel as changed in any of these inputs; of one that is a single pixel, all. */
export function reachSame(setting: Setting, tile: number, shared: readonly boolean[]): Call {
  const entries = setting.inputs.flatMap(({mask}, i) => [mask, shared[i] ? 1 : 0]);
  const inputs = setting.table(entries);
  const {length: count} = setting.inputs;
  return call(SAME, {...regionOf(setting, tile), inputs, count}, regionWork(setting.output));
}
