/** What the tests of the backward pass share: gradients beside activations, rows of gradients, and sums in double precision. */
import {isClose, plane, type Build, type InMemory, type Random} from './harness';

// Looking up globals is slow in jest's sandbox.
const {abs, ceil} = Math;
const {is} = Object;
/** Half a unit in the last place: what one operation may be off by. */
const ROUNDING = 2 ** -24;

/** Floats in memory that a kernel adds to, and what they have to hold then. */
export class Sums {
  readonly #before: Float32Array;
  readonly #values: Float64Array;
  readonly #scales: Float64Array;
  readonly #times: Uint32Array;

  /** @param at where they lie already; 16 bytes or more before and 48 after them are nobody's */
  constructor(
    readonly build: Build,
    readonly at: number,
    count: number,
  ) {
    this.#before = build.read(at, count);
    this.#values = Float64Array.from(this.#before);
    this.#scales = this.#values.map(abs);
    this.#times = new Uint32Array(count);
  }

  /** Says that something is to be added to the `i`th, which rounding is in proportion to `scale` of. */
  add(i: number, value: number, scale = abs(value)): void {
    this.#values[i] += value;
    this.#scales[i] += scale;
    this.#times[i]++;
  }

  /**
   * Each is its sum but for rounding: once for each addition, and a few times on the way to what was added. Where nothing
   * was to be added, no bit has changed, around them neither.
   */
  expect(): void {
    const {build, at} = this;
    const actual = build.read(at, this.#before.length);
    for (let i = 0; i < actual.length; i++) {
      const tolerance = (this.#times[i] + 4) * ROUNDING;
      const isRight =
        this.#times[i] === 0
          ? is(actual[i], this.#before[i])
          : isClose(actual[i], this.#values[i], this.#scales[i], tolerance);
      if (!isRight) throw new Error(`At ${i}: ${actual[i]} is not ${this.#values[i]}.`);
    }
    build.expectUntouched(at - 16, 16);
    build.expectUntouched(at + 4 * actual.length, 48);
  }
}

/** `values`, to which a kernel adds. */
export function sumsOver(build: Build, values: Float32Array): Sums {
  build.space(16);
  return new Sums(build, build.floats(values), values.length);
}

/** An activation, which stays as it is, and beside it a plane of gradients, which are added to. */
export class Activation {
  readonly input: InMemory;
  /** Bytes from an activation to its gradient. */
  readonly gOffset: number;
  readonly #activations: Sums;
  readonly #gradients: Sums;

  constructor(build: Build, H: number, W: number, C: number, values: Float32Array, random: Random) {
    build.space(16);
    this.input = plane(build, H, W, C, values);
    const floats = (H * this.input.rowBytes) / 4;
    this.#activations = new Sums(build, this.input.base, floats);
    // Between its rows too lie numbers, so that whatever is added there is seen.
    this.#gradients = sumsOver(build, random.values(floats));
    this.gOffset = this.#gradients.at - this.input.base;
  }

  /** Says that something is to be added to the gradient of a value. */
  add(y: number, x: number, c: number, value: number, scale?: number): void {
    const {address, base} = this.input;
    this.#gradients.add((address(y, x) - base) / 4 + c, value, scale);
  }

  expect(): void {
    this.#activations.expect();
    this.#gradients.expect();
  }
}

/** Gradients of listed pixels as kernels take them. */
export interface Rows {
  readonly at: number;
  /** Floats a row: zeros past the channels. */
  readonly pitch: number;
  readonly value: (i: number, c: number) => number;
}

export const pitchOf = (channels: number): number => 8 * ceil(channels / 8);

export function rowsOf(build: Build, n: number, C: number, random: Random): Rows {
  const pitch = pitchOf(C);
  const values = random.values(n * pitch).map((value, i) => (i % pitch < C ? value : 0));
  return {at: build.floats(values), pitch, value: (i, c) => values[i * pitch + c]};
}

/** Running sums of the rows' gradients, `width` float64 each; they may have grown so large that float32 is too coarse. */
export function prefixOf(
  build: Build,
  frames: number,
  units: number,
  width: number,
  large: number,
  random: Random,
) {
  const at = build.space(8 * (frames + 1) * width);
  const sums = new Float64Array(build.memory.buffer, at, (frames + 1) * width);
  for (let i = 0; i < sums.length; i++) {
    const before = i < width ? large : sums[i - width];
    sums[i] = i % width >= units ? 0 : before + (random.below(4) === 0 ? 0 : random.value());
  }
  return {
    at,
    between: (from: number, to: number, u: number) => sums[to * width + u] - sums[from * width + u],
  };
}
