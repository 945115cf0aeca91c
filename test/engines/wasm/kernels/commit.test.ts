/** Writing values where they belong, with flags for what changed; and saving and restoring what was there. */
import * as fc from 'fast-check';
import {expectSame, property, type Build, type Random} from './harness';

const shapes = fc.record({n: fc.integer({min: 1, max: 9}), C: fc.integer({min: 1, max: 13})});
const {is} = Object;

/** Pixels that lie apart, in an order of their own, and new values of which some are the old ones. */
function pixels(build: Build, n: number, C: number, random: Random) {
  const pitch = C + 3;
  const old = random.wildValues(n * pitch);
  const at = build.floats(old);
  const places = Array.from({length: n}, (_, i) => (n - 1 - i) * pitch);
  const addresses = build.words(places.map((place) => at + 4 * place));
  const values = new Float32Array(n * C);
  places.forEach((place, i) => {
    for (let c = 0; c < C; c++)
      values[i * C + c] = random.below(2 * C) === 0 ? random.wildValues(1)[0] : old[place + c];
  });
  const pairs = (i: number) =>
    Array.from({length: C}, (_, c) => ({value: values[i * C + c], old: old[places[i] + c], c}));
  const after = (written: readonly boolean[]) => {
    const expected = old.slice();
    written.forEach((isWritten, i) => {
      if (isWritten) expected.set(values.subarray(i * C, (i + 1) * C), places[i]);
    });
    return expected;
  };
  return {at, addresses, from: build.floats(values), pairs, after, read: () => build.read(at, old.length)};
}

const list = Array.from({length: 9}, (_, i) => i);
const pixelOf = (words: Uint32Array, i: number, C: number) => words.subarray(i * C, (i + 1) * C);

property(
  'commitExact writes all, and flags those in which a bit differs',
  shapes,
  (build, {n, C}, random) => {
    const {addresses, from, pairs, after, read} = pixels(build, n, C, random);
    const flags = build.space(n);
    build.kernels.commitExact(from, n, C, addresses, flags);
    const differs = list.slice(0, n).map((i) => pairs(i).some(({value, old}) => !is(value, old)));
    expect([...build.bytes(flags, n)]).toEqual(differs.map(Number));
    expectSame(read(), after(differs.map(() => true)));
    build.expectUntouched(flags + n, 16);
  },
);

property('commitExact tells bits apart, whatever they stand for', shapes, (build, {n, C}, random) => {
  const old = Uint32Array.from({length: n * C}, () => random.word());
  // Some with another sign: of zeros and of what is not a number too.
  const values = old.map((word) => (random.below(3 * C) === 0 ? word ^ 0x80000000 : word));
  const to = build.words(old);
  const addresses = build.words(Array.from({length: n}, (_, i) => to + 4 * C * i));
  const flags = build.space(n);
  build.kernels.commitExact(build.words(values), n, C, addresses, flags);
  const differs = list
    .slice(0, n)
    .map((i) => pixelOf(values, i, C).some((word, c) => word !== old[i * C + c]));
  expect([...build.bytes(flags, n)]).toEqual(differs.map(Number));
  expect([...build.wordsAt(to, n * C)]).toEqual([...values]);
});

property(
  'commitWithin writes, whole, the pixels that have a channel over its tolerance',
  shapes,
  (build, {n, C}, random) => {
    const {addresses, from, pairs, after, read} = pixels(build, n, C, random);
    const tolerances = random.values(C).map((value) => Math.max(0, value));
    const flags = build.space(n);
    build.kernels.commitWithin(from, n, C, build.floats(tolerances), addresses, flags);
    const isOver = list
      .slice(0, n)
      .map((i) => pairs(i).some(({value, old, c}) => !(Math.abs(Math.fround(value - old)) <= tolerances[c])));
    expect([...build.bytes(flags, n)]).toEqual(isOver.map(Number));
    expectSame(read(), after(isOver));
  },
);

property('restorePixels puts back what savePixels saved', shapes, (build, {n, C}, random) => {
  const {addresses, from, after, read} = pixels(build, n, C, random);
  const before = read();
  const saved = build.space(4 * n * C);
  build.kernels.savePixels(addresses, n, 4 * C, saved);
  build.expectUntouched(saved + 4 * n * C, 16);
  const flags = build.space(n);
  build.kernels.commitExact(from, n, C, addresses, flags);
  expectSame(read(), after(list.slice(0, n).map(() => true)));
  build.kernels.restorePixels(addresses, n, 4 * C, saved);
  expectSame(read(), before);
});
