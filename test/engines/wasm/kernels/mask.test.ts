/** Regions as words, against `src/region`, over a grid of planes around the sizes of words and windows of every kind. */
import {
  propagate,
  receptiveField,
  Region,
  reinterpret,
  resolveWindow,
  translate,
} from '../../../../src/region';
import {each, Random, type Build} from './harness';

const WIDTHS = [1, 2, 9, 31, 32, 33, 63, 64, 65];
const HEIGHTS = [1, 3, 8];
const KERNELS = [1, 2, 3, 5, 7];
const STRIDES = [1, 2, 3, 4];
const DILATIONS = [1, 2, 3];

/** One that is nearly empty, one pixel, speckle, everything. */
function regionsOf(height: number, width: number, random: Random): Region[] {
  const pixel = Region.fromRects(height, width, [
    {y: random.below(height), x: random.below(width), height: 1, width: 1},
  ]);
  const speckle = Region.fromMask(
    height,
    width,
    Array.from({length: height * width}, () => random.below(3) === 0),
  );
  return [pixel, speckle, Region.full(height, width)];
}

/** What a kernel leaves where a region of this size is to be. Bits past the width would be refused. */
function written(build: Build, height: number, width: number, write: (to: number) => void): Region {
  const words = height * Math.ceil(width / 32);
  const before = build.space(16);
  const to = build.words(new Uint32Array(words));
  write(to);
  build.expectUntouched(before, to - before);
  build.expectUntouched(to + 4 * words, 32);
  return new Region(height, width, new Uint32Array(build.memory.buffer, to, words).slice());
}

/** Memory for shifting rows, as scratch.ts lays it out for windows that reach so far. */
function shiftingRows(build: Build, width: number, reach: number): readonly [number, number, number] {
  const guard = 4 * (Math.ceil(reach / 32) + 2);
  const rowBytes = 2 * guard + 4 * (Math.ceil((width + reach) / 32) + 2);
  return [build.space(2 * rowBytes), rowBytes, guard];
}

const is = (actual: Region, expected: Region, what: string) => {
  if (!actual.equals(expected))
    throw new Error(`${what}: ${actual.toMask().join('')}, not ${expected.toMask().join('')}`);
};

each('fillMask, countMask and uniteMask', (build) => {
  const random = new Random(1);
  for (const width of WIDTHS) {
    for (const height of HEIGHTS) {
      build.reset();
      const full = written(build, height, width, (to) => build.kernels.fillMask(to, height, width));
      is(full, Region.full(height, width), `${height}×${width}`);
      const regions = regionsOf(height, width, random);
      for (const a of regions) {
        const at = build.words(a.words);
        expect(build.kernels.countMask(at, a.words.length)).toBe(a.area);
        for (const b of regions) {
          const into = build.words(b.words);
          build.kernels.uniteMask(at, into, b.words.length);
          is(
            new Region(height, width, build.wordsAt(into, b.words.length)),
            a.union(b),
            `${height}×${width}`,
          );
        }
      }
    }
  }
});

/** Every width, height, kernel, stride and dilation in turn, each axis with others; and every kind of padding. */
function* windows() {
  let turn = 0;
  for (const width of WIDTHS)
    for (const kernel of KERNELS)
      for (const stride of STRIDES)
        for (const dilation of DILATIONS)
          for (const padding of [
            'same',
            'valid',
            [
              [1, 2],
              [3, 0],
            ],
            [
              [0, 4],
              [33, 40],
            ],
          ] as const) {
            turn++;
            const height = HEIGHTS[turn % HEIGHTS.length];
            const window = {
              input: [height, width],
              kernel: [KERNELS[turn % KERNELS.length], kernel],
              strides: [STRIDES[turn % STRIDES.length], stride],
              dilations: [DILATIONS[turn % DILATIONS.length], dilation],
              padding,
            } as const;
            try {
              yield resolveWindow(window);
            } catch {
              // It does not fit.
            }
          }
}

