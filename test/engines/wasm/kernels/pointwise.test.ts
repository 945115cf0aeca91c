/** Batch and layer normalisation and PReLU of listed pixels, with parameters for a channel or for each value of the plane. */
import * as fc from 'fast-check';
import {Activation, rowsOf, sumsOver} from './gradients';
import {coordinates, expectClose, expectInPlace, flagsFor, listed, plane, property} from './harness';
import type {Build, InMemory, Random} from './harness';

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

const layers = fc.record({
  H: fc.integer({min: 1, max: 4}),
  W: fc.integer({min: 1, max: 4}),
  C: fc.integer({min: 1, max: 21}),
  epsilon: fc.constantFrom(1e-3, 1e-6, 0.5),
  /** How far from 0 the values lie. */
  offset: fc.constantFrom(0, 0, 500, -3000),
});

/** Pixels of which some hold one value only, and some what is no number. */
function layerValues(count: number, C: number, offset: number, random: Random): Float32Array {
  const values = random.values(count * C).map((value) => value + offset);
  for (let p = 0; p < count; p++) {
    const kind = random.below(8);
    if (kind === 0) values.fill(values[p * C], p * C, (p + 1) * C);
    if (kind === 1) values[p * C + random.below(C)] = [NaN, Infinity, -Infinity][random.below(3)];
  }
  return values;
}

/** A pixel less its mean, and 1 / √(variance + epsilon), in double precision. */
function normalizedOf({value}: InMemory, y: number, x: number, C: number, epsilon: number) {
  const values = Array.from({length: C}, (_, c) => value(y, x, c));
  const mean = values.reduce((sum, one) => sum + one, 0) / C;
  const variance = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / C;
  const inverse = 1 / Math.sqrt(variance + epsilon);
  return {normalized: values.map((one) => (one - mean) * inverse), inverse};
}

const addressesOf = (build: Build, {address}: InMemory, pixels: readonly number[], W: number): number =>
  build.words(pixels.map((pixel) => address(Math.floor(pixel / W), pixel % W)));

property('layerNormalize', layers, (build, {H, W, C, epsilon, offset}, random) => {
  const input = plane(build, H, W, C, layerValues(H * W, C, offset, random));
  const [gamma, beta] = [random.values(C), random.values(C)];
  const [g, b] = [build.floats(gamma), build.floats(beta)];
  const pixels = random.some(H * W);
  const actual = listed(build, pixels, C, (list, to) => {
    build.kernels.layerNormalize(addressesOf(build, input, list, W), list.length, C, g, b, epsilon, to);
  });
  expectClose(actual, (i) => {
    const pixel = pixels[Math.floor(i / C)];
    const {normalized} = normalizedOf(input, Math.floor(pixel / W), pixel % W, C, epsilon);
    const value = normalized[i % C] * gamma[i % C] + beta[i % C];
    return {value, scale: 3 * (1 + Math.max(...normalized.map(Math.abs)))};
  });
});

property('layerNormalizeInPlace', layers, (build, {H, W, C, epsilon, offset}, random) => {
  const input = plane(build, H, W, C, layerValues(H * W, C, offset, random));
  const [gamma, beta] = [random.values(C), random.values(C)];
  const [g, b] = [build.floats(gamma), build.floats(beta)];
  const run = (pixels: readonly number[], to: number) => {
    const output = build.words(pixels.map((p) => to + 4 * p * C));
    const flags = flagsFor(build, pixels);
    const from = addressesOf(build, input, pixels, W);
    build.kernels.layerNormalizeInPlace(from, pixels.length, C, g, b, epsilon, output, flags);
    return build.bytes(flags, pixels.length);
  };
  expectInPlace(build, random, {count: H * W, C}, run, (p, c) => {
    const {normalized} = normalizedOf(input, Math.floor(p / W), p % W, C, epsilon);
    return {
      value: normalized[c] * gamma[c] + beta[c],
      scale: 3 * (1 + Math.max(...normalized.map(Math.abs))),
    };
  });
});

property(
  'layerNormalizeGradient goes to gamma and beta, and to all channels of the pixel',
  fc.record({shape: layers, needsInput: fc.boolean()}),
  (build, {shape: {H, W, C, epsilon}, needsInput}, random) => {
    const activation = new Activation(build, H, W, C, random.values(H * W * C), random);
    const {input} = activation;
    const pixels = random.some(H * W);
    const gamma = random.values(C);
    const g = build.floats(gamma);
    const [toGamma, toBeta] = [gamma, gamma].map(() => sumsOver(build, random.values(C)));
    const {at, pitch, value} = rowsOf(build, pixels.length, C, random);
    const sources = addressesOf(build, input, pixels, W);
    const rows = [activation.gOffset, Number(needsInput), at, pitch] as const;
    build.kernels.layerNormalizeGradient(
      sources,
      pixels.length,
      C,
      g,
      epsilon,
      ...rows,
      toGamma.at,
      toBeta.at,
    );
    pixels.forEach((pixel, i) => {
      const [y, x] = [Math.floor(pixel / W), pixel % W];
      const {normalized, inverse} = normalizedOf(input, y, x, C, epsilon);
      const own = normalized.map((_, c) => value(i, c) * gamma[c]);
      const meanOf = (of: (c: number) => number) => own.reduce((sum, _, c) => sum + of(c), 0) / C;
      const mean = meanOf((c) => own[c]);
      const product = meanOf((c) => own[c] * normalized[c]);
      normalized.forEach((one, c) => {
        toGamma.add(c, value(i, c) * one);
        toBeta.add(c, value(i, c));
        if (!needsInput) return;
        for (const part of [own[c], -mean, -one * product]) activation.add(y, x, c, part * inverse);
      });
    });
    [toGamma, toBeta, activation].forEach((sums) => sums.expect());
  },
);
