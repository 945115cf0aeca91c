/** translate and reinterpret against loops over pixels and over values. */
import fc from 'fast-check';
import {Region, reinterpret, translate} from '../../src/region';
import {masks, masksOf, strayBits, toRegion, valuesOf, widths} from './reference';
import {sample} from '../scale';

describe('translate', () => {
  it('moves every pixel and drops those that leave the plane', () => {
    const sizes = fc.tuple(fc.integer({min: 1, max: 14}), widths);
    const moves = fc.tuple(fc.integer({min: -15, max: 15}), fc.integer({min: -110, max: 110}));
    fc.assert(
      fc.property(masks, sizes, moves, (mask, [height, width], [dy, dx]) => {
        const expected = new Array<number>(height * width).fill(0);
        mask.values.forEach((v, i) => {
          const y = Math.floor(i / mask.width) + dy;
          const x = (i % mask.width) + dx;
          if (v && y >= 0 && y < height && x >= 0 && x < width) expected[y * width + x] = 1;
        });
        const moved = translate(toRegion(mask), height, width, dy, dx);
        expect(valuesOf(moved)).toEqual(expected);
        expect(strayBits(moved)).toBe(0);
      }),
      sample(500),
    );
  });

  it('pads and crops back to the same region', () => {
    fc.assert(
      fc.property(masks, fc.nat(5), fc.nat(40), (mask, top, left) => {
        const padded = translate(toRegion(mask), mask.height + top + 2, mask.width + left + 3, top, left);
        expect(valuesOf(translate(padded, mask.height, mask.width, -top, -left))).toEqual(mask.values);
      }),
      sample(100),
    );
  });

  it('refuses a plane without pixels and movements by parts of one', () => {
    const region = Region.full(2, 2);
    expect(() => translate(region, 0, 2, 0, 0)).toThrow(
      'translate: height must be a positive integer, but is 0.',
    );
    expect(() => translate(region, 2, 2, 0.5, 0)).toThrow('translate: dy must be an integer, but is 0.5.');
    expect(() => translate(region, 2, 2, 0, NaN)).toThrow('translate: dx must be an integer, but is NaN.');
  });
});

describe('reinterpret', () => {
  /** All ways to see some number of values as [H, W, C], with a mask for one of them. */
  const cases = fc.constantFrom(60, 64, 96, 210, 400).chain((count) => {
    const divisors = Array.from({length: count}, (_, i) => i + 1).filter((d) => count % d === 0);
    const shape = fc.constantFrom(...divisors).chain((height) => {
      const rest = count / height;
      return fc
        .constantFrom(...divisors.filter((d) => rest % d === 0))
        .map((width) => [height, width, rest / width]);
    });
    return shape.chain(([h, w, c]) => fc.tuple(masksOf(h, w), fc.constant(c), shape));
  });

  it('sets the pixels that hold a value of a set pixel, and no others', () => {
    fc.assert(
      fc.property(cases, ([mask, channels, [height, width, newChannels]]) => {
        const expected = new Array<number>(height * width).fill(0);
        for (let value = 0; value < height * width * newChannels; value++) {
          if (mask.values[Math.floor(value / channels)]) expected[Math.floor(value / newChannels)] = 1;
        }
        const region = reinterpret(toRegion(mask), channels, height, width, newChannels);
        expect([region.height, region.width]).toEqual([height, width]);
        expect(valuesOf(region)).toEqual(expected);
        expect(strayBits(region)).toBe(0);
      }),
      sample(500),
    );
  });

  it('returns a region of its own where the shape stays', () => {
    const region = Region.full(3, 4);
    reinterpret(region, 5, 3, 4, 5).clear();
    expect(region.isFull).toBe(true);
  });

  it('refuses shapes of another number of values', () => {
    expect(() => reinterpret(Region.full(2, 3), 4, 5, 5, 1)).toThrow(
      'reinterpret: 2×3×4 holds 24 values, but 5×5×1 holds 25. Expected equally many.',
    );
    expect(() => reinterpret(Region.full(2, 3), 0, 2, 3, 1)).toThrow(
      'reinterpret: channels must be a positive integer',
    );
    expect(() => reinterpret(Region.full(2, 3), 1, 2, 3, 0.5)).toThrow(
      'reinterpret: newChannels must be a positive integer',
    );
  });
});
