/** Region as a set: every operation against the same one on an array of 0 and 1. */
import fc from 'fast-check';
import {Region} from '../../src/region';
import {maskPairs, masks, strayBits, timesHeld, toRegion, valuesOf, widths} from './reference';
import {sample} from '../scale';

describe('a Region is a set of pixels', () => {
  it('gives back the mask it was made from', () => {
    fc.assert(
      fc.property(masks, (mask) => expect(valuesOf(toRegion(mask))).toEqual(mask.values)),
      sample(100),
    );
  });

  it('takes booleans and any number but 0 for a set pixel', () => {
    expect(valuesOf(Region.fromMask(2, 2, [true, false, -1, 0]))).toEqual([1, 0, 1, 0]);
    expect(valuesOf(Region.fromMask(1, 3, new Uint8Array([0, 255, 1])))).toEqual([0, 1, 1]);
    expect(valuesOf(Region.fromMask(1, 2, new Float32Array([0.5, -0])))).toEqual([1, 0]);
  });

  it('has the pixels of its mask, and none outside the plane', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const region = toRegion(mask);
        for (let y = -1; y <= mask.height; y++) {
          for (let x = -1; x <= mask.width; x++) {
            const inside = y >= 0 && y < mask.height && x >= 0 && x < mask.width;
            if (region.has(y, x) !== (inside && mask.values[y * mask.width + x] === 1))
              throw new Error(`${y}, ${x}`);
          }
        }
      }),
      sample(100),
    );
  });

  it('counts its pixels', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const region = toRegion(mask);
        const count = mask.values.reduce((sum, v) => sum + v, 0);
        expect(region.area).toBe(count);
        expect(region.isEmpty).toBe(count === 0);
        expect(region.isFull).toBe(count === mask.values.length);
      }),
      sample(100),
    );
  });

  it('is one pixel short of full with any pixel missing', () => {
    for (let missing = 0; missing < 2 * 33; missing++) {
      const values = new Uint8Array(2 * 33).fill(1);
      values[missing] = 0;
      expect(Region.fromMask(2, 33, values).isFull).toBe(false);
    }
  });

  it('makes empty and full planes of every width', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 5}), widths, (height, width) => {
        expect(Region.empty(height, width).area).toBe(0);
        expect(Region.full(height, width).area).toBe(height * width);
        expect(strayBits(Region.full(height, width))).toBe(0);
        expect(Region.full(height, width).wordsPerRow).toBe(Math.ceil(width / 32));
      }),
      sample(100),
    );
  });

  it('lays pixel (y, x) at bit x % 32 of word y * wordsPerRow + floor(x / 32)', () => {
    const region = Region.fromRects(3, 40, [{y: 2, x: 35, height: 1, width: 1}]);
    expect(Array.from(region.words)).toEqual([0, 0, 0, 0, 0, 1 << 3]);
  });
});

describe('set algebra', () => {
  it('unites, intersects and compares as sets do', () => {
    fc.assert(
      fc.property(maskPairs, ([a, b]) => {
        const [left, right] = [toRegion(a), toRegion(b)];
        expect(valuesOf(left.union(right))).toEqual(a.values.map((v, i) => v | b.values[i]));
        expect(valuesOf(left.intersection(right))).toEqual(a.values.map((v, i) => v & b.values[i]));
        expect(left.covers(right)).toBe(a.values.every((v, i) => v >= b.values[i]));
        expect(left.equals(right)).toBe(a.values.every((v, i) => v === b.values[i]));
        expect([valuesOf(left), valuesOf(right)]).toEqual([a.values, b.values]);
      }),
      sample(100),
    );
  });

  it('covers its parts and is covered by what it is part of', () => {
    fc.assert(
      fc.property(maskPairs, ([a, b]) => {
        const [left, right] = [toRegion(a), toRegion(b)];
        expect(left.union(right).covers(left)).toBe(true);
        expect(left.covers(left.intersection(right))).toBe(true);
        expect(left.equals(left.clone())).toBe(true);
      }),
      sample(100),
    );
  });

  it('equals no region of another plane, even with the same words', () => {
    expect(Region.empty(2, 8).equals(Region.empty(2, 9))).toBe(false);
    expect(Region.empty(2, 8).equals(Region.empty(1, 8))).toBe(false);
  });

  it('clones what shares nothing with the original', () => {
    const region = Region.full(3, 40);
    region.clone().clear();
    expect(region.isFull).toBe(true);
  });

  it('refuses regions of other planes', () => {
    const [a, b] = [Region.empty(2, 8), Region.empty(2, 9)];
    for (const method of ['union', 'intersection', 'covers', 'unite'] as const) {
      expect(() => a[method](b)).toThrow(
        `Region.${method}: expected two regions of one plane, but they are 2×8 and 2×9`,
      );
    }
  });
});

describe('taking a region apart', () => {
  it('lists pixels by linear index, in rising order', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const expected = mask.values.flatMap((v, i) => (v ? [i] : []));
        expect(Array.from(toRegion(mask).pixels())).toEqual(expected);
      }),
      sample(100),
    );
  });

  it('finds the smallest bounds', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const set = mask.values.flatMap((v, i) => (v ? [[Math.floor(i / mask.width), i % mask.width]] : []));
        const [ys, xs] = [set.map(([y]) => y), set.map(([, x]) => x)];
        const [y, x] = [Math.min(...ys), Math.min(...xs)];
        const expected = set.length
          ? {y, x, height: Math.max(...ys) - y + 1, width: Math.max(...xs) - x + 1}
          : null;
        expect(toRegion(mask).bounds()).toEqual(expected);
      }),
      sample(100),
    );
  });

  it('lists runs that hold every pixel once and touch no other', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const spans = toRegion(mask).spans();
        const held = timesHeld(
          mask.height,
          mask.width,
          spans.map(({y, x, length}) => ({y, x, height: 1, width: length})),
        );
        expect(held).toEqual(mask.values);
        spans.slice(1).forEach((span, i) => {
          const before = spans[i];
          const apart = span.y > before.y || (span.y === before.y && span.x > before.x + before.length);
          expect(apart).toBe(true);
        });
      }),
      sample(100),
    );
  });

  it('joins a run across words', () => {
    expect(Region.full(1, 100).spans()).toEqual([{y: 0, x: 0, length: 100}]);
  });

  it('is made again from its exact rectangles', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const again = Region.fromRects(mask.height, mask.width, toRegion(mask).rects(0));
        expect(valuesOf(again)).toEqual(mask.values);
      }),
      sample(100),
    );
  });
});

