/** Sums of squares, channel by channel, in float64. */
import * as fc from 'fast-check';
import {plane, property} from './harness';

const shapes = fc.record({
  H: fc.integer({min: 1, max: 5}),
  W: fc.integer({min: 1, max: 9}),
  C: fc.integer({min: 1, max: 11}),
});

property('sumSquares adds pixel after pixel', shapes, (build, {H, W, C}, random) => {
  const values = random.wildValues(H * W * C);
  const {base, rowBytes} = plane(build, H, W, C, values);
  const sums = build.space(8 * C);
  build.kernels.sumSquares(base, rowBytes, H, W, C, sums);
  const expected = new Float64Array(C);
  values.forEach((value, i) => (expected[i % C] += value * value));
  expect(new Float64Array(build.memory.buffer.slice(sums, sums + 8 * C))).toEqual(expected);
  build.expectUntouched(sums + 8 * C, 16);
});
