/**
 * Back through convolutions, depthwise ones and dense layers, against sums over every product in double precision; and
 * what is added to nothing stays as it was.
 */
import * as fc from 'fast-check';
import {Activation, prefixOf, rowsOf, sumsOver} from './gradients';
import {coordinates, property, type Build, type Random} from './harness';

// Looking up globals is slow in jest's sandbox.
const {ceil, floor, fround} = Math;

/** Output pixels: two groups of 16 and some more. */
const H = 5;
const W = 7;

interface Shape {
  readonly inputs: number;
  readonly kernel: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly strides: readonly [number, number];
}

/** The windows of listed pixels over a plane that they fit into. */
class Windows {
  readonly activation: Activation;
  readonly pixels: readonly number[];
  /** Taps, in the order of the filter. */
  readonly taps: number;

  constructor(
    readonly build: Build,
    readonly shape: Shape,
    most: number,
    random: Random,
  ) {
    const {inputs, kernel, dilations, strides} = shape;
    const height = (H - 1) * strides[0] + (kernel[0] - 1) * dilations[0] + 1;
    const width = (W - 1) * strides[1] + (kernel[1] - 1) * dilations[1] + 1;
    const values = random.values(height * width * inputs);
    this.activation = new Activation(build, height, width, inputs, values, random);
    this.pixels = random.some(H * W).slice(0, most);
    this.taps = kernel[0] * kernel[1];
  }

  /** The addresses of the pixels' first taps. */
  from(): number {
    const {strides} = this.shape;
    const {address} = this.activation.input;
    const first = (pixel: number) => address(floor(pixel / W) * strides[0], (pixel % W) * strides[1]);
    return this.build.words(this.pixels.map(first));
  }

  place(i: number, tap: number): readonly [number, number] {
    const {kernel, dilations, strides} = this.shape;
    const pixel = this.pixels[i];
    const y = floor(pixel / W) * strides[0] + floor(tap / kernel[1]) * dilations[0];
    return [y, (pixel % W) * strides[1] + (tap % kernel[1]) * dilations[1]];
  }

  input(i: number, tap: number, c: number): number {
    const [y, x] = this.place(i, tap);
    return this.activation.input.value(y, x, c);
  }

  /** Says that something is to be added to the gradient of a tap. */
  add(i: number, tap: number, c: number, value: number): void {
    const [y, x] = this.place(i, tap);
    this.activation.add(y, x, c, value);
  }

  /** Rows of taps, in runs of which the floats follow each other. */
  get runs(): {runs: number; runBytes: number; args: readonly [number, number, number, number, number]} {
    const {inputs, kernel, dilations} = this.shape;
    const pixelBytes = 4 * inputs;
    const isJoined = dilations[1] === 1;
    const runs = isJoined ? 1 : kernel[1];
    const runBytes = isJoined ? kernel[1] * pixelBytes : pixelBytes;
    const runSkip = isJoined ? 0 : (dilations[1] - 1) * pixelBytes;
    const rowSkip = dilations[0] * this.activation.input.rowBytes - runs * (runBytes + runSkip);
    return {runs, runBytes, args: [kernel[0], rowSkip, runs, runBytes, runSkip]};
  }

  /** Calls back for every value under every window. */
  forEach(see: (i: number, tap: number, c: number) => void): void {
    for (let i = 0; i < this.pixels.length; i++)
      for (let tap = 0; tap < this.taps; tap++) for (let c = 0; c < this.shape.inputs; c++) see(i, tap, c);
  }
}

const pair = (...choices: number[]) => fc.tuple(fc.constantFrom(...choices), fc.constantFrom(...choices));

const convolutions = fc.record({
  inputs: fc.integer({min: 1, max: 9}),
  kernel: pair(1, 2, 3, 3, 5),
  dilations: pair(1, 1, 2, 3),
  strides: pair(1, 1, 2),
  outputs: fc.integer({min: 1, max: 21}),
  most: fc.oneof(fc.integer({min: 1, max: 9}), fc.constant(H * W)),
});

