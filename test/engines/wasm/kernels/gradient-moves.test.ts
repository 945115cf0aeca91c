/**
 * Back through ops that weigh little, against sums in double precision: each value's gradient goes to where the value came
 * from, and nowhere else.
 */
import * as fc from 'fast-check';
import {Activation, prefixOf, rowsOf, sumsOver} from './gradients';
import {coordinates, DATA, property, type Build, type Random} from './harness';

// Looking up globals is slow in jest's sandbox.
const {floor, fround, min} = Math;

const side = fc.integer({min: 1, max: 6});
const channels = fc.integer({min: 1, max: 9});
const planes = fc.record({H: side, W: side, C: channels});

interface Plane {
  readonly H: number;
  readonly W: number;
  readonly C: number;
}

function activationOf(build: Build, {H, W, C}: Plane, random: Random): Activation {
  return new Activation(build, H, W, C, random.values(H * W * C), random);
}

property(
  'meanGradient gives each listed pixel its share of what ran up since it last got any, and notes that it has it',
  fc.record({shape: planes, frames: fc.integer({min: 1, max: 4}), large: fc.constantFrom(0, 1e9)}),
  (build, {shape, frames, large}, random) => {
    const {H, W, C} = shape;
    const activation = activationOf(build, shape, random);
    const {base, rowBytes} = activation.input;
    const width = C + random.below(4);
    const prefix = prefixOf(build, frames, C, width, large, random);
    const now = random.below(frames + 1);
    const last = Uint32Array.from({length: H * W}, () => now + random.below(frames + 1 - now));
    const lastAt = build.words(last);
    const pixels = random.some(H * W);
    const {ys, xs} = coordinates(build, pixels, W);
    const sums = [prefix.at, width, lastAt, now] as const;
    const input = [pixels.length, W, base, rowBytes, C] as const;
    build.kernels.meanGradient(ys, xs, ...input, ...sums, activation.gOffset, 1 / (H * W));
    for (const pixel of pixels) {
      for (let c = 0; c < C; c++) {
        const gradient = prefix.between(now, last[pixel], c) / (H * W);
        activation.add(floor(pixel / W), pixel % W, c, gradient);
      }
    }
    activation.expect();
    const noted = last.map((until, pixel) => (pixels.includes(pixel) ? now : until));
    expect(build.wordsAt(lastAt, last.length)).toEqual(noted);
  },
);

/** Few different values, so that many are equal; some are no numbers. */
function tied(count: number, random: Random): Float32Array {
  return Float32Array.from({length: count}, () => [0, 1, 1, 2, -Infinity, NaN][random.below(6)]);
}

property(
  'poolGradient goes to all taps of a window that lie in the plane alike, or to the first of the largest',
  fc.record({
    shape: planes,
    kernel: fc.tuple(fc.integer({min: 1, max: 4}), fc.integer({min: 1, max: 4})),
    strides: fc.tuple(fc.integer({min: 1, max: 3}), fc.integer({min: 1, max: 3})),
    dilation: fc.constantFrom(1, 1, 2, 3),
    average: fc.boolean(),
  }),
  (build, {shape: {H, W, C}, kernel, strides: [sh, sw], dilation, average}, random) => {
    const activation = new Activation(build, H, W, C, tied(H * W * C, random), random);
    const {base, rowBytes, value} = activation.input;
    // Windows may lie in the padding, all of them.
    const pad = [random.below(kernel[0] + 2), random.below(kernel[1] + 2)] as const;
    const outW = floor((W + pad[1]) / sw) + 1;
    const pixels = random.some((floor((H + pad[0]) / sh) + 1) * outW);
    const rows = rowsOf(build, pixels.length, C, random);
    const {ys, xs} = coordinates(build, pixels, outW);
    const window = [...kernel, sh, sw, dilation, dilation, ...pad, Number(average)] as const;
    const from = [activation.gOffset, rows.at, rows.pitch] as const;
    build.kernels.poolGradient(ys, xs, pixels.length, base, rowBytes, H, W, C, ...window, ...from);

    const tapsOf = (pixel: number) => {
      const taps: (readonly [number, number])[] = [];
      for (let k = 0; k < kernel[0] * kernel[1]; k++) {
        const y = floor(pixel / outW) * sh - pad[0] + floor(k / kernel[1]) * dilation;
        const x = (pixel % outW) * sw - pad[1] + (k % kernel[1]) * dilation;
        if (y >= 0 && y < H && x >= 0 && x < W) taps.push([y, x]);
      }
      return taps;
    };
    pixels.forEach((pixel, i) => {
      const taps = tapsOf(pixel);
      for (let c = 0; c < C && taps.length > 0; c++) {
        const gradient = rows.value(i, c);
        // Of taps that hold no number, the first.
        const isLarger = (a: readonly [number, number], b: readonly [number, number]) =>
          value(...a, c) > value(...b, c) || (Number.isNaN(value(...b, c)) && value(...a, c) > -Infinity);
        const largest = taps.reduce((best, tap) => (isLarger(tap, best) ? tap : best));
        if (average) taps.forEach((tap) => activation.add(...tap, c, gradient / taps.length));
        else activation.add(...largest, c, gradient);
      }
    });
    activation.expect();
  },
);

