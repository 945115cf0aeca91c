/** Gates in grey levels: just so many levels are within them, in whatever units the input is and however it was rounded. */
import fc from 'fast-check';
import {greyLevels, type GreyRange} from '../../src';
import {diff} from '../../src/region';
import {sample} from '../scale';

const {fround} = Math;

/** How pictures become inputs, step by step in 32 bits, as tensors are computed. */
const INPUTS: readonly [name: string, range: GreyRange, of: (byte: number) => number][] = [
  ['bytes', [0, 255], (byte) => byte],
  ['0 to 1', [0, 1], (byte) => fround(byte / 255)],
  ['-1 to 1', [-1, 1], (byte) => fround(fround(byte / 127.5) - 1)],
  ['black on white', [1, 0], (byte) => fround(1 - fround(byte / 255))],
  [
    'less a mean of 0.485, by a deviation of 0.229',
    [(0 - 0.485) / 0.229, (1 - 0.485) / 0.229],
    (byte) => fround(fround(fround(byte / 255) - fround(0.485)) / fround(0.229)),
  ],
  ['less a mean of 103.939', [-103.939, 151.061], (byte) => fround(byte - fround(103.939))],
];

const bytes = fc.nat(255);

describe.each(INPUTS)('an input of %s', (_name, range, of) => {
  test('a pixel has changed where it moved by more levels, whether the gate is rounded to 32 bits or not', () => {
    const pixel = (byte: number) => ({data: Float32Array.of(of(byte)), height: 1, width: 1});
    fc.assert(
      fc.property(bytes, bytes, fc.integer({min: -1, max: 1}), (before, after, more) => {
        const moved = Math.abs(after - before);
        const levels = Math.min(255, Math.max(0, moved + more));
        const gate = greyLevels(levels, range);
        for (const threshold of [gate, fround(gate)]) {
          const changed = diff(pixel(before), pixel(after), threshold).area === 1;
          expect(changed).toBe(moved > levels);
        }
      }),
      sample({short: 300, ci: 1000, long: 1000}),
    );
  });
});

test('bytes are their own levels, and parts of one may be asked for', () => {
  expect(greyLevels(8, [0, 255])).toBe(8);
  expect(greyLevels(2.5, [0, 255])).toBe(2.5);
  expect(greyLevels(4, [-1, 1])).toBeCloseTo(8 / 255, 5);
});

test('no levels are 0, so that bits are compared', () => {
  expect(greyLevels(0, [-1, 1])).toBe(0);
});

test('of channels that differ, the widest range counts', () => {
  expect(
    greyLevels(4, [
      [0, 1],
      [-1, 1],
    ]),
  ).toBe(greyLevels(4, [-1, 1]));
});

test.each<[unknown, unknown, RegExp]>([
  [-1, [0, 1], /levels must be a number of 0 or more, but is -1/],
  [NaN, [0, 1], /levels must be a number of 0 or more, but is NaN/],
  ['4', [0, 1], /levels must be a number of 0 or more, but is '4'/],
  [4, undefined, /the range must be what black and white become.*but is undefined/],
  [4, 255, /but is 255/],
  [4, [1, 1], /but is \[1, 1\]/],
  [4, [0, NaN], /but is \[0, NaN\]/],
  [4, [0, 1, 2], /but is \[0, 1, 2\]/],
  [4, [], /but is an array of 0/],
  [4, [[0, 1], [1]], /or one for each channel, but is an array of 2/],
  [4, [[0, 1], 1], /but is an array of 2/],
])('%p levels of %p are refused', (levels, range, message) => {
  expect(() => greyLevels(levels as number, range as GreyRange)).toThrow(message);
});
