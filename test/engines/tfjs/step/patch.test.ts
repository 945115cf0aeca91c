/** Patches where every new shape costs a compiled shader: whole planes, and lists of few lengths. */
import {padded, patchesOf} from '../../../../src/engines/tfjs/step/patch';
import {Region} from '../../../../src/region';

const costs = {call: 1000, read: 4, fewShapes: true};
const cost = {macs: 1000, reads: 9};

describe('patches of few shapes', () => {
  it('repeats the last entry of a list, up to a power of 2 or what lies halfway', () => {
    expect([...padded(Int32Array.of(3, 7))]).toEqual([3, ...Array.from({length: 15}, () => 7)]);
    const lengths = [16, 17, 24, 25, 32, 33, 48, 49, 1000].map((n) => padded(new Int32Array(n)).length);
    expect(lengths).toEqual([16, 24, 24, 32, 32, 48, 48, 64, 1024]);
  });

  it('covers a region by lists of rising pixels of it alone', () => {
    const region = Region.fromRects(40, 40, [
      {y: 2, x: 3, height: 5, width: 4},
      {y: 30, x: 20, height: 1, width: 7},
    ]);
    const patches = patchesOf(region, cost, costs);
    expect(patches.map(({pixels, rect}) => [pixels.length, rect])).toEqual([[32, null]]);
    expect([...new Set(patches[0].pixels)]).toEqual([...region.pixels()]);
  });

  it('takes the whole plane where a list would be longer', () => {
    const [patch] = patchesOf(Region.full(3, 4).clear().add(0, 0, 4), cost, costs);
    expect(patch.rect).toEqual({y: 0, x: 0, height: 3, width: 4});
  });
});