property(
  'addPixels takes some of the channels, and passes over pixels that are nowhere',
  planes,
  (build, shape, random) => {
    const {W, C} = shape;
    const activation = activationOf(build, {...shape, H: 1}, random);
    const there = random.some(W);
    const [skip, after] = [random.below(9), random.below(9)];
    const addresses = Array.from({length: W}, (_, x) =>
      there.includes(x) ? activation.input.address(0, x) : 0,
    );
    const {at, pitch, value} = rowsOf(build, W, skip + C + after, random);
    const nowhere = build.bytes(0, DATA);
    build.kernels.addPixels(build.words(addresses), W, C, activation.gOffset, at, pitch, skip, 1);
    expect(Buffer.from(nowhere).equals(build.bytes(0, DATA))).toBe(true);
    for (const x of there) for (let c = 0; c < C; c++) activation.add(0, x, c, value(x, skip + c));
    activation.expect();
  },
);

property(
  'spreadGradient goes to the pixels that each listed one lies between, in the shares it was mixed from them',
  fc.record({shape: planes, fh: fc.integer({min: 1, max: 4}), fw: fc.integer({min: 1, max: 4})}),
  (build, {shape, fh, fw}, random) => {
    const {H, W, C} = shape;
    const activation = activationOf(build, shape, random);
    const {base, rowBytes} = activation.input;
    const pixels = random.some(H * fh * W * fw);
    const {ys, xs} = coordinates(build, pixels, W * fw);
    const {at, pitch, value} = rowsOf(build, pixels.length, C, random);
    const input = [pixels.length, base, rowBytes, H, W, C, fh, fw] as const;
    build.kernels.spreadGradient(ys, xs, ...input, activation.gOffset, at, pitch);
    /** The places along a side between which one lies, and their shares; past the last there is none but it. */
    const between = (place: number, factor: number, size: number) => {
      const share = fround((place % factor) / factor);
      const first = floor(place / factor);
      return [
        {place: first, share: 1 - share},
        {place: min(first + 1, size - 1), share},
      ].filter((one) => one.share > 0);
    };
    pixels.forEach((pixel, i) => {
      for (const y of between(floor(pixel / (W * fw)), fh, H)) {
        for (const x of between(pixel % (W * fw), fw, W)) {
          for (let c = 0; c < C; c++) activation.add(y.place, x.place, c, y.share * x.share * value(i, c));
        }
      }
    });
    activation.expect();
  },
);

/** One of the numbers that divide another. */
function divisor(of: number, random: Random): number {
  const all = Array.from({length: of}, (_, i) => i + 1).filter((size) => of % size === 0);
  return all[random.below(all.length)];
}

property(
  'valuesGradient goes to the same value of a plane of another shape',
  planes,
  (build, shape, random) => {
    const {H, W, C} = shape;
    const activation = activationOf(build, shape, random);
    const {base, rowBytes} = activation.input;
    const outC = divisor(H * W * C, random);
    const outPixels = (H * W * C) / outC;
    const outW = divisor(outPixels, random);
    const pixels = random.some(outPixels);
    const {ys, xs} = coordinates(build, pixels, outW);
    const {at, pitch, value} = rowsOf(build, pixels.length, outC, random);
    const input = [base, rowBytes, W * C, activation.gOffset] as const;
    build.kernels.valuesGradient(ys, xs, pixels.length, outW, outC, ...input, at, pitch);
    pixels.forEach((pixel, i) => {
      for (let c = 0; c < outC; c++) {
        const number = pixel * outC + c;
        activation.add(floor(number / (W * C)), floor(number / C) % W, number % C, value(i, c));
      }
    });
    activation.expect();
  },
);