/** Where the gradient of a filter has what: blocks of 8 channels, the last of 4 where that is enough; the bias, then the taps. */
function packing(rows: number, outputs: number) {
  const sizeOf = (block: number) => (outputs - 8 * block > 4 ? 8 : 4);
  const last = ceil(outputs / 8) - 1;
  return {
    floats: (1 + rows) * (8 * last + sizeOf(last)),
    /** @param row -1 for the bias, then the number of the float among those of the window */
    index(row: number, o: number): number {
      const block = o >> 3;
      return 8 * block * (1 + rows) + (1 + row) * sizeOf(block) + (o & 7);
    },
  };
}

property(
  'filterGradient adds the sums of the patches times the gradients, and of the gradients for the bias',
  convolutions,
  (build, {outputs, most, ...shape}, random) => {
    const windows = new Windows(build, shape, most, random);
    const {pixels, taps} = windows;
    const {floats, index} = packing(taps * shape.inputs, outputs);
    const sums = sumsOver(build, random.values(floats));
    const rows = rowsOf(build, pixels.length, outputs, random);
    const window = windows.runs.args;
    build.kernels.filterGradient(
      windows.from(),
      pixels.length,
      ...window,
      rows.at,
      rows.pitch,
      outputs,
      sums.at,
    );
    for (let o = 0; o < outputs; o++) {
      pixels.forEach((_, i) => sums.add(index(-1, o), rows.value(i, o)));
      windows.forEach((i, tap, c) =>
        sums.add(index(tap * shape.inputs + c, o), windows.input(i, tap, c) * rows.value(i, o)),
      );
    }
    sums.expect();
    windows.activation.expect();
  },
);

/** A filter, [floats][outputs], as inputGradient takes it: by 8 floats of a run, a row of them each channel. */
function packedForInput(filter: Float32Array, outputs: number, runFloats: number): number[] {
  const packed: number[] = [];
  const floats = filter.length / outputs;
  for (let run = 0; run < floats; run += runFloats) {
    for (let first = run; first < run + runFloats; first += 8) {
      for (let o = 0; o < outputs; o++)
        for (let k = first; k < first + 8; k++)
          packed.push(k < run + runFloats ? filter[k * outputs + o] : 0);
    }
  }
  return packed;
}

property(
  'inputGradient adds to each tap the sum of the channels’ gradients times their weights',
  convolutions,
  (build, {outputs, most, ...shape}, random) => {
    const windows = new Windows(build, shape, most, random);
    const {activation, pixels, taps} = windows;
    const {runBytes, args: window} = windows.runs;
    const filter = random.values(taps * shape.inputs * outputs);
    const packed = build.floats(packedForInput(filter, outputs, runBytes / 4));
    const {at, pitch, value} = rowsOf(build, pixels.length, outputs, random);
    const isWhole = shape.inputs % 8 === 0;
    const blocks = isWhole ? shape.inputs / 8 : ceil(runBytes / 32);
    const channels = [at, pitch, outputs, packed, isWhole ? 4 * shape.inputs : 0, 0, blocks] as const;
    build.kernels.inputGradient(windows.from(), pixels.length, activation.gOffset, ...window, ...channels);
    windows.forEach((i, tap, c) => {
      const weights = (tap * shape.inputs + c) * outputs;
      for (let o = 0; o < outputs; o++) windows.add(i, tap, c, filter[weights + o] * value(i, o));
    });
    activation.expect();
  },
);

