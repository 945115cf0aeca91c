/** Merging inputs into a result: each function, and inputs that all pixels or all channels share. */
import * as fc from 'fast-check';
import {
  expectClose,
  expectInPlace,
  expectSame,
  flagsFor,
  listed,
  plane,
  property,
  type Build,
  type Random,
} from './harness';

const FUNCTIONS: ((a: number, b: number) => number)[] = [
  (a, b) => a + b,
  (a, b) => a - b,
  (a, b) => a * b,
  Math.max,
  Math.min,
  (_, b) => b,
  (a, b) => a / b,
  (a, b) => Number(a === b),
];
const EQUAL = 7;

/** Values of which some are not ordinary numbers; where they are asked whether they are equal, many are. */
function operandsFor(fn: number, random: Random, count: number): Float32Array {
  const values = random.wildValues(count);
  return fn === EQUAL ? values.map(Math.round) : values;
}

const shapes = fc.record({
  H: fc.integer({min: 1, max: 5}),
  W: fc.integer({min: 1, max: 5}),
  C: fc.integer({min: 1, max: 11}),
  fn: fc.integer({min: 0, max: 7}),
  oneChannel: fc.boolean(),
  onePixel: fc.boolean(),
});

property('fold', shapes, (build, {H, W, C, fn, oneChannel, onePixel}, random) => {
  const channels = oneChannel ? 1 : C;
  const [height, width] = onePixel ? [1, 1] : [H, W];
  const input = plane(build, height, width, channels, operandsFor(fn, random, height * width * channels));
  const soFar = operandsFor(fn, random, H * W * C);
  const pixels = random.some(H * W);
  const at = (pixel: number): [number, number] => (onePixel ? [0, 0] : [Math.floor(pixel / W), pixel % W]);
  const actual = listed(build, pixels, C, (list, to) => {
    const into = new Float32Array(build.memory.buffer, to, list.length * C);
    list.forEach((pixel, i) => into.set(soFar.subarray(pixel * C, (pixel + 1) * C), i * C));
    const from = onePixel ? 0 : build.words(list.map((pixel) => input.address(...at(pixel))));
    build.kernels.fold(fn, from, list.length, C, Number(oneChannel), onePixel ? input.base : 0, to);
  });
  expectClose(
    actual,
    (i) => {
      const pixel = pixels[Math.floor(i / C)];
      const b = input.value(...at(pixel), oneChannel ? 0 : i % C);
      return {value: FUNCTIONS[fn](soFar[pixel * C + (i % C)], b)};
    },
    1e-7,
  );
});

const pairs = fc.record({
  H: fc.integer({min: 1, max: 5}),
  W: fc.integer({min: 1, max: 5}),
  C: fc.integer({min: 1, max: 11}),
  fn: fc.integer({min: 0, max: 7}),
  oneChannel: fc.tuple(fc.boolean(), fc.boolean()),
  onePixel: fc.tuple(fc.boolean(), fc.boolean()),
  bounds: fc.constantFrom([-Infinity, Infinity], [0, Infinity], [0, 1.5]),
});

type Pair = typeof pairs extends fc.Arbitrary<infer P> ? P : never;

/** Two operands, and the kernel on them. */
function pairOf(
  build: Build,
  {H, W, C, fn, oneChannel, onePixel, bounds: [low, high]}: Pair,
  random: Random,
) {
  const operands = [0, 1].map((i) => {
    const channels = oneChannel[i] ? 1 : C;
    const [height, width] = onePixel[i] ? [1, 1] : [H, W];
    const input = plane(build, height, width, channels, operandsFor(fn, random, height * width * channels));
    const at = (p: number): [number, number] => (onePixel[i] ? [0, 0] : [Math.floor(p / W), p % W]);
    return {
      list: (pixels: readonly number[]) => build.words(pixels.map((p) => input.address(...at(p)))),
      value: (p: number, c: number) => input.value(...at(p), oneChannel[i] ? 0 : c),
    };
  });
  const run = (pixels: readonly number[], to: number, tolerances = 0) => {
    const [a, b] = operands.map(({list}) => list(pixels));
    const [oneA, oneB] = oneChannel.map(Number);
    const output = build.words(pixels.map((p) => to + 4 * p * C));
    const flags = flagsFor(build, pixels);
    const {length} = pixels;
    build.kernels.mergePair(fn, a, oneA, b, oneB, length, C, low, high, tolerances, output, flags);
    return build.bytes(flags, length);
  };
  const expected = (p: number, c: number) => {
    const value = FUNCTIONS[fn](operands[0].value(p, c), operands[1].value(p, c));
    return {value: value < low ? low : value > high ? high : value};
  };
  return {run, expected};
}

property('mergePair', pairs, (build, pair, random) => {
  const {run, expected} = pairOf(build, pair, random);
  expectInPlace(build, random, {count: pair.H * pair.W, C: pair.C}, run, expected, 1e-7);
});

property('mergePair with tolerances writes what commitWithin would', pairs, (build, pair, random) => {
  const {H, W, C} = pair;
  const {run} = pairOf(build, pair, random);
  const pixels = random.some(H * W);
  const exact = build.space(4 * H * W * C);
  run(pixels, exact);
  const tolerances = build.floats(random.values(C).map(Math.abs));
  const far = random.below(2) === 0 ? 1 : 3;
  const values = build.read(exact, H * W * C);
  const before = values.map((value) =>
    random.below(2 * C) === 0 ? value + far * random.values(1)[0] : value,
  );
  const [one, other] = [build.floats(before), build.floats(before)];
  const flags = flagsFor(build, pixels);
  pixels.forEach((p, i) => {
    const output = build.words([other + 4 * p * C]);
    build.kernels.commitWithin(exact + 4 * p * C, 1, C, tolerances, output, flags + i);
  });
  expect(run(pixels, one, tolerances)).toEqual(build.bytes(flags, pixels.length));
  expectSame(build.read(one, before.length), build.read(other, before.length));
});

property('scaleInPlace', fc.integer({min: 1, max: 40}), (build, count, random) => {
  const values = random.wildValues(count);
  const at = build.floats(values);
  build.kernels.scaleInPlace(at, count, 0.375);
  expectClose(build.read(at, count), (i) => ({value: values[i] * 0.375}), 1e-7);
});
