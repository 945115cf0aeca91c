/** Lists of pixels, of addresses and of blocks, against plain loops. */
import * as fc from 'fast-check';
import {Region} from '../../../../src/region';
import {coordinates, each, expectSame, plane, property, type Build, type Random} from './harness';

const planes = fc.record({
  H: fc.integer({min: 1, max: 5}),
  W: fc.oneof(fc.integer({min: 1, max: 12}), fc.constantFrom(31, 32, 33, 64, 65)),
  C: fc.integer({min: 1, max: 9}),
});

const numbers = (build: Build, at: number, count: number) => [...build.wordsAt(at, count)];

/** Some pixels of a plane, as a mask and as numbers. */
function pixelsOf(build: Build, H: number, W: number, random: Random) {
  const pixels = random.some(H * W);
  const bits = new Uint8Array(H * W);
  for (const pixel of pixels) bits[pixel] = 1;
  const region = Region.fromMask(H, W, bits);
  return {pixels, region, mask: build.words(region.words)};
}

property('listPixels lists what is set, row by row', planes, (build, {H, W}, random) => {
  const {pixels, mask} = pixelsOf(build, H, W, random);
  const [ys, xs] = [build.space(4 * H * W), build.space(4 * H * W)];
  expect(build.kernels.listPixels(mask, H, W, ys, xs)).toBe(pixels.length);
  expect(numbers(build, ys, pixels.length)).toEqual(pixels.map((pixel) => Math.floor(pixel / W)));
  expect(numbers(build, xs, pixels.length)).toEqual(pixels.map((pixel) => pixel % W));
});

each('an empty mask lists nothing', (build) => {
  expect(build.kernels.listPixels(build.words([0, 0]), 2, 5, build.space(4), build.space(4))).toBe(0);
});

property('keepFlagged leaves what is flagged', planes, (build, {H, W}, random) => {
  const {pixels, mask, region} = pixelsOf(build, H, W, random);
  const kept = pixels.map(() => random.below(2));
  const flags = build.space(pixels.length);
  new Uint8Array(build.memory.buffer, flags, pixels.length).set(
    kept.map((flag) => flag * (1 + random.below(255))),
  );
  const {ys, xs} = coordinates(build, pixels, W);
  const count = build.kernels.keepFlagged(ys, xs, flags, pixels.length, mask, W);
  expect(count).toBe(kept.filter((flag) => flag === 1).length);
  const left = new Region(H, W, build.wordsAt(mask, region.words.length));
  expect([...left.pixels()]).toEqual(pixels.filter((_, i) => kept[i] === 1));
});

property('blocks and groups are listed once each', planes, (build, {H, W}, random) => {
  const {pixels} = pixelsOf(build, H, W, random);
  const size = 1 + random.below(9);
  const {ys, xs} = coordinates(build, pixels, W);
  const to = build.space(4 * pixels.length);
  const once = (list: number[]) => [...new Set(list)];
  const blocks = once(pixels.map((pixel) => Math.floor(pixel / size)));
  expect(build.kernels.listBlocks(ys, xs, pixels.length, W, size, to)).toBe(blocks.length);
  expect(numbers(build, to, blocks.length)).toEqual(blocks);

  const groups = once(blocks.map((block) => Math.floor(block / 3)));
  const there = build.space(4 * blocks.length);
  expect(build.kernels.listGroups(to, blocks.length, 3, there)).toBe(groups.length);
  expect(numbers(build, there, groups.length)).toEqual(groups);
});

property('addresses of pixels, steps and rows', planes, (build, {H, W}, random) => {
  const {pixels} = pixelsOf(build, H, W, random);
  const {ys, xs} = coordinates(build, pixels, W);
  const count = pixels.length;
  const to = build.space(4 * count);
  build.kernels.addressPixels(ys, xs, count, 4096, 1000, 12, to);
  expect(numbers(build, to, count)).toEqual(
    pixels.map((p) => 4096 + 1000 * Math.floor(p / W) + 12 * (p % W)),
  );
  build.kernels.addressSteps(count, 4096, 12, to);
  expect(numbers(build, to, count)).toEqual(pixels.map((_, i) => 4096 + 12 * i));
  build.kernels.addressRows(build.words(pixels), count, 4096, 12, to);
  expect(numbers(build, to, count)).toEqual(pixels.map((p) => 4096 + 12 * p));
});

