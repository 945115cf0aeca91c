/**
 * What the tests of this room compare with: planes as plain arrays of 0 and 1, and plain loops over them. Written
 * without the room's own code, so that the two can disagree.
 */
import fc from 'fast-check';
import {Region, type Rect} from '../../src/region';

/** A plane of 0 and 1, row by row. */
export interface Mask {
  readonly height: number;
  readonly width: number;
  readonly values: number[];
}

/** A stream of numbers in [0, 1) that is the same on every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function toRegion({height, width, values}: Mask): Region {
  return Region.fromMask(height, width, values);
}

export function valuesOf(region: Region): number[] {
  return Array.from(region.toMask());
}

/** Bits past the width, which must all be 0: word operations rely on it. */
export function strayBits(region: Region): number {
  let stray = 0;
  for (let y = 0; y < region.height; y++) {
    for (let x = region.width; x < region.wordsPerRow * 32; x++) {
      stray += (region.words[y * region.wordsPerRow + (x >> 5)] >>> (x & 31)) & 1;
    }
  }
  return stray;
}

/** How many of the rectangles hold each pixel. */
export function timesHeld(height: number, width: number, rects: readonly Rect[]): number[] {
  const times = new Array<number>(height * width).fill(0);
  for (const rect of rects) {
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      for (let x = rect.x; x < rect.x + rect.width; x++) times[y * width + x]++;
    }
  }
  return times;
}

/** Sizes around word boundaries, and any between. */
export const widths = fc.oneof(
  fc.constantFrom(1, 31, 32, 33, 63, 64, 65, 96, 97),
  fc.integer({min: 1, max: 70}),
);

/** Masks from empty to full: speckle of any density, or a few rectangles. */
export function masksOf(height: number, width: number): fc.Arbitrary<Mask> {
  const speckle = fc.tuple(fc.nat(), fc.constantFrom(0, 0.02, 0.2, 0.5, 0.9, 1)).map(([seed, density]) => {
    const random = randomNumbers(seed);
    return Array.from({length: height * width}, () => (random() < density ? 1 : 0));
  });
  const corners = fc.tuple(fc.nat(height - 1), fc.nat(height - 1), fc.nat(width - 1), fc.nat(width - 1));
  const blocks = fc
    .array(corners, {maxLength: 5})
    .map((boxes) =>
      Array.from({length: height * width}, (_, i) =>
        boxes.some(([a, b, c, d]) => between(Math.floor(i / width), a, b) && between(i % width, c, d))
          ? 1
          : 0,
      ),
    );
  return fc.oneof(speckle, blocks).map((values) => ({height, width, values}));
}

function between(value: number, a: number, b: number): boolean {
  return value >= Math.min(a, b) && value <= Math.max(a, b);
}

export const masks: fc.Arbitrary<Mask> = fc
  .tuple(fc.integer({min: 1, max: 12}), widths)
  .chain(([height, width]) => masksOf(height, width));

export const maskPairs: fc.Arbitrary<[Mask, Mask]> = fc
  .tuple(fc.integer({min: 1, max: 12}), widths)
  .chain(([height, width]) => fc.tuple(masksOf(height, width), masksOf(height, width)));
