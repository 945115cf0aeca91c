/** Depthwise convolution in place: its values, its flags, and what it leaves alone. */
import * as fc from 'fast-check';
import {expectInPlace, expectSame, plane, property, type Build, type InMemory, type Random} from './harness';

const shapes = fc.record({
  H: fc.integer({min: 1, max: 5}),
  W: fc.integer({min: 1, max: 19}),
  inputs: fc.integer({min: 1, max: 21}),
  multiplier: fc.constantFrom(1, 1, 1, 2, 3, 4),
  kernel: fc.constantFrom([3, 3], [5, 5], [1, 3], [2, 2], [1, 1]),
  bounds: fc.constantFrom([-Infinity, Infinity], [0, Infinity], [0, 1.5]),
  wild: fc.boolean(),
  fetch: fc.constantFrom(0, 8, 24),
});

interface Case {
  readonly H: number;
  readonly W: number;
  readonly inputs: number;
  readonly multiplier: number;
  readonly kernel: readonly number[];
  readonly bounds: readonly number[];
  readonly wild: boolean;
  readonly fetch: number;
}

/** One convolution's data, in memory and beside it. */
class Convolution {
  readonly C: number;
  readonly C4: number;
  readonly input: InMemory;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly #lists: readonly [number, number, number, number];

  constructor(
    readonly build: Build,
    readonly shape: Case,
    random: Random,
  ) {
    const {
      H,
      W,
      inputs,
      multiplier,
      kernel: [kh, kw],
      wild,
    } = shape;
    const size = (H + kh - 1) * (W + kw - 1) * inputs;
    this.C = inputs * multiplier;
    this.C4 = Math.ceil(this.C / 4) * 4;
    this.input = plane(
      build,
      H + kh - 1,
      W + kw - 1,
      inputs,
      wild ? random.wildValues(size) : random.values(size),
    );
    this.weights = random.values(kh * kw * this.C4);
    this.bias = random.values(this.C4);
    const {base, address} = this.input;
    const taps = Array.from({length: kh * kw}, (_, k) => address(Math.floor(k / kw), k % kw) - base);
    this.#lists = [build.words(taps), taps.length, kw, build.floats(this.#packed(taps.length))];
  }

  /** For each 4 channels their biases, and then their values of each tap. */
  #packed(taps: number): Float32Array {
    const packed = new Float32Array((taps + 1) * this.C4);
    for (let c = 0, to = 0; c < this.C4; c += 4) {
      for (let tap = -1; tap < taps; tap++, to += 4) {
        const from = tap < 0 ? this.bias.subarray(c) : this.weights.subarray(tap * this.C4 + c);
        packed.set(from.subarray(0, 4), to);
      }
    }
    return packed;
  }

  /** Runs over listed pixels of an output that lies densely at `to`; returns their flags. */
  run(pixels: readonly number[], to: number, notes = 1): Uint8Array {
    const {W, multiplier, bounds, kernel, fetch} = this.shape;
    const {words, space, memory, kernels, bytes} = this.build;
    const input = words.call(
      this.build,
      pixels.map((p) => this.input.address(Math.floor(p / W), p % W)),
    );
    const output = words.call(
      this.build,
      pixels.map((p) => to + 4 * p * this.C),
    );
    const flags = space.call(this.build, pixels.length);
    new Uint8Array(memory.buffer, flags, pixels.length).fill(4);
    kernels.depthwise(
      input,
      pixels.length,
      this.C,
      multiplier,
      ...this.#lists,
      kernel[1],
      fetch,
      bounds[0],
      bounds[1],
      output,
      flags,
      notes,
    );
    return bytes.call(this.build, flags, pixels.length);
  }

  expected(pixel: number, o: number): {value: number; scale: number} {
    const {
      W,
      multiplier,
      kernel: [kh, kw],
      bounds: [low, high],
    } = this.shape;
    let value = this.bias[o];
    let scale = Math.abs(value);
    for (let k = 0; k < kh * kw; k++) {
      const y = Math.floor(pixel / W) + Math.floor(k / kw);
      const x = this.input.value(y, (pixel % W) + (k % kw), Math.floor(o / multiplier));
      value += x * this.weights[k * this.C4 + o];
      scale += Math.abs(x * this.weights[k * this.C4 + o]);
    }
    return {value: value < low ? low : value > high ? high : value, scale};
  }
}

property('depthwise', shapes, (build, shape, random) => {
  const conv = new Convolution(build, shape, random);
  const {H, W} = shape;
  expectInPlace(
    build,
    random,
    {count: H * W, C: conv.C},
    (list, to) => conv.run(list, to),
    (p, c) => conv.expected(p, c),
  );

  // Where nobody asks what changed, the same is written.
  const before = random.values(H * W * conv.C);
  const pixels = random.some(H * W);
  const [noting, silent] = [1, 0].map((notes) => {
    const to = build.floats(before);
    conv.run(pixels, to, notes);
    build.expectUntouched(to + 4 * before.length, 16);
    return build.read(to, before.length);
  });
  expectSame(silent, noting);
});