property('sources of copied pixels, and 0 outside', planes, (build, {H, W}, random) => {
  const [fh, fw, dy, dx] = [
    1 + random.below(3),
    1 + random.below(3),
    random.below(7) - 3,
    random.below(7) - 3,
  ];
  const pixels = Array.from({length: 40}, () => random.below((H + 6) * fh * (W + 6) * fw));
  const outWidth = (W + 6) * fw;
  const {ys, xs} = coordinates(build, pixels, outWidth);
  const to = build.space(4 * pixels.length);
  build.kernels.addressSources(ys, xs, pixels.length, 4096, 1000, 12, H, W, dy, dx, fh, fw, to);
  const expected = pixels.map((pixel) => {
    const [y, x] = [Math.floor(pixel / outWidth) + dy, (pixel % outWidth) + dx];
    const isInside = y >= 0 && x >= 0 && y < H * fh && x < W * fw;
    return isInside ? 4096 + 1000 * Math.floor(y / fh) + 12 * Math.floor(x / fw) : 0;
  });
  expect(numbers(build, to, pixels.length)).toEqual(expected);
});

const phases = fc.record({
  H: fc.integer({min: 1, max: 6}),
  W: fc.oneof(fc.integer({min: 1, max: 12}), fc.constantFrom(31, 33, 65)),
  strides: fc.tuple(fc.integer({min: 1, max: 3}), fc.integer({min: 1, max: 4})),
  pad: fc.tuple(fc.nat(2), fc.nat(2)),
});

property('the pixels of one phase, and where they are written', phases, (build, shape, random) => {
  const {H, W, strides, pad} = shape;
  const {pixels} = pixelsOf(build, H, W, random);
  const [phaseY, phaseX] = strides.map((stride) => random.below(stride));
  const phase = [phaseY, phaseX];
  const {ys, xs} = coordinates(build, pixels, W);
  const [base, rowBytes, pixelBytes, to, toBytes] = [1000, 400, 8, 5000, 12];
  const [sources, targets] = [build.space(4 * pixels.length), build.space(4 * pixels.length)];
  const own = pixels.flatMap((pixel, i) => {
    const padded = [Math.floor(pixel / W) + pad[0], (pixel % W) + pad[1]];
    if (padded.some((at, axis) => at % strides[axis] !== phase[axis])) return [];
    const [y, x] = padded.map((at, axis) => Math.floor(at / strides[axis]));
    return [{source: base + y * rowBytes + x * pixelBytes, target: to + i * toBytes}];
  });
  const {length} = pixels;
  const count = build.kernels.listPhase(
    ys,
    xs,
    length,
    ...pad,
    ...strides,
    phaseY,
    phaseX,
    base,
    rowBytes,
    pixelBytes,
    to,
    toBytes,
    sources,
    targets,
  );
  expect(count).toBe(own.length);
  expect(numbers(build, sources, count)).toEqual(own.map(({source}) => source));
  expect(numbers(build, targets, count)).toEqual(own.map(({target}) => target));
});

property('copyValues reads the same values as other pixels', planes, (build, {H, W, C}, random) => {
  const values = random.wildValues(H * W * C);
  const input = plane(build, H, W, C, values);
  // The same values as pixels of W channels in rows of C.
  const pixels = random.some(H * C);
  const {ys, xs} = coordinates(build, pixels, C);
  const actual = build.output(pixels.length * W, (to) =>
    build.kernels.copyValues(ys, xs, pixels.length, C, W, input.base, input.rowBytes, W * C, to),
  );
  const expected = pixels.flatMap((pixel) => [...values.subarray(pixel * W, (pixel + 1) * W)]);
  expectSame(actual, Float32Array.from(expected));
});

property('copyWhereThere leaves what is nowhere', planes, (build, {C}, random) => {
  const values = random.wildValues(8 * C);
  const at = build.floats(values);
  const before = random.values(8 * C);
  const to = build.floats(before);
  const isThere = Array.from({length: 8}, () => random.below(2) === 1);
  const addresses = build.words(isThere.map((there, i) => (there ? at + 4 * C * (7 - i) : 0)));
  build.kernels.copyWhereThere(addresses, 8, 4 * C, to);
  const expected = before.slice();
  isThere.forEach((there, i) => there && expected.set(values.subarray((7 - i) * C, (8 - i) * C), i * C));
  expectSame(build.read(to, 8 * C), expected);
});
