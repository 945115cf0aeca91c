/** The convolution: every number of pixels and of channels, so that every tile runs, at every border; values and flags. */
import * as fc from 'fast-check';
import {
  builds,
  each,
  expectClose,
  expectFlagged,
  expectSame,
  plane,
  property,
  type Build,
  type InMemory,
  type Random,
} from './harness';

interface Case {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly bounds: readonly [number, number];
  readonly wild: boolean;
}

/** Output pixels: more than a chunk of 96, and no multiple of any group. */
const H = 10;
const W = 10;

// Looking up globals is slow in jest's sandbox.
const {abs, floor} = Math;

/** One convolution: its input with the zeros around it, its packed filter, and both beside the memory. */
class Convolution {
  readonly #input: InMemory;
  readonly #filter: Float32Array;
  readonly #bias: Float32Array;
  readonly #packed: number;

  constructor(
    readonly build: Build,
    readonly shape: Case,
    random: Random,
  ) {
    const {inputs, outputs, kernel, dilations, strides, wild} = shape;
    const height = (H - 1) * strides[0] + (kernel[0] - 1) * dilations[0] + 1;
    const width = (W - 1) * strides[1] + (kernel[1] - 1) * dilations[1] + 1;
    const count = height * width * inputs;
    const values = wild ? random.wildValues(count) : random.values(count);
    this.#input = plane(build, height, width, inputs, values);
    this.#filter = random.values(kernel[0] * kernel[1] * inputs * outputs);
    this.#bias = random.values(outputs);
    this.#packed = build.floats(this.#pack());
  }