each('propagateMask is propagate', (build) => {
  const random = new Random(2);
  let cases = 0;
  for (const window of windows()) {
    if (cases % 100 === 0) build.reset();
    const {input, output, kernel, strides, dilations, pad} = window;
    const reach = kernel[1] * dilations[1] + pad.left + pad.right;
    const rows = shiftingRows(build, Math.max(input[1], output[1]), reach);
    for (const region of regionsOf(input[0], input[1], random)) {
      const from = build.words(region.words);
      const shape = [...kernel, ...strides, ...dilations, pad.top, pad.left] as const;
      const actual = written(build, output[0], output[1], (to) =>
        build.kernels.propagateMask(from, ...input, to, ...output, ...shape, ...rows),
      );
      is(actual, propagate(region, window), JSON.stringify(window));
      cases++;
    }
  }
  expect(cases).toBeGreaterThan(4000);
});

each('translateMask adds what translate gives', (build) => {
  const random = new Random(3);
  for (const width of WIDTHS) {
    for (const outWidth of WIDTHS) {
      build.reset();
      for (const dx of [-70, -33, -32, -31, -1, 0, 1, 31, 32, 33, 64]) {
        const [height, outHeight, dy] = [1 + random.below(4), 1 + random.below(4), random.below(7) - 3];
        const rows = shiftingRows(build, Math.max(width, outWidth), Math.abs(dx) + outWidth);
        for (const region of regionsOf(height, width, random)) {
          const from = build.words(region.words);
          const there = regionsOf(outHeight, outWidth, random)[0];
          const into = build.words(there.words);
          build.kernels.translateMask(from, height, width, into, outHeight, outWidth, dy, dx, ...rows);
          const actual = new Region(outHeight, outWidth, build.wordsAt(into, there.words.length));
          is(
            actual,
            there.union(translate(region, outHeight, outWidth, dy, dx)),
            `${width} to ${outWidth} by ${dx}`,
          );
        }
      }
    }
  }
});

each('spreadMask is the receptive field of a window taken backwards', (build) => {
  const random = new Random(4);
  for (const width of WIDTHS) {
    build.reset();
    for (const fh of [1, 2, 3])
      for (const fw of [1, 2, 3])
        for (const bilinear of [false, true]) {
          const height = HEIGHTS[random.below(HEIGHTS.length)];
          const [reachY, reachX] = [fh, fw].map((factor) => (bilinear ? 2 * factor - 1 : factor));
          const [outHeight, outWidth] = [height * fh, width * fw];
          const window = resolveWindow({
            input: [outHeight, outWidth],
            kernel: [reachY, reachX],
            strides: [fh, fw],
            padding: [
              [reachY - fh, 0],
              [reachX - fw, 0],
            ],
          });
          for (const region of regionsOf(height, width, random)) {
            const from = build.words(region.words);
            const shape = [fh, fw, reachY, reachX, reachY - fh, reachX - fw] as const;
            const actual = written(build, outHeight, outWidth, (to) =>
              build.kernels.spreadMask(from, height, width, to, outHeight, outWidth, ...shape),
            );
            is(actual, receptiveField(region, window), JSON.stringify(window));
          }
        }
  }
});

each('reinterpretMask is reinterpret', (build) => {
  const random = new Random(5);
  for (const width of WIDTHS) {
    build.reset();
    for (const height of HEIGHTS)
      for (const channels of [1, 2, 3, 6]) {
        const forms = [
          [height, width * channels, 1],
          [1, height, width * channels],
          [channels, height * width, 1],
          [width, height, channels],
          [channels, width, height],
        ];
        for (const [outHeight, outWidth, outChannels] of forms)
          for (const region of regionsOf(height, width, random)) {
            const from = build.words(region.words);
            const shape = [height, width, channels] as const;
            const actual = written(build, outHeight, outWidth, (to) =>
              build.kernels.reinterpretMask(from, ...shape, to, outHeight, outWidth, outChannels),
            );
            const expected = reinterpret(region, channels, outHeight, outWidth, outChannels);
            is(actual, expected, `${shape.join('×')} as ${outHeight}×${outWidth}×${outChannels}`);
          }
      }
  }
});
