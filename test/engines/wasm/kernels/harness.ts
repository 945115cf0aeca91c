/** Each build of the kernels that this host accepts, in a memory of its own, and what the kernels' tests share. */
import * as fc from 'fast-check';
import * as backward from '../../../../src/engines/wasm/backward-binaries';
import type {BackwardKernels} from '../../../../src/engines/wasm/backward-kernels';
import * as forward from '../../../../src/engines/wasm/binaries';
import {
  binaryFrom,
  binaryOf,
  BUILDS,
  type BuildName,
  type Kernels,
} from '../../../../src/engines/wasm/kernels';
import {sample} from '../../../scale';

/** Below lies what the kernels keep of their own. */
export const DATA = 65536;
const PAGES = 64;
/** What a byte holds before anything is written there. */
const UNTOUCHED = 0xa5;

/** One build, with a memory from which a test takes what it needs, piece after piece. */
export class Build {
  readonly memory = new WebAssembly.Memory({initial: PAGES, maximum: 65536});
  readonly kernels: Kernels & BackwardKernels;
  #top = DATA;

  constructor(readonly name: BuildName) {
    const [frames, backwards] = [forward, backward].map((texts) => this.#compile(binaryFrom(texts, name)));
    this.kernels = {...frames, ...backwards} as unknown as Kernels & BackwardKernels;
  }

  #compile(binary: Uint8Array<ArrayBuffer>): WebAssembly.Exports {
    return new WebAssembly.Instance(new WebAssembly.Module(binary), {env: {memory: this.memory}}).exports;
  }

  reset(): void {
    this.#top = DATA;
    new Uint8Array(this.memory.buffer, DATA).fill(UNTOUCHED);
  }

  /** Room for `bytes`, with some between it and the next. */
  space(bytes: number): number {
    const at = this.#top;
    this.#top += ((bytes + 15) & ~15) + 64;
    if (this.#top > this.memory.buffer.byteLength) throw new Error('The test needs more memory.');
    return at;
  }

  floats(values: ArrayLike<number>): number {
    const at = this.space(4 * values.length);
    new Float32Array(this.memory.buffer, at, values.length).set(values);
    return at;
  }

  words(values: ArrayLike<number>): number {
    const at = this.space(4 * values.length);
    new Uint32Array(this.memory.buffer, at, values.length).set(values);
    return at;
  }

  read(at: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, count).slice();
  }

  wordsAt(at: number, count: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.memory.buffer, at, count).slice();
  }

  bytes(at: number, count: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, count).slice();
  }

  /** Nothing in `count` bytes was ever written. */
  expectUntouched(at: number, count: number): void {
    const written = this.bytes(at, count).findIndex((byte) => byte !== UNTOUCHED);
    if (written >= 0) throw new Error(`Byte ${written} of ${count} was written.`);
  }

  /** `count` floats that a kernel writes: 12 bytes beyond are its own, what lies around is not. */
  output(count: number, run: (to: number) => void): Float32Array {
    const before = this.space(16);
    const to = this.space(4 * count + 64);
    run(to);
    this.expectUntouched(before, to - before);
    this.expectUntouched(to + 4 * count + 12, 32);
    return this.read(to, count);
  }
}

export const builds = BUILDS.filter((name) => binaryOf(name) !== null).map((name) => new Build(name));

/** A test of every build. */
export function each(name: string, test: (build: Build) => void): void {
  it.each(builds.map((build) => [build.name, build] as const))(`${name}, %s`, (_, build) => {
    build.reset();
    test(build);
  });
}

/** Property by property: `check` sees a build with a fresh memory and a source of numbers. */
export function property<T>(
  name: string,
  shape: fc.Arbitrary<T>,
  check: (build: Build, shape: T, random: Random) => void,
): void {
  each(name, (build) => {
    fc.assert(
      fc.property(shape, fc.integer({min: 1}), (drawn, seed) => {
        build.reset();
        check(build, drawn, new Random(seed));
      }),
      sample({short: 20, ci: 60, long: 60}),
    );
  });
}

const SPECIAL = [0, -0, NaN, Infinity, -Infinity, 1e-40, 1e20];
/** Zeros, infinities, and numbers that are none: quiet and signalling, of either sign. */
const SPECIAL_WORDS = [0, 0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7f800001, 0xffbfffff];

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  value(): number {
    return Math.fround((this.below(20001) - 10000) / 4000);
  }

  values(count: number): Float32Array {
    return Float32Array.from({length: count}, () => this.value());
  }

  /** Values of which some are not ordinary numbers. */
  wildValues(count: number): Float32Array {
    return this.values(count).map((value) =>
      this.below(12) === 0 ? SPECIAL[this.below(SPECIAL.length)] : value,
    );
  }

  /** The bits of a float, which may be of any kind. */
  word(): number {
    return this.below(2) === 0 ? SPECIAL_WORDS[this.below(SPECIAL_WORDS.length)] : this.below(2 ** 32);
  }

  /** Some of the numbers below `count`, in order; at least one. */
  some(count: number): number[] {
    const share = 1 + this.below(4);
    const chosen = Array.from({length: count}, (_, i) => i).filter(() => this.below(4) < share);
    return chosen.length > 0 ? chosen : [this.below(count)];
  }
}

/** An activation in memory. Between its rows lies what is not a number. */
export interface InMemory {
  readonly base: number;
  readonly rowBytes: number;
  readonly address: (y: number, x: number) => number;
  readonly value: (y: number, x: number, c: number) => number;
}

