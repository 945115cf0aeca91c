/** What this room takes from callers: regions of another copy of the package, and nothing that is something else. */
import {diff, propagate, receptiveField, Region} from '../../src/region';

describe('a region of the other copy of the package', () => {
  /** Of another class: known by its brand, and read by its methods. */
  function foreign(own: Region): Region {
    const {height, width} = own;
    const other = Object.create({
      [Symbol.for('tfjs-reuse.Region')]: true,
      toMask: () => own.toMask(),
    }) as object;
    return Object.assign(other, {height, width}) as Region;
  }
  const rects = [
    {y: 1, x: 30, height: 2, width: 5},
    {y: 0, x: 0, height: 1, width: 1},
  ];
  const a = Region.fromRects(4, 40, rects);
  const b = Region.fromRects(4, 40, [{y: 2, x: 20, height: 2, width: 12}]);

  it('is as good as one of this copy', () => {
    const c = foreign(b);
    expect(a.union(c)).toEqual(a.union(b));
    expect(a.intersection(c)).toEqual(a.intersection(b));
    expect(a.clone().unite(c)).toEqual(a.union(b));
    expect([a.equals(c), b.equals(c), a.covers(c), b.covers(c)]).toEqual([false, true, false, true]);
    const window = {input: [4, 40], kernel: [3, 3], padding: 'same'} as const;
    expect(propagate(c, window)).toEqual(propagate(b, window));
    expect(receptiveField(c, window)).toEqual(receptiveField(b, window));
  });

  it.each<[unknown, string]>([
    [null, 'null'],
    [undefined, 'undefined'],
    [rects, 'an array of 2'],
    [{height: 4, width: 40}, '{height, width}'],
    [new Uint8Array(160), 'a Uint8Array of 160'],
  ])('is not %p', (other, shown) => {
    const given = other as Region;
    const window = {input: [4, 40], kernel: [3, 3]} as const;
    const works = [
      () => a.union(given),
      () => a.intersection(given),
      () => a.unite(given),
      () => a.covers(given),
      () => a.equals(given),
      () => propagate(given, window),
      () => receptiveField(given, window),
    ];
    for (const work of works) expect(work).toThrow(`must be a Region, but is ${shown}.`);
  });
});

const frame = {data: new Uint8Array(16), height: 4, width: 4};

describe('arguments that are none', () => {
  it.each<[string, () => unknown, string]>([
    [
      'rectangles',
      () => Region.fromRects(4, 4, null as never),
      'expected a list of rectangles {y, x, height, width}, but got null',
    ],
    [
      'a rectangle',
      () => Region.fromRects(4, 4, [null as never]),
      'rectangle 0 must be {y, x, height, width}, but is null',
    ],
    [
      'a hole',
      () => Region.fromRects(4, 4, new Array(1)),
      'rectangle 0 must be {y, x, height, width}, but is undefined',
    ],
    [
      'a mask',
      () => Region.fromMask(4, 4, null as never),
      'the mask must be an array of numbers or flags, but is null',
    ],
    [
      'a cost',
      () => Region.full(4, 4).rects('64' as never),
      "callCost must be a number of 0 or more, but is '64'",
    ],
    [
      'a frame',
      () => diff(null as never, null as never),
      'previous frame must be {data, height, width}, but is null',
    ],
    [
      'a threshold',
      () => diff(frame, frame, '1' as never),
      "the threshold must be a number of 0 or more, but is '1'",
    ],
    [
      'a window',
      () => propagate(Region.full(4, 4), null as never),
      'Window must be an object like {input, kernel}, but is null',
    ],
  ])('%s', (_what, work, message) => expect(work).toThrow(message));
});
