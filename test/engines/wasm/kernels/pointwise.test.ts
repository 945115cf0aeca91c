/** Batch normalisation and PReLU of listed pixels, with parameters for a channel or for each value of the plane. */
import * as fc from 'fast-check';
import {coordinates, expectClose, expectInPlace, flagsFor, listed, plane, property} from './harness';

const shapes = fc.record({
  H: fc.integer({min: 1, max: 5}),
  W: fc.integer({min: 1, max: 5}),
  C: fc.integer({min: 1, max: 11}),
  perPixel: fc.boolean(),
});

property('normalize', shapes, (build, {H, W, C, perPixel}, random) => {
  const input = plane(build, H, W, C, random.wildValues(H * W * C));
  const size = perPixel ? H * W * C : C;
  const [mean, scale, beta] = [random.values(size), random.values(size), random.values(size)];
  const [m, s, b] = [mean, scale, beta].map((values) => build.floats(values));
  const pixels = random.some(H * W);
  const actual = listed(build, pixels, C, (list, to) => {
    const {ys, xs} = coordinates(build, list, W);
    const from = build.words(list.map((pixel) => input.address(Math.floor(pixel / W), pixel % W)));
    build.kernels.normalize(from, list.length, C, m, s, b, Number(perPixel), ys, xs, W, to);
  });
  expectClose(actual, (i) => {
    const pixel = pixels[Math.floor(i / C)];
    const x = input.value(Math.floor(pixel / W), pixel % W, i % C);
    const k = (perPixel ? pixel * C : 0) + (i % C);
    return {value: (x - mean[k]) * scale[k] + beta[k], scale: (Math.abs(x) + 3) * 3 + 3};
  });
});

const clamped = fc.record({
  shape: shapes,
  bounds: fc.constantFrom([-Infinity, Infinity], [0, Infinity], [0, 1.5]),
});

property('normalizeInPlace', clamped, (build, {shape: {H, W, C}, bounds: [low, high]}, random) => {
  const input = plane(build, H, W, C, random.wildValues(H * W * C));
  const parameters = [random.values(C), random.values(C), random.values(C)];
  const [mean, scale, beta] = parameters;
  const [m, s, b] = parameters.map((values) => build.floats(values));
  const run = (pixels: readonly number[], to: number) => {
    const from = build.words(pixels.map((p) => input.address(Math.floor(p / W), p % W)));
    const output = build.words(pixels.map((p) => to + 4 * p * C));
    const flags = flagsFor(build, pixels);
    build.kernels.normalizeInPlace(from, pixels.length, C, m, s, b, low, high, output, flags);
    return build.bytes(flags, pixels.length);
  };
  const expected = (p: number, c: number) => {
    const x = input.value(Math.floor(p / W), p % W, c);
    const value = (x - mean[c]) * scale[c] + beta[c];
    return {value: value < low ? low : value > high ? high : value, scale: (Math.abs(x) + 3) * 3 + 3};
  };
  expectInPlace(build, random, {count: H * W, C}, run, expected);
});

property('prelu', shapes, (build, {H, W, C, perPixel}, random) => {
  const input = plane(build, H, W, C, random.wildValues(H * W * C));
  const alpha = random.values(perPixel ? H * W * C : C);
  const a = build.floats(alpha);
  const pixels = random.some(H * W);
  const actual = listed(build, pixels, C, (list, to) => {
    const {ys, xs} = coordinates(build, list, W);
    const from = build.words(list.map((pixel) => input.address(Math.floor(pixel / W), pixel % W)));
    build.kernels.prelu(from, list.length, C, a, Number(perPixel), ys, xs, W, to);
  });
  expectClose(actual, (i) => {
    const pixel = pixels[Math.floor(i / C)];
    const x = input.value(Math.floor(pixel / W), pixel % W, i % C);
    return {value: x < 0 ? alpha[(perPixel ? pixel * C : 0) + (i % C)] * x : x};
  });
});
