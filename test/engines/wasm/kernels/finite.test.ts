/** Whether a frame holds what is not finite: among set pixels or all, whatever lies between and behind them. */
import * as fc from 'fast-check';
import {Region} from '../../../../src/region';
import {property} from './harness';

const shapes = fc.record({
  H: fc.integer({min: 1, max: 3}),
  W: fc.oneof(fc.integer({min: 1, max: 12}), fc.constantFrom(31, 32, 33, 63, 64, 65, 97)),
  C: fc.integer({min: 1, max: 9}),
  extra: fc.constantFrom(0, 0, 1, 3),
  odd: fc.constantFrom(NaN, -NaN, Infinity, -Infinity, 3.4e38, 1e-45),
  places: fc.nat(2),
  infinite: fc.boolean(),
});

property('holdsOdd: among all pixels, and among those that are set', shapes, (build, shape, random) => {
  const {H, W, C, extra, odd, places, infinite} = shape;
  const stride = C + extra;
  // What lies between pixels and behind them is of no account.
  const frame = new Float32Array(H * W * stride + 4).fill(Infinity);
  const pixels = Array.from({length: H * W}, () => false);
  const set = pixels.map(() => random.below(2) === 0);
  for (let pixel = 0; pixel < pixels.length; pixel++)
    for (let c = 0; c < C; c++) frame[pixel * stride + c] = random.below(9) - 4;
  for (let i = 0; i < places; i++) {
    const pixel = random.below(pixels.length);
    frame[pixel * stride + random.below(C)] = odd;
    pixels[pixel] = infinite ? Math.abs(odd) === Infinity : !Number.isFinite(odd);
  }
  const args = [build.floats(frame), stride, H, W, C] as const;
  const mask = build.words(Region.fromMask(H, W, set).words);
  const found = (of: number) => build.kernels.holdsOdd(...args, of, Number(infinite));
  expect(found(0)).toBe(Number(pixels.some((is) => is)));
  expect(found(mask)).toBe(Number(pixels.some((is, i) => is && set[i])));
});
