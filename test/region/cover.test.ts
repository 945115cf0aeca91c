/** Region.rects: what a cover must be whatever the region, and how good it is where the best one is plain to see. */
import fc from 'fast-check';
import {DEFAULT_CALL_COST, Region, type Rect} from '../../src/region';
import {masks, randomNumbers, timesHeld, toRegion} from './reference';
import {sample} from '../scale';

const callCosts = fc.constantFrom(0, 0.5, 1, 3, 10, 64, 1000, Infinity);

function cost(rects: readonly Rect[], callCost: number): number {
  return rects.reduce((sum, {height, width}) => sum + height * width + callCost, 0);
}

function circle(size: number): Region {
  const middle = (size - 1) / 2;
  const values = Array.from({length: size * size}, (_, i) =>
    Math.hypot(Math.floor(i / size) - middle, (i % size) - middle) <= size / 2 ? 1 : 0,
  );
  return Region.fromMask(size, size, values);
}

describe('a cover', () => {
  it('is of disjoint rectangles that hold every pixel', () => {
    fc.assert(
      fc.property(masks, callCosts, (mask, callCost) => {
        const held = timesHeld(mask.height, mask.width, toRegion(mask).rects(callCost));
        expect(Math.max(...held)).toBeLessThanOrEqual(1);
        expect(mask.values.every((v, i) => held[i] >= v)).toBe(true);
      }),
      sample(400),
    );
  });

  it('costs no more than the bounds and no more than the spans', () => {
    fc.assert(
      fc.property(masks, callCosts, (mask, callCost) => {
        const region = toRegion(mask);
        const found = cost(region.rects(callCost), callCost);
        const bounds = region.bounds();
        const spans = region.spans().map(({y, x, length}) => ({y, x, height: 1, width: length}));
        expect(found).toBeLessThanOrEqual(cost(bounds ? [bounds] : [], callCost));
        expect(found).toBeLessThanOrEqual(cost(spans, callCost));
      }),
      sample(400),
    );
  });

  it('is exact where calls are free', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        expect(timesHeld(mask.height, mask.width, toRegion(mask).rects(0))).toEqual(mask.values);
      }),
      sample(100),
    );
  });

  it('is the bounds where calls are all that counts', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const bounds = toRegion(mask).bounds();
        expect(toRegion(mask).rects(Infinity)).toEqual(bounds ? [bounds] : []);
      }),
      sample(100),
    );
  });

  it('is in order of y, then x', () => {
    fc.assert(
      fc.property(masks, callCosts, (mask, callCost) => {
        const rects = toRegion(mask).rects(callCost);
        expect(rects).toEqual([...rects].sort((a, b) => a.y - b.y || a.x - b.x));
      }),
      sample(100),
    );
  });

  it('takes the documented cost by default', () => {
    const region = Region.fromRects(32, 64, [
      {y: 0, x: 0, height: 8, width: 8},
      {y: 0, x: 16, height: 8, width: 8},
    ]);
    expect(DEFAULT_CALL_COST).toBe(64);
    expect(region.rects(63)).toHaveLength(2);
    expect(region.rects()).toEqual([{y: 0, x: 0, height: 8, width: 24}]);
  });

  it.each([-1, NaN])('is refused for a call cost of %p', (callCost) => {
    expect(() => Region.full(2, 2).rects(callCost)).toThrow(
      `callCost must be a number of 0 or more, but is ${callCost}`,
    );
  });
});

describe('the cover of a plain shape is the one to see', () => {
  const shapes: [string, Rect[]][] = [
    ['one block', [{y: 3, x: 30, height: 20, width: 20}]],
    [
      'blocks far apart',
      [
        {y: 0, x: 0, height: 9, width: 7},
        {y: 40, x: 60, height: 12, width: 30},
      ],
    ],
    [
      'an L',
      [
        {y: 0, x: 0, height: 30, width: 10},
        {y: 30, x: 0, height: 10, width: 40},
      ],
    ],
    [
      'a column beside a row',
      [
        {y: 0, x: 0, height: 50, width: 3},
        {y: 5, x: 40, height: 3, width: 50},
      ],
    ],
    ['blocks on a diagonal', [0, 1, 2, 3, 4, 5, 6].map((i) => ({y: 9 * i, x: 13 * i, height: 8, width: 12}))],
  ];
  it.each(shapes)('%s', (_, rects) => {
    expect(Region.fromRects(64, 100, rects).rects(10)).toEqual(rects);
    expect(Region.fromRects(64, 100, rects).rects(0)).toEqual(rects);
  });

  it('a frame around nothing: four rectangles', () => {
    const frame = Region.fromRects(60, 60, [
      {y: 0, x: 0, height: 5, width: 60},
      {y: 55, x: 0, height: 5, width: 60},
      {y: 5, x: 0, height: 50, width: 5},
      {y: 5, x: 55, height: 50, width: 5},
    ]);
    expect(frame.rects(10)).toHaveLength(4);
    expect(frame.rects(0)).toHaveLength(4);
    expect(cost(frame.rects(10), 0)).toBe(frame.area);
  });

  it('a circle: a few rectangles, much cheaper than bounds and spans', () => {
    const region = circle(60);
    const rects = region.rects(20);
    const bounds = cost([region.bounds()!], 20);
    const exact = cost(region.rects(0), 20);
    expect(rects.length).toBeGreaterThan(2);
    expect(cost(rects, 20)).toBeLessThan(0.95 * Math.min(bounds, exact));
  });

  it('speckle in two places: two rectangles', () => {
    const random = randomNumbers(7);
    const region = new Region(512, 512);
    for (const [top, left] of [
      [10, 20],
      [400, 350],
    ]) {
      for (let i = 0; i < 300; i++)
        region.add(top + Math.floor(40 * random()), left + Math.floor(40 * random()), 1);
    }
    expect(region.rects(100)).toHaveLength(2);
  });
});