describe('building in place', () => {
  it('adds spans and leaves the rest as it was', () => {
    const span = (width: number) =>
      fc
        .tuple(fc.nat(3), fc.nat(width), fc.nat(width))
        .map(([y, a, b]) => [y, Math.min(a, b), Math.abs(a - b)]);
    const cases = widths.chain((width) =>
      fc.tuple(fc.constant(width), fc.array(span(width), {maxLength: 6})),
    );
    fc.assert(
      fc.property(cases, ([width, spans]) => {
        const region = new Region(4, width);
        const expected = new Array<number>(4 * width).fill(0);
        for (const [y, x, length] of spans) {
          region.add(y, x, length);
          expected.fill(1, y * width + x, y * width + x + length);
        }
        expect(valuesOf(region)).toEqual(expected);
        expect(strayBits(region)).toBe(0);
      }),
      sample(100),
    );
  });

  it('unites, clears and fills itself', () => {
    fc.assert(
      fc.property(maskPairs, ([a, b]) => {
        const region = toRegion(a);
        expect(valuesOf(region.unite(toRegion(b)))).toEqual(a.values.map((v, i) => v | b.values[i]));
        expect(region.fill().isFull).toBe(true);
        expect(strayBits(region)).toBe(0);
        expect(region.clear().isEmpty).toBe(true);
      }),
      sample(100),
    );
  });

  it('keeps the words it is given and does not copy them', () => {
    const words = new Uint32Array(2);
    const region = new Region(2, 8, words);
    words[1] = 4;
    expect(region.pixels()).toEqual(new Int32Array([10]));
  });
});

describe('what a Region refuses', () => {
  it.each([
    [0, 8, 'Region: height must be a positive integer, but is 0'],
    [8, -1, 'Region: width must be a positive integer, but is -1'],
    [1.5, 8, 'Region: height must be a positive integer, but is 1.5'],
    [8, NaN, 'Region: width must be a positive integer, but is NaN'],
  ])('a plane of %p by %p', (height, width, message) => {
    expect(() => new Region(height, width)).toThrow(new RangeError(`${message}.`));
  });

  it('words that do not fit the plane', () => {
    expect(() => new Region(2, 33, new Uint32Array(3))).toThrow('takes 4 words, 2 a row, but was given 3');
    expect(() => new Region(2, 33, new Uint32Array([0, 0, 0, 2]))).toThrow(
      'row 1 has bits set past its width of 33',
    );
    expect(() => new Region(2, 33, new Uint32Array([9, 1, 0, 1]))).not.toThrow();
  });

  it('a mask of another length', () => {
    expect(() => Region.fromMask(2, 3, [1, 0, 0, 0, 1])).toThrow('has 5 values, but a 2×3 plane needs 6');
  });

  it.each([
    [{y: -1, x: 0, height: 1, width: 1}, 'rectangle 1: y must be an integer of 0 or more, but is -1'],
    [{y: 0, x: 0.5, height: 1, width: 1}, 'rectangle 1: x must be an integer of 0 or more, but is 0.5'],
    [{y: 0, x: 0, height: NaN, width: 1}, 'rectangle 1: height must be an integer of 0 or more, but is NaN'],
    [{y: 0, x: 0, height: 1, width: -2}, 'rectangle 1: width must be an integer of 0 or more, but is -2'],
    [{y: 3, x: 0, height: 2, width: 1}, 'reaches past the 4×5 plane. Expected y + height <= 4'],
    [
      {y: 0, x: 5, height: 1, width: 1},
      'reaches past the 4×5 plane. Expected y + height <= 4 and x + width <= 5',
    ],
  ])('rectangle %p', (rect, message) => {
    const good = {y: 0, x: 0, height: 4, width: 5};
    expect(() => Region.fromRects(4, 5, [good, rect])).toThrow(RangeError);
    expect(() => Region.fromRects(4, 5, [good, rect])).toThrow(message);
  });

  it('spans outside the plane, and stays as it was', () => {
    const region = new Region(4, 40);
    const spans = [
      [-1, 0, 1],
      [4, 0, 1],
      [0, -1, 2],
      [0, 39, 2],
      [0, 0, -1],
      [0.5, 0, 1],
      [0, 0.5, 1],
      [0, 0, NaN],
    ];
    for (const [y, x, length] of spans) expect(() => region.add(y, x, length)).toThrow(RangeError);
    expect(() => region.add(0, 39, 2)).toThrow('row 0, column 39, length 2 is no span of a 4×40 plane');
    expect(region.isEmpty).toBe(true);
  });

  it('but not rectangles and spans of no pixels', () => {
    expect(Region.fromRects(4, 5, [{y: 4, x: 5, height: 0, width: 0}]).isEmpty).toBe(true);
    expect(new Region(4, 32).add(0, 32, 0).isEmpty).toBe(true);
  });
});
