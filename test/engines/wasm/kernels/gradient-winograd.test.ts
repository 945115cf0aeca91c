/**
 * Back through convolutions in tiles, with their packing: against sums over every product in double precision, over any list of pixels;
 * whatever part of the blocks is computed at a time, bit for bit; and what no listed pixel's window holds stays as it was.
 */
import * as fc from 'fast-check';
import {foldedFrom, packBack} from '../../../../src/engines/wasm/ops/shared/tiled-gradient';
import {blocksOf, BLOCK, PRODUCTS, tiledFloats} from '../../../../src/engines/wasm/ops/shared/winograd';
import {Activation, rowsOf, type Rows} from './gradients';
import {coordinates, expectClose, expectSame, property, type Build, type Random} from './harness';

interface Case {
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  // No more tiles than are computed together, and rows and columns left over.
  height: fc.integer({min: 1, max: 9}),
  width: fc.integer({min: 1, max: 14}),
  inputs: fc.oneof(fc.integer({min: 1, max: 9}), fc.integer({min: 15, max: 34})),
  outputs: fc.oneof(fc.integer({min: 1, max: 21}), fc.constant(32)),
});

/** With whole vectors of the input's channels. */
const whole = cases.map((shape) => ({...shape, inputs: 4 * Math.ceil(shape.inputs / 4)}));

// Looking up globals is slow in jest's sandbox.
const {abs, ceil, floor, max} = Math;

/** One convolution's way back, and beside the memory all that goes in. */
class Convolution {
  readonly activation: Activation;
  readonly pixels: readonly number[];
  readonly rows: Rows;
  readonly filter: Float32Array;
  readonly #build: Build;
  readonly #shape: Case;
  readonly #room: {readonly at: number; readonly bytes: number};
  readonly #tiles: number;
  readonly #count: number;
  readonly #packed: number;
  #stamp = 0;

  constructor(build: Build, shape: Case, random: Random) {
    const {height, width, inputs, outputs} = shape;
    const {kernels} = build;
    this.#build = build;
    this.#shape = shape;
    const values = random.values((height + 2) * (width + 2) * inputs);
    this.activation = new Activation(build, height + 2, width + 2, inputs, values, random);
    this.pixels = random.some(height * width);
    this.rows = rowsOf(build, this.pixels.length, outputs, random);
    this.filter = random.values(9 * inputs * outputs);
    const packed = new Float32Array(tiledFloats(outputs, inputs));
    const scale = new Float64Array(outputs).fill(1);
    packBack({filter: this.filter}, {scale, bias: new Float64Array(outputs)}, packed);
    this.#packed = build.floats(packed);
    const bytes = kernels.tiledGradientBytes(inputs, outputs);
    this.#room = {at: build.space(bytes), bytes};
    this.#tiles = build.space(kernels.tileListBytes(height, width));
    const {ys, xs} = coordinates(build, this.pixels, width);
    const {rowBytes} = this.activation.input;
    this.#count = kernels.listTiles(ys, xs, this.pixels.length, rowBytes, 4 * inputs, this.#tiles);
  }

  /** Floats of the sums. */
  get floats(): number {
    const {inputs, outputs} = this.#shape;
    return blocksOf(outputs) * BLOCK * (1 + PRODUCTS * 4 * ceil(inputs / 4));
  }

