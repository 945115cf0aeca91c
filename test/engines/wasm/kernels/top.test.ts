/** The largest values of a plane, and their places. */
import * as fc from 'fast-check';
import {expectSame, property} from './harness';

const shapes = fc.record({
  rows: fc.integer({min: 1, max: 5}),
  length: fc.integer({min: 1, max: 90}),
  gap: fc.integer({min: 0, max: 9}),
  k: fc.integer({min: 1, max: 20}),
  /** Of how many different values: few make many equal ones. */
  values: fc.integer({min: 1, max: 400}),
});

property('topValues: in falling order, of equal ones the first first', shapes, (build, shape, random) => {
  const {rows, length, gap, values} = shape;
  const k = Math.min(shape.k, rows * length);
  const all = Array.from({length: rows * length}, () => random.below(values) - values / 2);
  const pitch = length + gap;
  const plane = new Float32Array(rows * pitch).fill(1e9);
  all.forEach((value, i) => (plane[Math.floor(i / length) * pitch + (i % length)] = value));
  const found = build.space(4 * k);
  const places = build.space(4 * k);
  build.kernels.topValues(build.floats(plane), rows, length, 4 * pitch, k, found, places);
  const order = all.map((_, i) => i).sort((a, b) => all[b] - all[a] || a - b);
  const expected = order.slice(0, k);
  expect([...build.wordsAt(places, k)]).toEqual(expected);
  expectSame(
    build.read(found, k),
    Float32Array.from(expected, (i) => all[i]),
  );
  build.expectUntouched(found + 4 * k, 16);
  build.expectUntouched(places + 4 * k, 16);
});

property(
  'topValues: what is not a number comes after every number',
  fc.record({numbers: fc.integer({min: 1, max: 40}), others: fc.integer({min: 1, max: 40})}),
  (build, {numbers, others}, random) => {
    const all = Array.from({length: numbers + others}, (_, i) => (i < numbers ? i : NaN));
    all.sort(() => random.below(2) - 0.5);
    const found = build.space(4 * numbers);
    const places = build.space(4 * numbers);
    build.kernels.topValues(build.floats(all), 1, all.length, 4 * all.length, numbers, found, places);
    expectSame(
      build.read(found, numbers),
      Float32Array.from({length: numbers}, (_, i) => numbers - 1 - i),
    );
  },
);
