/** Convolutions in tiles: against sums in float64; each pixel by itself; at every border, and whatever lies outside of a window. */
import * as fc from 'fast-check';
import {Region} from '../../../../src/region';
import {
  coordinates,
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
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly bounds: readonly [number, number];
}

const cases: fc.Arbitrary<Case> = fc.record({
  // More tiles than are computed together, and rows and columns left over.
  height: fc.integer({min: 1, max: 15}),
  width: fc.integer({min: 1, max: 21}),
  inputs: fc.oneof(fc.integer({min: 1, max: 9}), fc.integer({min: 15, max: 34})),
  outputs: fc.integer({min: 1, max: 21}),
  bounds: fc.constantFrom<[number, number][]>([-Infinity, Infinity], [0, Infinity], [0, 1.5]),
});

// Looking up globals is slow in jest's sandbox.
const {abs, floor, max} = Math;

const G = [
  [1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
];

/** One convolution: its input with the zeros around it, its products' filters, and all of that beside the memory. */
class Convolution {
  readonly #build: Build;
  readonly #shape: Case;
  readonly #input: InMemory;
  readonly #filter: Float32Array;
  readonly #bias: Float32Array;
  readonly #packed: number;

  constructor(build: Build, shape: Case, random: Random) {
    const {height, width, inputs, outputs} = shape;
    this.#build = build;
    this.#shape = shape;
    const values = random.values((height + 2) * (width + 2) * inputs);
    this.#input = plane(build, height + 2, width + 2, inputs, values);
    this.#filter = random.values(9 * inputs * outputs);
    this.#bias = random.values(outputs);
    this.#packed = build.floats(this.#pack());
  }

  get pixels(): number[] {
    return Array.from({length: this.#shape.height * this.#shape.width}, (_, i) => i);
  }

  /** Over listed pixels of an output that lies densely at `to`; returns their flags. */
  run(pixels: readonly number[], to: number): number[] {
    const {width, inputs, outputs, bounds} = this.#shape;
    const build = this.#build;
    const {ys, xs} = coordinates(build, pixels, width);
    const targets = build.words(pixels.map((pixel) => to + 4 * pixel * outputs));
    const flags = build.space(pixels.length);
    const bytes = build.kernels.winogradBytes(inputs, outputs);
    const scratch = build.space(bytes);
    const listBytes = build.kernels.tileListBytes(this.#shape.height, width);
    const tiles = build.space(listBytes);
    const {base, rowBytes} = this.#input;
    const from = [base, rowBytes, 4 * inputs, inputs] as const;
    const filter = [this.#packed, outputs, ...bounds] as const;
    const count = build.kernels.listTiles(ys, xs, pixels.length, rowBytes, 4 * inputs, tiles);
    build.kernels.winograd(tiles, count, ...from, ...filter, scratch, 1, targets, flags);
    build.expectUntouched(tiles + listBytes, 16);
    build.expectUntouched(scratch + bytes, 16);
    build.expectUntouched(flags + pixels.length, 16);
    return [...build.bytes(flags, pixels.length)];
  }

  /** All pixels of an output of its own. */
  whole(): Float32Array {
    const count = this.pixels.length * this.#shape.outputs;
    return this.#build.output(count, (to) => this.run(this.pixels, to));
  }

  expected(i: number): {value: number; scale: number} {
    const {width, inputs, outputs, bounds} = this.#shape;
    const [pixel, o] = [floor(i / outputs), i % outputs];
    let value = this.#bias[o];
    let scale = abs(value);
    for (let c = 0; c < inputs; c++) {
      let [largest, size] = [0, 0];
      for (let tap = 0; tap < 9; tap++) {
        const factor = this.#filter[(tap * inputs + c) * outputs + o];
        const input = this.#input.value(
          floor(pixel / width) + floor(tap / 3),
          (pixel % width) + (tap % 3),
          c,
        );
        value += input * factor;
        size += abs(factor);
        largest = max(largest, abs(input));
      }
      scale += largest * size;
    }
    return {value: value < bounds[0] ? bounds[0] : value > bounds[1] ? bounds[1] : value, scale};
  }

  /** Puts another value into an input pixel; returns the way back. */
  change(y: number, x: number, c: number, value: number): () => void {
    const floats = new Float32Array(this.#build.memory.buffer, this.#input.address(y, x) + 4 * c, 1);
    const before = floats[0];
    floats[0] = value;
    return () => (floats[0] = before);
  }

  /** For each product, and of it for each 8 output channels: what its sums begin with, then the filter. */
  #pack(): Float32Array {
    const {inputs, outputs} = this.#shape;
    const blocks = Math.ceil(outputs / 8);
    const packed = new Float32Array(16 * blocks * (inputs + 1) * 8);
    const place = (k: number, row: number, o: number) =>
      ((k * blocks + floor(o / 8)) * (inputs + 1) + row) * 8 + (o % 8);
    for (let o = 0; o < outputs; o++) {
      packed[place(5, 0, o)] = this.#bias[o];
      for (let c = 0; c < inputs; c++) {
        for (let k = 0; k < 16; k++) {
          const taps = Array.from({length: 9}, (_, tap) => {
            const factor = G[floor(k / 4)][floor(tap / 3)] * G[k % 4][tap % 3];
            return factor * this.#filter[(tap * inputs + c) * outputs + o];
          });
          packed[place(k, c + 1, o)] = taps.reduce((sum, tap) => sum + tap);
        }
      }
    }
    return packed;
  }
}

property('winograd', cases, (build, shape, random) => {
  const conv = new Convolution(build, shape, random);
  const {outputs} = shape;
  const all = conv.pixels;
  const count = all.length * outputs;
  // Far from all that is computed, so that every pixel changes.
  const before = random.values(count).map((value) => value - 1e6);
  const show = (pixels: readonly number[]) => {
    const around = build.space(16);
    const to = build.floats(before);
    const flags = conv.run(pixels, to);
    build.expectUntouched(around, to - around);
    build.expectUntouched(to + 4 * count, 16);
    return {flags, to, values: build.read(to, count)};
  };
  const whole = show(all);
  expectClose(whole.values, (i) => conv.expected(i));
  expect(whole.flags.every((flag) => flag === 1)).toBe(true);

  // Whatever else is listed, a pixel has the same bits, and those that are not listed stay.
  const lists = [all.slice(-1), all.slice(0, 1), random.some(all.length), random.some(all.length)];
  for (const list of lists) {
    const expected = before.slice();
    for (const pixel of list) {
      const own = whole.values.subarray(pixel * outputs, (pixel + 1) * outputs);
      expected.set(own, pixel * outputs);
    }
    expectSame(show(list).values, expected);
  }

  // A second time nothing changes; but for one value, of which one bit is turned, its sign or its last.
  const chosen = random.below(all.length);
  const at = whole.to + 4 * (chosen * outputs + random.below(outputs));
  new Uint32Array(build.memory.buffer, at, 1)[0] ^= random.below(2) === 0 ? 1 : 0x80000000;
  expectFlagged(conv.run(all, whole.to), all, chosen, whole.values, outputs);
  expectSame(build.read(whole.to, count), whole.values);
});

property('winograd reads nothing but a pixel’s own window', cases, (build, shape, random) => {
  const {height, width, inputs, outputs} = shape;
  const conv = new Convolution(build, shape, random);
  const whole = conv.whole();
  for (const value of [1e30, -1e4, NaN, Infinity]) {
    const [y, x] = [random.below(height + 2), random.below(width + 2)];
    const restore = conv.change(y, x, random.below(inputs), value);
    const changed = conv.whole();
    restore();
    const isReached = (i: number) => {
      const pixel = floor(i / outputs);
      const [dy, dx] = [y - floor(pixel / width), x - (pixel % width)];
      return dy >= 0 && dy < 3 && dx >= 0 && dx < 3;
    };
    expectSame(
      changed.map((result, i) => (isReached(i) ? 0 : result)),
      whole.map((result, i) => (isReached(i) ? 0 : result)),
    );
    if (Number.isNaN(value)) expect(changed.filter((_, i) => isReached(i)).every(Number.isNaN)).toBe(true);
  }
});

const planes = fc.record({
  height: fc.integer({min: 1, max: 7}),
  width: fc.oneof(fc.integer({min: 1, max: 12}), fc.constantFrom(31, 32, 33, 64, 65)),
});

property('countTiles counts those that hold a pixel', planes, (build, {height, width}, random) => {
  const bits = new Uint8Array(height * width);
  const tiles = new Set<string>();
  for (const pixel of random.some(height * width)) {
    bits[pixel] = 1;
    tiles.add(`${floor(pixel / width) >> 1}, ${(pixel % width) >> 1}`);
  }
  const mask = build.words(Region.fromMask(height, width, bits).words);
  // What lies behind the last row does not count.
  build.words([~0, ~0, ~0]);
  expect(build.kernels.countTiles(mask, height, width)).toBe(tiles.size);
});
