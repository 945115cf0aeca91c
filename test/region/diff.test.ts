/** diff: which pixels of two frames count as different, for every kind of array and both ways of comparing. */
import fc from 'fast-check';
import {diff, type Frame, type FrameData} from '../../src/region';
import {randomNumbers, strayBits, valuesOf} from './reference';
import {sample} from '../scale';

const KINDS = [
  Float32Array,
  Float64Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
];

const shapes = fc.tuple(
  fc.integer({min: 1, max: 6}),
  fc.integer({min: 1, max: 40}),
  fc.integer({min: 1, max: 5}),
);

function frame(data: FrameData, height: number, width: number): Frame {
  return {data, height, width};
}

/** One row of single-channel float pixels. */
function row(...values: number[]): Frame {
  return frame(new Float32Array(values), 1, values.length);
}

/** A random frame, and the same one with some values changed by a little or a lot; on odd bytes where `shift` says so. */
function twoFrames(
  kind: (typeof KINDS)[number],
  [height, width, channels]: number[],
  seed: number,
  shift: number,
) {
  const random = randomNumbers(seed);
  const count = height * width * channels;
  const size = kind.BYTES_PER_ELEMENT;
  const make = (by: number): FrameData => new kind(new ArrayBuffer(size * (count + 8)), by * size, count);
  const [previous, next] = [make(shift), make(seed % 3)];
  for (let i = 0; i < count; i++) {
    previous[i] = Math.floor(100 * random());
    next[i] = previous[i] + (random() < 0.05 ? Math.floor(9 * random()) : 0);
  }
  return [frame(previous, height, width), frame(next, height, width)];
}

describe.each(KINDS.map((kind) => [kind.name, kind] as const))('frames of %s', (_, kind) => {
  it('differ in the pixels where a channel differs', () => {
    fc.assert(
      fc.property(shapes, fc.nat(), fc.nat(4), (shape, seed, shift) => {
        const [previous, next] = twoFrames(kind, shape, seed, shift);
        const expected = expectedMask(previous, next, shape[2], (a, b) => a !== b);
        const region = diff(previous, next);
        expect(valuesOf(region)).toEqual(expected);
        expect(strayBits(region)).toBe(0);
      }),
      sample(100),
    );
  });

  it('differ by more than a threshold in the pixels where a channel does', () => {
    fc.assert(
      fc.property(shapes, fc.nat(), fc.integer({min: 1, max: 5}), (shape, seed, threshold) => {
        const [previous, next] = twoFrames(kind, shape, seed, 1);
        const expected = expectedMask(previous, next, shape[2], (a, b) => Math.abs(b - a) > threshold);
        expect(valuesOf(diff(previous, next, threshold))).toEqual(expected);
        expect(valuesOf(diff(next, previous, threshold))).toEqual(expected);
      }),
      sample(100),
    );
  });

  it('differ wherever one value does, the last included', () => {
    const data = new kind(7 * 5 * 3);
    for (let i = 0; i < data.length; i++) {
      const other = data.slice();
      other[i] = 1;
      expect(diff(frame(data, 7, 5), frame(other, 7, 5)).pixels()).toEqual(
        new Int32Array([Math.floor(i / 3)]),
      );
      expect(diff(frame(data, 7, 5), frame(other, 7, 5), 0.5).pixels()).toEqual(
        new Int32Array([Math.floor(i / 3)]),
      );
    }
  });
});

function expectedMask(
  a: Frame,
  b: Frame,
  channels: number,
  differs: (a: number, b: number) => boolean,
): number[] {
  return Array.from({length: a.height * a.width}, (_, pixel) => {
    for (let i = pixel * channels; i < (pixel + 1) * channels; i++)
      if (differs(a.data[i], b.data[i])) return 1;
    return 0;
  });
}

describe('without a threshold, bits are compared', () => {
  it('−0 is not +0', () => {
    expect(valuesOf(diff(row(0, -0, -0), row(0, 0, -0)))).toEqual([0, 1, 0]);
  });

  it('a NaN is the same as itself and different from a number', () => {
    expect(valuesOf(diff(row(NaN, NaN, 1), row(NaN, 1, NaN)))).toEqual([0, 1, 1]);
  });

  it('NaNs of other bits differ', () => {
    const bits = (...words: number[]) =>
      frame(new Float32Array(new Uint32Array(words).buffer), 1, words.length);
    expect(valuesOf(diff(bits(0x7fc00000, 0x7fc00000), bits(0x7fc00001, 0x7fc00000)))).toEqual([1, 0]);
  });

  it('the smallest difference counts, and infinities are the same as themselves', () => {
    expect(valuesOf(diff(row(1, Infinity, 0), row(1 + 2 ** -23, Infinity, 1e-45)))).toEqual([1, 0, 1]);
  });
});

