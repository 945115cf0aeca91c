/** Ops that read rows and columns by tables, and the phases of transposed convolutions, against plain loops. */
import * as fc from 'fast-check';
import {Region} from '../../../../src/region';
import {coordinates, expectClose, listed, plane, property, type Build, type Random} from './harness';

const {floor} = Math;
const NONE = 0xffffffff;

const side = fc.integer({min: 1, max: 6});
const width = fc.oneof(fc.integer({min: 1, max: 12}), fc.constantFrom(31, 32, 33, 65));
const shapes = fc.record({H: side, W: width, C: fc.integer({min: 1, max: 9}), outH: side, outW: width});

/** Numbers below `size`; some of them -1. */
function table(count: number, size: number, random: Random, none = true): number[] {
  return Array.from({length: count}, () => (none && random.below(6) === 0 ? -1 : random.below(size)));
}

const words = (build: Build, values: readonly number[]) =>
  build.words(values.map((value) => (value < 0 ? NONE : value)));

property('pickMask', shapes, (build, {H, W, outH, outW}, random) => {
  const changed = Region.fromMask(
    H,
    W,
    Array.from({length: H * W}, () => Number(random.below(4) === 0)),
  );
  const [rows, columns] = [
    [table(outH, H, random), table(outH, H, random)],
    [table(outW, W, random), table(outW, W, random)],
  ];
  const into = new Region(outH, outW);
  const at = build.space(4 * into.words.length);
  build.kernels.pickMask(
    build.words(changed.words),
    W,
    at,
    outH,
    outW,
    words(build, rows[0]),
    words(build, rows[1]),
    words(build, columns[0]),
    words(build, columns[1]),
    build.space(4 * changed.wordsPerRow),
  );
  const expected = Array.from({length: outH * outW}, (_, i) => {
    const [y, x] = [floor(i / outW), i % outW];
    return Number(rows.some((row) => columns.some((column) => changed.has(row[y], column[x]))));
  });
  const actual = new Region(outH, outW, build.wordsAt(at, into.words.length));
  expect([...actual.toMask()]).toEqual(expected);
});

property('addressTables', shapes, (build, {H, W, outH, outW}, random) => {
  const [rows, columns] = [table(outH, 100 * H, random), table(outW, 100 * W, random)];
  const pixels = random.some(outH * outW);
  const {ys, xs} = coordinates(build, pixels, outW);
  const to = build.space(4 * pixels.length);
  const tables = [words(build, rows), words(build, columns)];
  build.kernels.addressTables(ys, xs, pixels.length, 4096, tables[0], tables[1], 64, to);
  const expected = pixels.map((pixel) => {
    const [row, column] = [rows[floor(pixel / outW)], columns[pixel % outW]];
    return row < 0 || column < 0 ? 64 : 4096 + row + column;
  });
  expect([...build.wordsAt(to, pixels.length)]).toEqual(expected);
});

/** Low and high neighbours, and the share of the second. */
function betweens(count: number, size: number, random: Random) {
  return Array.from({length: count}, () => {
    const low = random.below(size);
    const high = Math.min(size - 1, low + random.below(2));
    return {low, high, share: low === high ? 0 : Math.fround(random.below(1000) / 1000)};
  });
}

property('resizeBilinear', shapes, (build, {H, W, C, outH, outW}, random) => {
  const input = plane(build, H, W, C, random.values(H * W * C));
  const [rows, columns] = [betweens(outH, H, random), betweens(outW, W, random)];
  const tableOf = (all: typeof rows, bytes: number) => {
    const bits = new Uint32Array(Float32Array.from(all, ({share}) => share).buffer);
    return build.words(all.flatMap(({low, high}, i) => [low * bytes, high * bytes, bits[i]]));
  };
  const [rowTable, columnTable] = [tableOf(rows, input.rowBytes), tableOf(columns, 4 * C)];
  const pixels = random.some(outH * outW);
  const actual = listed(build, pixels, C, (list, to) => {
    const {ys, xs} = coordinates(build, list, outW);
    build.kernels.resizeBilinear(ys, xs, list.length, input.base, C, rowTable, columnTable, to);
  });
  const mix = (a: number, b: number, share: number) => a + (b - a) * share;
  expectClose(actual, (i) => {
    const pixel = pixels[floor(i / C)];
    const [row, column] = [rows[floor(pixel / outW)], columns[pixel % outW]];
    const across = (y: number) =>
      mix(input.value(y, column.low, i % C), input.value(y, column.high, i % C), column.share);
    return {value: mix(across(row.low), across(row.high), row.share), scale: 10};
  });
});

property(
  'listPhase',
  fc.record({H: side, W: width, sh: fc.integer({min: 1, max: 4}), sw: fc.integer({min: 1, max: 4})}),
  (build, {H, W, sh, sw}, random) => {
    const [top, left] = [random.below(3), random.below(3)];
    const pixels = random.some(H * W);
    const {ys, xs} = coordinates(build, pixels, W);
    const [sources, targets] = [build.space(4 * pixels.length), build.space(4 * pixels.length)];
    const seen: number[] = [];
    for (let phaseY = 0; phaseY < sh; phaseY++) {
      for (let phaseX = 0; phaseX < sw; phaseX++) {
        const own = pixels
          .map((pixel, i) => ({y: floor(pixel / W) + top, x: (pixel % W) + left, i}))
          .filter(({y, x}) => y % sh === phaseY && x % sw === phaseX);
        const count = build.kernels.listPhase(
          ...[ys, xs, pixels.length, top, left, sh, sw, phaseY, phaseX],
          ...[4096, 1000, 12, 8192, 20, sources, targets],
        );
        expect(count).toBe(own.length);
        expect([...build.wordsAt(sources, count)]).toEqual(
          own.map(({y, x}) => 4096 + 1000 * floor(y / sh) + 12 * floor(x / sw)),
        );
        expect([...build.wordsAt(targets, count)]).toEqual(own.map(({i}) => 8192 + 20 * i));
        seen.push(...own.map(({i}) => i));
      }
    }
    expect(seen.sort((a, b) => a - b)).toEqual(pixels.map((_, i) => i));
  },
);