export function plane(build: Build, H: number, W: number, C: number, values: Float32Array): InMemory {
  const row = W * C + 5;
  const rows = new Float32Array(H * row).fill(NaN);
  for (let y = 0; y < H; y++) rows.set(values.subarray(y * W * C, (y + 1) * W * C), y * row);
  const base = build.floats(rows);
  return {
    base,
    rowBytes: 4 * row,
    address: (y, x) => base + 4 * (y * row + x * C),
    value: (y, x, c) => values[(y * W + x) * C + c],
  };
}

/** The coordinates of pixels as kernels take them. */
export function coordinates(build: Build, pixels: readonly number[], W: number): {ys: number; xs: number} {
  return {
    ys: build.words(pixels.map((pixel) => Math.floor(pixel / W))),
    xs: build.words(pixels.map((pixel) => pixel % W)),
  };
}

/** Whether two numbers are the same but for rounding on the way, which is in proportion to `scale`. */
export function isClose(actual: number, expected: number, scale: number, tolerance = 2e-6): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  if (!Number.isFinite(Math.fround(expected))) return actual === Math.fround(expected);
  return Math.abs(actual - expected) <= tolerance * scale + 1e-36;
}

export function expectClose(
  actual: ArrayLike<number>,
  expected: (i: number) => {value: number; scale?: number},
  tolerance?: number,
): void {
  for (let i = 0; i < actual.length; i++) {
    const {value, scale = Math.abs(value)} = expected(i);
    if (!isClose(actual[i], value, scale, tolerance))
      throw new Error(`At ${i}: ${actual[i]} is not ${value}.`);
  }
}

/**
 * The same bits, but that one NaN is as good as another: WebAssembly leaves it to the host which of two operands' NaN a
 * sum hands on, and V8's answer differs with the registers it happened to choose.
 */
export function expectSame(actual: Float32Array, expected: Float32Array): void {
  const [a, b] = [actual, expected].map((values) => Buffer.from(withOneNaN(values).buffer));
  // Jest compares at its leisure, so that it is asked only where there is something to print.
  if (!a.equals(b)) expect(a).toEqual(b);
}

/**
 * Flags of the listed pixels: only `chosen` has changed. One that holds a NaN may be flagged besides, for its bits are the
 * host's choice. `values` is the whole output, C channels a pixel.
 */
export function expectFlagged(
  flags: ArrayLike<number>,
  pixels: readonly number[],
  chosen: number,
  values: Float32Array,
  C: number,
): void {
  const isOpen = (pixel: number) => values.subarray(pixel * C, (pixel + 1) * C).some(Number.isNaN);
  const wanted = pixels.map((pixel, i) =>
    pixel !== chosen && isOpen(pixel) ? flags[i] : Number(pixel === chosen),
  );
  expect(Array.from(flags)).toEqual(wanted);
}

function withOneNaN(values: Float32Array): Float32Array {
  return values.map((value) => (Number.isNaN(value) ? NaN : value));
}

/**
 * What a kernel makes of a list of `pixels`, C channels each; after a check that each pixel alone gets the same bits.
 */
export function listed(
  build: Build,
  pixels: readonly number[],
  C: number,
  run: (pixels: readonly number[], to: number) => void,
): Float32Array {
  const together = build.output(pixels.length * C, (to) => run(pixels, to));
  pixels.slice(0, 5).forEach((pixel, i) => {
    const alone = build.output(C, (to) => run([pixel], to));
    expectSame(alone, together.slice(i * C, (i + 1) * C));
  });
  return together;
}

/**
 * A kernel that writes pixels in place and flags those that changed: its values and its flags, that it leaves all else
 * alone, and that a pixel gets the same bits whatever is listed beside it.
 * @param run runs it over listed pixels of an output of `count` pixels that lies densely at `to`; returns their flags
 */
export function expectInPlace(
  build: Build,
  random: Random,
  {count, C}: {count: number; C: number},
  run: (pixels: readonly number[], to: number) => Uint8Array,
  expected: (pixel: number, c: number) => {value: number; scale?: number},
  tolerance?: number,
): void {
  // Far from all that is computed, so that every pixel changes.
  const before = random.values(count * C).map((value) => value - 1e6);
  const pixels = random.some(count);
  const runOnce = (list: readonly number[]) => {
    const around = build.space(16);
    const to = build.floats(before);
    const flags = run(list, to);
    build.expectUntouched(around, to - around);
    build.expectUntouched(to + 4 * count * C, 16);
    return {flags, to, values: build.read(to, count * C)};
  };
  const {flags, to, values} = runOnce(pixels);

  expectClose(
    values,
    (i) => {
      const pixel = Math.floor(i / C);
      return pixels.includes(pixel) ? expected(pixel, i % C) : {value: before[i]};
    },
    tolerance,
  );
  expect([...flags].every((flag) => flag === 1)).toBe(true);

  for (const pixel of pixels.slice(0, 3)) {
    const alone = before.slice();
    alone.set(values.subarray(pixel * C, (pixel + 1) * C), pixel * C);
    expectSame(runOnce([pixel]).values, alone);
  }

  // A second time nothing changes; but for one value, of which one bit is turned, its sign or its last.
  const chosen = pixels[random.below(pixels.length)];
  const turned = new Uint32Array(build.memory.buffer, to + 4 * (chosen * C + random.below(C)), 1);
  turned[0] ^= random.below(2) === 0 ? 1 : 0x80000000;
  expectFlagged(run(pixels, to), pixels, chosen, values, C);
  expectSame(build.read(to, count * C), values);
}

/** Room for a byte a pixel, none of which is a flag as a kernel would write it. */
export function flagsFor(build: Build, pixels: readonly number[]): number {
  const flags = build.space(pixels.length);
  new Uint8Array(build.memory.buffer, flags, pixels.length).fill(4);
  return flags;
}