  /** Adds the filter's gradient to `sums`, and the input's where it `spreads`, so many blocks at a time. */
  run(sums: number, spreads: boolean, step: number): void {
    const {inputs, outputs} = this.#shape;
    const {kernels} = this.#build;
    const {base, rowBytes} = this.activation.input;
    const {at: room, bytes} = this.#room;
    const from = [base, this.activation.gOffset, rowBytes, 4 * inputs, inputs] as const;
    const rows = [this.rows.at, this.rows.pitch, outputs] as const;
    const spread = spreads ? blocksOf(inputs) : 0;
    const form = [...from, ...rows, this.#packed, spread, sums, room, 1] as const;
    const items = blocksOf(outputs) + spread;
    this.#stamp++;
    for (let item = 0; item < items; item += step) {
      const part = Math.min(step, items - item);
      kernels.tiledGradient(this.#tiles, this.#count, this.#stamp, ...form, item, part);
    }
    this.#build.expectUntouched(room + bytes, 16);
  }

  /** Calls back for every tap of every listed pixel: its row of gradients, and where its first channel is. */
  forEach(see: (i: number, tap: number, y: number, x: number) => void): void {
    const {width} = this.#shape;
    this.pixels.forEach((pixel, i) => {
      for (let tap = 0; tap < 9; tap++)
        see(i, tap, floor(pixel / width) + floor(tap / 3), (pixel % width) + (tap % 3));
    });
  }

  /** The largest gradient of any listed pixel of the same tile. */
  largestRow(i: number, o: number): number {
    const {width} = this.#shape;
    const tileOf = (pixel: number) => (floor(pixel / width) >> 1) * width + ((pixel % width) >> 1);
    const tile = tileOf(this.pixels[i]);
    return this.pixels.reduce(
      (most, pixel, j) => (tileOf(pixel) === tile ? max(most, abs(this.rows.value(j, o))) : most),
      0,
    );
  }
}

property('tiledGradient adds up what the filter’s gradient is made of', cases, (build, shape, random) => {
  const {inputs, outputs} = shape;
  const conv = new Convolution(build, shape, random);
  const sums = build.output(conv.floats, (to) => {
    new Float32Array(build.memory.buffer, to, conv.floats).fill(0);
    conv.run(to, false, 100);
  });
  conv.activation.expect();
  const {filter, bias} = foldedFrom(sums, inputs, outputs);
  const [taps, scales] = [new Float64Array(filter.length), new Float64Array(filter.length)];
  conv.forEach((i, tap, y, x) => {
    for (let c = 0; c < inputs; c++) {
      const value = conv.activation.input.value(y, x, c);
      for (let o = 0; o < outputs; o++)
        taps[(tap * inputs + c) * outputs + o] += value * conv.rows.value(i, o);
    }
    // All values are of this size or smaller, and a tile has 16.
    for (let o = 0; o < outputs; o++)
      for (let c = 0; c < inputs; c++)
        scales[(tap * inputs + c) * outputs + o] += 2.5 * 16 * abs(conv.rows.value(i, o));
  });
  const totalOf = (array: Float64Array, i: number) => {
    let sum = 0;
    for (let at = i % (inputs * outputs); at < array.length; at += inputs * outputs) sum += array[at];
    return sum;
  };
  expectClose(filter, (i) => ({value: taps[i], scale: totalOf(scales, i) / 9}));
  expectClose(bias, (o) => {
    const values = conv.pixels.map((_, i) => conv.rows.value(i, o));
    return {
      value: values.reduce((sum, value) => sum + value, 0),
      scale: values.reduce((sum, value) => sum + abs(value), 0),
    };
  });
});

property('and adds the input’s gradient, tap by tap', whole, (build, shape, random) => {
  const {inputs, outputs} = shape;
  const conv = new Convolution(build, shape, random);
  conv.run(build.floats(random.values(conv.floats)), true, 1 + random.below(4));
  const sizes = Array.from({length: inputs * outputs}, (_, at) => {
    let size = 0;
    for (let tap = 0; tap < 9; tap++) size += abs(conv.filter[tap * inputs * outputs + at]);
    return size;
  });
  conv.forEach((i, tap, y, x) => {
    for (let c = 0; c < inputs; c++) {
      let [value, scale] = [0, 0];
      for (let o = 0; o < outputs; o++) {
        value += conv.rows.value(i, o) * conv.filter[(tap * inputs + c) * outputs + o];
        scale += conv.largestRow(i, o) * sizes[c * outputs + o];
      }
      conv.activation.add(y, x, c, value, 4 * scale);
    }
  });
  conv.activation.expect();
});

property('and gives the same bits, whatever part is computed at a time', whole, (build, shape, random) => {
  const conv = new Convolution(build, shape, random);
  const {input, gOffset} = conv.activation;
  const plane = ((shape.height + 2) * input.rowBytes) / 4;
  const before = build.read(input.base + gOffset, plane);
  const start = random.values(conv.floats);
  const runWith = (step: number) => {
    new Float32Array(build.memory.buffer, input.base + gOffset, plane).set(before);
    const sums = build.floats(start);
    conv.run(sums, true, step);
    return [build.read(sums, conv.floats), build.read(input.base + gOffset, plane)];
  };
  const [all, parts] = [runWith(100), runWith(1 + random.below(3))];
  all.forEach((values, i) => expectSame(parts[i], values));
});