const parametrized = fc.record({shape: planes, perPixel: fc.boolean(), needsInput: fc.boolean()});

property(
  'normalizeGradient goes to a batch norm’s scale and offset, and to its input',
  parametrized,
  (build, {shape, perPixel, needsInput}, random) => {
    const {H, W, C} = shape;
    const activation = activationOf(build, shape, random);
    const pixels = random.some(H * W);
    const length = perPixel ? H * W * C : C;
    const [mean, scale] = [random.values(length), random.values(length)];
    const [toScale, toOffset] = [mean, scale].map(() => sumsOver(build, random.values(length)));
    const {ys, xs} = coordinates(build, pixels, W);
    const {at, pitch, value} = rowsOf(build, pixels.length, C, random);
    const parameters = [build.floats(mean), build.floats(scale), Number(perPixel), ys, xs, W] as const;
    const input = [addressesOf(build, activation, pixels, W), pixels.length, C] as const;
    const rows = [activation.gOffset, Number(needsInput), at, pitch] as const;
    build.kernels.normalizeGradient(...input, ...parameters, ...rows, toScale.at, toOffset.at);
    forEachValue(pixels, shape, perPixel, ({i, y, x, c, own}) => {
      toScale.add(own, value(i, c) * (activation.input.value(y, x, c) - mean[own]));
      toOffset.add(own, value(i, c));
      if (needsInput) activation.add(y, x, c, value(i, c) * scale[own]);
    });
    [toScale, toOffset, activation].forEach((sums) => sums.expect());
  },
);

property(
  'preluGradient goes to the slopes and to the input; at 0 it is that of the negative side',
  parametrized,
  (build, {shape, perPixel, needsInput}, random) => {
    const {H, W, C} = shape;
    const values = random.values(H * W * C).map((value) => (random.below(5) === 0 ? 0 : value));
    const activation = new Activation(build, H, W, C, values, random);
    const pixels = random.some(H * W);
    const slopes = random.values(perPixel ? H * W * C : C);
    const toSlopes = sumsOver(build, random.values(slopes.length));
    const {ys, xs} = coordinates(build, pixels, W);
    const {at, pitch, value} = rowsOf(build, pixels.length, C, random);
    const input = [addressesOf(build, activation, pixels, W), pixels.length, C] as const;
    const parameters = [build.floats(slopes), Number(perPixel), ys, xs, W] as const;
    const rows = [activation.gOffset, Number(needsInput), at, pitch] as const;
    build.kernels.preluGradient(...input, ...parameters, ...rows, toSlopes.at);
    forEachValue(pixels, shape, perPixel, ({i, y, x, c, own}) => {
      const given = activation.input.value(y, x, c);
      if (given <= 0) toSlopes.add(own, value(i, c) * given);
      if (needsInput) activation.add(y, x, c, value(i, c) * (given > 0 ? 1 : slopes[own]));
    });
    [toSlopes, activation].forEach((sums) => sums.expect());
  },
);

function addressesOf(build: Build, {input}: Activation, pixels: readonly number[], W: number): number {
  return build.words(pixels.map((pixel) => input.address(floor(pixel / W), pixel % W)));
}

/** A value of a listed pixel, the `i`th, and which of the parameters is its own. */
interface Value {
  readonly i: number;
  readonly y: number;
  readonly x: number;
  readonly c: number;
  readonly own: number;
}

function forEachValue(
  pixels: readonly number[],
  {W, C}: Plane,
  perPixel: boolean,
  see: (value: Value) => void,
): void {
  pixels.forEach((pixel, i) => {
    const [y, x] = [floor(pixel / W), pixel % W];
    for (let c = 0; c < C; c++) see({i, y, x, c, own: perPixel ? pixel * C + c : c});
  });
}

property('addPlane adds a plane of gradients to all pixels', planes, (build, shape, random) => {
  const {H, W, C} = shape;
  const activation = activationOf(build, shape, random);
  const {base, rowBytes} = activation.input;
  const values = random.values(H * W * C);
  build.kernels.addPlane(build.floats(values), base, rowBytes, H, W, C, activation.gOffset);
  values.forEach((value, i) => activation.add(floor(i / (W * C)), floor(i / C) % W, i % C, value));
  activation.expect();
});
