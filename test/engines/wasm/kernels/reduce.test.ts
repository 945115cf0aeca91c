/** Partial results of blocks, and their sums and maxima. */
import * as fc from 'fast-check';
import {expectClose, expectSame, plane, property, type Build} from './harness';

const round4 = (n: number) => Math.ceil(n / 4) * 4;

const planes = {
  H: fc.integer({min: 1, max: 6}),
  W: fc.integer({min: 1, max: 6}),
  C: fc.integer({min: 1, max: 23}),
  B: fc.integer({min: 1, max: 9}),
};

/** Runs a kernel on listed blocks, one list for all and one for each; both give the same, and no other block is written. */
function inBlocks(
  build: Build,
  {all, blocks, values}: {all: number; blocks: number[]; values: number},
  run: (list: number, count: number, partials: number) => void,
): Float32Array {
  const space = () => build.space(4 * all * values);
  const [together, oneByOne] = [space(), space()];
  run(build.words(blocks), blocks.length, together);
  for (const block of blocks) run(build.words([block]), 1, oneByOne);
  expectSame(build.read(oneByOne, all * values), build.read(together, all * values));
  for (let block = 0; block < all; block++) {
    if (!blocks.includes(block)) build.expectUntouched(together + 4 * block * values, 4 * values);
  }
  return build.read(together, all * values);
}

property(
  'denseBlocks',
  fc.record({
    ...planes,
    units: fc.constantFrom(1, 3, 4, 6, 8, 11, 12, 18, 20, 32, 36, 71),
    wild: fc.boolean(),
  }),
  (build, {H, W, C, B, units, wild}, random) => {
    const U4 = round4(units);
    const pixels = H * W;
    const input = plane(build, H, W, C, wild ? random.wildValues(pixels * C) : random.values(pixels * C));
    const kernel = random.values(pixels * C * units);
    const weights = build.floats(kernel);
    const all = Math.ceil(pixels / B);
    const blocks = random.some(all);
    const partials = inBlocks(build, {all, blocks, values: U4}, (list, count, to) =>
      build.kernels.denseBlocks(list, count, B, pixels, W, input.base, input.rowBytes, C, weights, units, to),
    );
    for (const block of blocks) {
      expectClose(partials.subarray(block * U4, block * U4 + units), (u) => {
        let value = 0;
        let scale = 0;
        for (let pixel = block * B; pixel < Math.min(pixels, block * B + B); pixel++) {
          for (let c = 0; c < C; c++) {
            const x = input.value(Math.floor(pixel / W), pixel % W, c);
            const product = x * kernel[(pixel * C + c) * units + u];
            value += product;
            scale += Math.abs(product);
          }
        }
        return {value, scale};
      });
    }
  },
);

/** Several numbers as one. */
function reduced(values: number[], maximum: boolean): {value: number; scale: number} {
  const value = maximum ? Math.max(...values) : values.reduce((a, b) => a + b, 0);
  return {value, scale: maximum ? 0 : values.reduce((a, b) => a + Math.abs(b), 0)};
}

property(
  'poolBlocks',
  fc.record({...planes, maximum: fc.boolean(), wild: fc.boolean()}),
  (build, {H, W, C, B, maximum, wild}, random) => {
    const C4 = round4(C);
    const pixels = H * W;
    const input = plane(build, H, W, C, wild ? random.wildValues(pixels * C) : random.values(pixels * C));
    const all = Math.ceil(pixels / B);
    const blocks = random.some(all);
    const {base, rowBytes} = input;
    const partials = inBlocks(build, {all, blocks, values: C4}, (list, count, to) =>
      build.kernels.poolBlocks(list, count, B, pixels, W, base, rowBytes, C, C4, Number(maximum), to),
    );
    for (const block of blocks) {
      const own = Array.from({length: Math.min(pixels - block * B, B)}, (_, k) => block * B + k);
      expectClose(partials.subarray(block * C4, block * C4 + C), (c) =>
        reduced(
          own.map((pixel) => input.value(Math.floor(pixel / W), pixel % W, c)),
          maximum,
        ),
      );
    }
  },
);

property(
  'reduceGroups',
  fc.record({
    blocks: fc.integer({min: 1, max: 30}),
    perGroup: fc.integer({min: 1, max: 8}),
    units: fc.integer({min: 1, max: 21}),
    maximum: fc.boolean(),
    wild: fc.boolean(),
  }),
  (build, {blocks, perGroup, units, maximum, wild}, random) => {
    const U4 = round4(units);
    const values = wild ? random.wildValues(blocks * U4) : random.values(blocks * U4);
    const partials = build.floats(values);
    const all = Math.ceil(blocks / perGroup);
    const groups = random.some(all);
    const sums = inBlocks(build, {all, blocks: groups, values: U4}, (list, count, to) =>
      build.kernels.reduceGroups(list, count, perGroup, blocks, U4, partials, to, Number(maximum)),
    );
    for (const group of groups) {
      const own = Array.from(
        {length: Math.min(perGroup, blocks - group * perGroup)},
        (_, k) => group * perGroup + k,
      );
      expectClose(sums.subarray(group * U4, (group + 1) * U4), (u) =>
        reduced(
          own.map((block) => values[block * U4 + u]),
          maximum,
        ),
      );
    }
  },
);

property(
  'reduceTotal',
  fc.record({
    groups: fc.integer({min: 1, max: 20}),
    units: fc.integer({min: 1, max: 21}),
    biased: fc.boolean(),
    factor: fc.constantFrom(1, 0.125, 1 / 49),
    maximum: fc.boolean(),
    wild: fc.boolean(),
  }),
  (build, {groups, units, biased, factor, maximum, wild}, random) => {
    const U4 = round4(units);
    const values = wild ? random.wildValues(groups * U4) : random.values(groups * U4);
    const bias = random.values(U4);
    const sums = build.floats(values);
    const b = biased ? build.floats(bias) : 0;
    const actual = build.output(U4, (to) =>
      build.kernels.reduceTotal(sums, groups, U4, b, factor, Number(maximum), to),
    );
    expectClose(actual, (u) => {
      const {value, scale} = reduced(
        Array.from({length: groups}, (_, g) => values[g * U4 + u]),
        maximum,
      );
      const total = value * Math.fround(factor) + (biased ? bias[u] : 0);
      return {value: total, scale: scale + Math.abs(total) + 3};
    });
  },
);