describe('with a threshold, |next − previous| ≤ threshold must hold', () => {
  it('for a difference of the threshold itself, either way', () => {
    expect(valuesOf(diff(row(1, 1, 1, 1), row(1.5, 0.5, 1.625, 0.375), 0.5))).toEqual([0, 0, 1, 1]);
  });

  it('which it never does with a NaN, nor between infinities', () => {
    expect(valuesOf(diff(row(NaN, 1, NaN, Infinity, 2), row(NaN, NaN, 1, Infinity, 2), 1))).toEqual([
      1, 1, 1, 1, 0,
    ]);
    expect(valuesOf(diff(row(1, NaN), row(1e30, 0), Infinity))).toEqual([0, 1]);
  });

  it('in every channel', () => {
    const previous = frame(new Uint8Array([0, 0, 0, 0, 0, 0]), 1, 2);
    const next = frame(new Uint8Array([9, 0, 9, 0, 11, 0]), 1, 2);
    expect(valuesOf(diff(previous, next, 10))).toEqual([0, 1]);
  });

  it('and takes −0 for +0', () => {
    expect(diff(row(0), row(-0), 1e-9).isEmpty).toBe(true);
  });
});

describe('frames', () => {
  it('may be ImageData', () => {
    const image = (r: number) => ({
      data: new Uint8ClampedArray([0, 0, 0, 255, r, 0, 0, 255]),
      height: 1,
      width: 2,
      colorSpace: 'srgb',
    });
    expect(valuesOf(diff(image(0), image(7)))).toEqual([0, 1]);
  });

  it('may hold bytes of any class: clamped, plain or a Buffer', () => {
    const bytes = [1, 2, 3, 4];
    const next = frame(new Uint8ClampedArray([1, 2, 9, 4]), 2, 2);
    expect(diff(frame(Buffer.from(bytes), 2, 2), next).pixels()).toEqual(new Int32Array([2]));
    expect(diff(frame(new Uint8Array(bytes), 2, 2), next).pixels()).toEqual(new Int32Array([2]));
  });

  it('are left as they were', () => {
    const [previous, next] = [row(1, 2, 3), row(1, 5, 3)];
    diff(previous, next);
    diff(previous, next, 1);
    expect([Array.from(previous.data), Array.from(next.data)]).toEqual([
      [1, 2, 3],
      [1, 5, 3],
    ]);
  });
});

describe('diff refuses', () => {
  const good = frame(new Float32Array(12), 2, 3);

  it.each([-1, NaN])('a threshold of %p', (threshold) => {
    expect(() => diff(good, good, threshold)).toThrow(
      new RangeError(`diff: the threshold must be a number of 0 or more, but is ${threshold}.`),
    );
  });

  it.each<[string, unknown, string]>([
    ['another size', frame(new Float32Array(12), 3, 2), 'the previous one is 2×3×2 and the next one 3×2×2.'],
    [
      'other channels',
      frame(new Float32Array(18), 2, 3),
      'the previous one is 2×3×2 and the next one 2×3×3.',
    ],
    [
      'another type',
      frame(new Int32Array(12), 2, 3),
      'the previous frame is a Float32Array and the next one a Int32Array.',
    ],
    [
      'data that fills no pixel',
      frame(new Float32Array(13), 2, 3),
      'the next frame has 13 values, which is no whole number of channels for 2×3 pixels',
    ],
    ['no data', frame(new Float32Array(0), 2, 3), 'the next frame has 0 values'],
    [
      'a plain array',
      {...good, data: [1, 2, 3, 4, 5, 6]},
      "the next frame's data must be a typed array of numbers, but is Array.",
    ],
    [
      '64-bit integers',
      {...good, data: new BigInt64Array(12)},
      'must be a typed array of numbers, but is BigInt64Array.',
    ],
    [
      'no height',
      {...good, height: undefined},
      'diff: the next frame: height must be a positive integer, but is undefined.',
    ],
  ])('%s', (_, next, message) => {
    expect(() => diff(good, next as Frame)).toThrow(message);
    expect(() => diff(good, next as Frame, 1)).toThrow(message);
  });
});