  /** Over listed pixels of an output that lies densely at `to`; returns their flags. */
  run(pixels: readonly number[], to: number, notes = 1): number[] {
    const {build} = this;
    const {inputs, outputs, kernel, dilations, strides, bounds} = this.shape;
    const from = build.words(
      pixels.map((pixel) => this.#input.address(floor(pixel / W) * strides[0], (pixel % W) * strides[1])),
    );
    const targets = build.words(pixels.map((pixel) => to + 4 * pixel * outputs));
    const flags = build.space(pixels.length);
    const pixelBytes = 4 * inputs;
    const isJoined = dilations[1] === 1;
    const runs = isJoined ? 1 : kernel[1];
    const runBytes = isJoined ? kernel[1] * pixelBytes : pixelBytes;
    const runSkip = isJoined ? 0 : (dilations[1] - 1) * pixelBytes;
    const rowSkip = dilations[0] * this.#input.rowBytes - runs * (runBytes + runSkip);
    const window = [kernel[0], rowSkip, runs, runBytes, runSkip, ...bounds] as const;
    build.kernels.conv(from, pixels.length, this.#packed, outputs, ...window, targets, flags, notes);
    build.expectUntouched(flags + pixels.length, 16);
    return [...build.bytes(flags, pixels.length)];
  }

  expected(pixel: number, o: number): {value: number; scale: number} {
    const {inputs, outputs, kernel, dilations, strides, bounds} = this.shape;
    let value = this.#bias[o];
    let scale = abs(value);
    for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
      const y = floor(pixel / W) * strides[0] + floor(tap / kernel[1]) * dilations[0];
      const x = (pixel % W) * strides[1] + (tap % kernel[1]) * dilations[1];
      for (let i = 0; i < inputs; i++) {
        const product = this.#input.value(y, x, i) * this.#filter[(tap * inputs + i) * outputs + o];
        value += product;
        scale += abs(product);
      }
    }
    return {value: value < bounds[0] ? bounds[0] : value > bounds[1] ? bounds[1] : value, scale};
  }

  /** For each block of channels the bias, then the filter: blocks of 8 value by value, those of 4, 2 and 1 in vectors of 4 values. */
  #pack(): number[] {
    const {outputs} = this.shape;
    const packed: number[] = [];
    for (let first = 0, size = 8; first < outputs; first += size) {
      while (size > outputs - first) size /= 2;
      const channels = Array.from({length: size}, (_, c) => first + c);
      packed.push(...channels.map((c) => this.#bias[c]));
      for (const values of size === 8 ? this.#singly() : this.#inFours())
        for (const c of channels)
          packed.push(...values.map((i) => (i < 0 ? 0 : this.#filter[i * outputs + c])));
    }
    return packed;
  }

  #singly(): number[][] {
    const {inputs, kernel} = this.shape;
    return Array.from({length: kernel[0] * kernel[1] * inputs}, (_, i) => [i]);
  }

  /** Each run's values by fours; -1 where it has no more. */
  #inFours(): number[][] {
    const {inputs, kernel, dilations} = this.shape;
    const runFloats = (dilations[1] === 1 ? kernel[1] : 1) * inputs;
    const fours: number[][] = [];
    for (let run = 0; run < kernel[0] * kernel[1] * inputs; run += runFloats)
      for (let i = 0; i < runFloats; i += 4)
        fours.push([0, 1, 2, 3].map((lane) => (i + lane < runFloats ? run + i + lane : -1)));
    return fours;
  }
}

const pair = (...choices: number[]) => fc.tuple(fc.constantFrom(...choices), fc.constantFrom(...choices));

const cases: fc.Arbitrary<Case> = fc.record({
  inputs: fc.integer({min: 1, max: 9}),
  outputs: fc.integer({min: 1, max: 21}),
  kernel: pair(1, 2, 3, 3, 5),
  dilations: pair(1, 1, 2, 3),
  strides: pair(1, 1, 2),
  bounds: fc.constantFrom<[number, number][]>([-Infinity, Infinity], [0, Infinity], [0, 1.5]),
  wild: fc.boolean(),
});

property('conv', cases, (build, shape, random) => {
  const conv = new Convolution(build, shape, random);
  const {outputs} = shape;
  const count = H * W * outputs;
  // Far from all that is computed, so that every pixel changes.
  const before = random.values(count).map((value) => value - 1e6);
  const show = (pixels: readonly number[], notes = 1) => {
    const around = build.space(16);
    const to = build.floats(before);
    const flags = conv.run(pixels, to, notes);
    build.expectUntouched(around, to - around);
    build.expectUntouched(to + 4 * count, 16);
    return {flags, to, values: build.read(to, count)};
  };
  const all = Array.from({length: H * W}, (_, i) => i);
  const whole = show(all);
  expectClose(whole.values, (i) => conv.expected(floor(i / outputs), i % outputs));
  expect(whole.flags.every((flag) => flag === 1)).toBe(true);

  // Whatever the group, a pixel has the same bits, and those that are not listed stay.
  for (let size = 1; size <= 13; size++) {
    const first = random.below(H * W - size + 1);
    const group = all.slice(first, first + size).reverse();
    const expected = before.slice();
    expected.set(whole.values.subarray(first * outputs, (first + size) * outputs), first * outputs);
    expectSame(show(group).values, expected);
    // Also where nobody asks what changed.
    expectSame(show(group, 0).values, expected);
  }

  // A second time nothing changes; but for one value, of which one bit is turned, its sign or its last.
  const chosen = random.below(H * W);
  const turned = new Uint32Array(
    build.memory.buffer,
    whole.to + 4 * (chosen * outputs + random.below(outputs)),
    1,
  );
  turned[0] ^= random.below(2) === 0 ? 1 : 0x80000000;
  expectFlagged(conv.run(all, whole.to), all, chosen, whole.values, outputs);
  expectSame(build.read(whole.to, count), whole.values);
});

it('runs on what this host has: the build with SIMD at least', () => {
  expect(builds.map(({name}) => name)).toEqual(expect.arrayContaining(['simd']));
});

each('a window without taps leaves the bias, kept within the bounds', (build) => {
  const bias = Array.from({length: 15}, (_, i) => i - 7);
  const filter = build.floats(bias);
  const pixels = [0, 1, 2, 3, 4, 5, 6];
  const input = build.words(pixels.map(() => build.floats([NaN, NaN])));
  const to = build.floats(new Float32Array(7 * 15).fill(-1e6));
  const targets = build.words(pixels.map((pixel) => to + 60 * pixel));
  const flags = build.space(7);
  for (const [rows, runBytes] of [
    [0, 8],
    [1, 0],
    [0, 0],
  ]) {
    build.kernels.conv(input, 7, filter, 15, rows, 0, 1, runBytes, 0, 0, 5, targets, flags, 1);
    const expected = bias.map((value) => Math.min(5, Math.max(0, value)));
    expectSame(build.read(to, 7 * 15), Float32Array.from(pixels.flatMap(() => expected)));
  }
});
