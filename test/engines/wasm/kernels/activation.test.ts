/** The activation functions against double precision, over the range where they bend and at its ends. */
import * as fc from 'fast-check';
import {FUNCTIONS} from './formulas';
import {each, expectClose, expectSame, isClose, listed, plane, property, type Build} from './harness';

/** Where the result is a difference of greater numbers, of which it cannot have more digits than they. */
const COARSE = new Set(['gelu', 'gelu_new', 'hardSigmoid', 'hardSwish']);

function sweep(): Float32Array {
  const fine = Array.from({length: 4001}, (_, i) => (i - 2000) / 20);
  const small = Array.from({length: 80}, (_, i) => 10 ** (-i / 10));
  return Float32Array.from([...fine, ...small, ...small.map((x) => -x), -0, 1e30, -1e30]);
}

describe.each(Object.entries(FUNCTIONS))('%s', (name, formula) => {
  const kind = Object.keys(FUNCTIONS).indexOf(name);
  const parameter = Math.fround(0.3);
  if (formula === null) return;

  const run = (build: Build, values: ArrayLike<number>) => {
    const at = build.floats(values);
    build.kernels.activateInPlace(at, values.length, kind, parameter);
    return build.read(at, values.length);
  };

  each('is as in double precision', (build) => {
    const values = sweep();
    expectClose(
      run(build, values),
      (i) => {
        const value = formula(values[i], parameter);
        return {value, scale: COARSE.has(name) ? Math.max(Math.abs(values[i]), 0.5) : Math.abs(value)};
      },
      1e-6,
    );
  });

  each('knows infinities and what is not a number', (build) => {
    const values = [Infinity, -Infinity, NaN];
    expectClose(run(build, values), (i) => ({value: formula(values[i], parameter)}));
  });
});

property(
  'activates listed pixels, each as if it were alone',
  fc.record({C: fc.integer({min: 1, max: 11}), kind: fc.constantFrom(0, 1, 3, 5, 9, 12, 16)}),
  (build, {C, kind}, random) => {
    const formula = Object.values(FUNCTIONS)[kind]!;
    const input = plane(build, 4, 5, C, random.values(20 * C));
    const pixels = random.some(20);
    const actual = listed(build, pixels, C, (list, to) => {
      const from = build.words(list.map((pixel) => input.address(Math.floor(pixel / 5), pixel % 5)));
      build.kernels.activate(from, list.length, C, kind, 0.2, to);
    });
    expectClose(actual, (i) => {
      const pixel = pixels[Math.floor(i / C)];
      const value = formula(input.value(Math.floor(pixel / 5), pixel % 5, i % C), Math.fround(0.2));
      return {value, scale: Math.max(1, Math.abs(value))};
    });
  },
);

/** Softmax or its logarithm of one pixel in double precision. */
function softmaxOf(channels: number[], log: boolean): number[] {
  const peak = Math.max(...channels);
  const sum = channels.reduce((total, x) => total + Math.exp(x - peak), 0);
  return channels.map((x) => (log ? x - peak - Math.log(sum) : Math.exp(x - peak) / sum));
}

property(
  'softmax and its logarithm are over the channels of each pixel',
  fc.record({
    C: fc.integer({min: 1, max: 19}),
    log: fc.boolean(),
    wild: fc.boolean(),
    spread: fc.integer({min: 1, max: 60}),
  }),
  (build, {C, log, wild, spread}, random) => {
    const values = (wild ? random.wildValues(12 * C) : random.values(12 * C)).map((x) => spread * x);
    const input = plane(build, 3, 4, C, values);
    const pixels = random.some(12);
    const from = (list: readonly number[]) =>
      build.words(list.map((pixel) => input.address(pixel >> 2, pixel & 3)));
    const actual = listed(build, pixels, C, (list, to) =>
      build.kernels.softmax(from(list), list.length, C, Number(log), to),
    );
    pixels.forEach((pixel, k) => {
      const channels = Array.from({length: C}, (_, c) => input.value(pixel >> 2, pixel & 3, c));
      const expected = softmaxOf(channels, log);
      const scale = log ? Math.max(1, ...channels.map(Math.abs)) : 1;
      expectClose(actual.slice(k * C, (k + 1) * C), (c) => ({value: expected[c], scale}), 1e-6);
    });
    const byKind = build.output(pixels.length * C, (to) =>
      build.kernels.activate(from(pixels), pixels.length, C, log ? 11 : 10, 0, to),
    );
    expectSame(byKind, actual);
  },
);

each('a probability that is too small for a float is 0', (build) => {
  const at = build.floats([0, -200, -3]);
  const actual = build.output(3, (to) => build.kernels.softmax(build.words([at]), 1, 3, 0, to));
  expect(actual[1]).toBe(0);
  expect(isClose(actual[2], Math.exp(-3) / (1 + Math.exp(-3)), 1)).toBe(true);
});