property(
  'depthwiseGradient adds to filter, bias and input',
  fc.record({
    shape: fc.record({
      inputs: fc.integer({min: 1, max: 37}),
      kernel: pair(1, 2, 3, 3),
      dilations: pair(1, 1, 2),
      strides: pair(1, 1, 2),
    }),
    multiplier: fc.constantFrom(1, 1, 2, 3),
    needsInput: fc.boolean(),
    most: fc.oneof(fc.integer({min: 1, max: 9}), fc.constant(H * W)),
  }),
  (build, {shape, multiplier, needsInput, most}, random) => {
    const windows = new Windows(build, shape, most, random);
    const {activation, pixels, taps} = windows;
    const {address, base} = activation.input;
    const C = shape.inputs * multiplier;
    const C4 = 4 * ceil(C / 4);
    const weights = random.values(taps * C4).map((weight, i) => (i % C4 < C ? weight : 0));
    const sums = sumsOver(build, random.values((taps + 1) * C4));
    const {at, pitch, value} = rowsOf(build, pixels.length, C, random);
    const offsets = Array.from({length: taps}, (_, tap) => {
      const {kernel, dilations} = shape;
      return address(floor(tap / kernel[1]) * dilations[0], (tap % kernel[1]) * dilations[1]) - base;
    });
    const filter = [build.words(offsets), taps, build.floats(weights)] as const;
    const to = [activation.gOffset, Number(needsInput), at, pitch, sums.at] as const;
    build.kernels.depthwiseGradient(windows.from(), pixels.length, C, multiplier, ...filter, ...to);
    for (let o = 0; o < C; o++) pixels.forEach((_, i) => sums.add(taps * C4 + o, value(i, o)));
    windows.forEach((i, tap, c) => {
      for (let o = c * multiplier; o < (c + 1) * multiplier; o++) {
        sums.add(tap * C4 + o, windows.input(i, tap, c) * value(i, o));
        if (needsInput) windows.add(i, tap, c, weights[tap * C4 + o] * value(i, o));
      }
    });
    sums.expect();
    activation.expect();
  },
);

property(
  'denseGradient gives each listed pixel what ran up since it last got any, and notes that it has it',
  fc.record({
    height: fc.integer({min: 1, max: 4}),
    width: fc.integer({min: 1, max: 5}),
    C: fc.integer({min: 1, max: 6}),
    units: fc.integer({min: 1, max: 19}),
    frames: fc.integer({min: 1, max: 4}),
    large: fc.constantFrom(0, 1e9),
    needsInput: fc.boolean(),
  }),
  (build, {height, width, C, units, frames, large, needsInput}, random) => {
    const values = random.values(height * width * C);
    const activation = new Activation(build, height, width, C, values, random);
    const {base, rowBytes, value} = activation.input;
    const padded = 4 * ceil(units / 4);
    const prefix = prefixOf(build, frames, units, padded, large, random);
    const now = random.below(frames + 1);
    const last = Uint32Array.from({length: height * width}, () => now + random.below(frames + 1 - now));
    const lastAt = build.words(last);
    const weights = random.values(values.length * units);
    const sums = sumsOver(build, random.values(values.length * padded));
    const row = build.space(4 * padded * height * width);
    const pixels = random.some(height * width);
    const {ys, xs} = coordinates(build, pixels, width);
    const input = [pixels.length, width, base, rowBytes, C] as const;
    const sources = [build.floats(weights), units, padded, prefix.at, lastAt, now] as const;
    const to = [activation.gOffset, Number(needsInput), sums.at, row] as const;
    build.kernels.denseGradient(ys, xs, ...input, ...sources, ...to);
    for (const pixel of pixels) {
      const [y, x] = [floor(pixel / width), pixel % width];
      for (let u = 0; u < units; u++) {
        const gradient = fround(prefix.between(now, last[pixel], u));
        if (gradient === 0) continue;
        for (let c = 0; c < C; c++) {
          const at = (pixel * C + c) * padded + u;
          sums.add(at, value(y, x, c) * gradient);
          if (needsInput) activation.add(y, x, c, weights[(pixel * C + c) * units + u] * gradient);
        }
      }
    }
    sums.expect();
    activation.expect();
    build.expectUntouched(row + 4 * padded, 4 * padded * (height * width - 1) + 16);
    const noted = last.map((until, pixel) => (pixels.includes(pixel) ? now : until));
    expect(build.wordsAt(lastAt, last.length)).toEqual(noted);
  },
);

property(
  'joinRows leaves the first floats of each row, side by side',
  fc.record({rows: fc.integer({min: 1, max: 9}), units: fc.integer({min: 1, max: 13})}),
  (build, {rows, units}, random) => {
    const width = 4 * ceil(units / 4);
    const values = random.values(rows * width);
    const at = build.floats(values);
    build.kernels.joinRows(at, rows, width, units);
    const joined = build.read(at, rows * units);
    expect([...joined]).toEqual(
      [...joined.keys()].map((i) => values[floor(i / units) * width + (i % units)]),
    );
    build.expectUntouched(at + 4 * values.length, 16);
  },
);
