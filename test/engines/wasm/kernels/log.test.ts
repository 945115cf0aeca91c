/** Which recomputed pixels break, and the records of what they held: packed, listed again, and put back, bit for bit. */
import * as fc from 'fast-check';
import {coordinates, plane, property, type Build, type Random} from './harness';

const [ALL, UNLESS_ZERO, IF_DIFFERENT] = [0, 1, 2];
const {ceil, floor} = Math;

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);

/** Pixels one after the other of which some become zeros, of either sign. */
function partlyZero(values: Float32Array, C: number, random: Random): Float32Array {
  const zeroed = values.slice();
  for (let i = 0; i < values.length; i += C) {
    const zero = [null, 0, -0][random.below(3)];
    if (zero !== null) zeroed.fill(zero, i, i + C);
  }
  return zeroed;
}

/** The same values, in some of which one is another: a sign turned, or a number that was not there. */
function partlyChanged(values: Float32Array, C: number, random: Random): Float32Array {
  return values.map((value) => {
    if (random.below(2 * C) > 0) return value;
    return random.below(2) === 0 ? -value : random.value();
  });
}

/** Whether a pixel breaks, by the words of the rule. */
function breaks(rule: number, before: Float32Array, now: Float32Array): boolean {
  if (rule === ALL) return true;
  if (rule === UNLESS_ZERO) return [...before, ...now].some((value) => value !== 0);
  return bitsOf(before.slice()).some((bits, c) => bits !== bitsOf(now)[c]);
}

property(
  'flagBreaks flags the listed pixels that break by a rule',
  fc.record({
    n: fc.integer({min: 1, max: 12}),
    C: fc.integer({min: 1, max: 9}),
    rule: fc.constantFrom(ALL, UNLESS_ZERO, IF_DIFFERENT),
  }),
  (build, {n, C, rule}, random) => {
    const old = partlyZero(random.wildValues(n * C), C, random);
    const now = partlyZero(partlyChanged(old, C, random), C, random);
    const to = build.floats(now);
    const targets = build.words(Array.from({length: n}, (_, i) => to + 4 * C * i));
    const flags = build.space(n);
    build.kernels.flagBreaks(targets, n, C, build.floats(old), rule, flags);
    const expected = Array.from({length: n}, (_, i) => {
      const own = (values: Float32Array) => values.slice(i * C, (i + 1) * C);
      return Number(breaks(rule, own(old), own(now)));
    });
    expect([...build.bytes(flags, n)]).toEqual(expected);
    build.expectUntouched(flags + n, 16);
  },
);

const shapes = fc.record({
  H: fc.integer({min: 1, max: 5}),
  W: fc.integer({min: 1, max: 7}),
  // A word of bits for up to 32 channels.
  C: fc.oneof(fc.integer({min: 1, max: 9}), fc.constantFrom(31, 32, 33, 64, 70)),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

/** Some pixels of a plane that a frame overwrote; of these, some break. */
class Overwritten {
  readonly #old: Float32Array;
  readonly #now: Float32Array;
  readonly #pixels: readonly number[];
  readonly #isKept: readonly boolean[];
  readonly #base: number;
  readonly #rowBytes: number;

  constructor(
    readonly build: Build,
    readonly shape: Shape,
    random: Random,
  ) {
    const {H, W, C} = shape;
    this.#old = random.wildValues(H * W * C);
    this.#now = partlyChanged(this.#old, random.below(2) === 0 ? 1 : C, random);
    const {base, rowBytes} = plane(build, H, W, C, this.#now);
    this.#base = base;
    this.#rowBytes = rowBytes;
    this.#pixels = random.some(H * W);
    this.#isKept = this.#pixels.map(() => random.below(3) > 0);
  }

  get kept(): number[] {
    return this.#pixels.filter((_, i) => this.#isKept[i]);
  }

  /** Has the record made; returns its bytes. */
  pack(): Uint32Array<ArrayBuffer> {
    const {build} = this;
    const {W, C} = this.shape;
    const pixels = this.#pixels;
    const {ys, xs} = coordinates(build, pixels, W);
    const flags = build.space(pixels.length);
    new Uint8Array(build.memory.buffer, flags, pixels.length).set(this.#isKept.map(Number));
    const old = build.words(pixels.flatMap((pixel) => [...bitsOf(this.#of(this.#old, pixel))]));
    const targets = build.words(pixels.map((pixel) => this.#address(pixel)));
    const kept = this.kept.length;
    const most = 4 * kept * (1 + ceil(C / 32) + C);
    build.space(16);
    const to = build.space(most);
    const bytes = build.kernels.packPixels(ys, xs, W, flags, pixels.length, kept, C, old, targets, to);
    build.expectUntouched(to - 16, 16);
    build.expectUntouched(to + most, 16);
    expect(bytes % 4).toBe(0);
    return build.wordsAt(to, bytes / 4);
  }

  /** The kept pixels' numbers, then their bits, then the old values of what changed. */
  expectedRecord(): number[] {
    const words = ceil(this.shape.C / 32);
    const masks: number[] = [];
    const values: number[] = [];
    for (const pixel of this.kept) {
      const old = bitsOf(this.#of(this.#old, pixel));
      const now = bitsOf(this.#of(this.#now, pixel));
      const mask = new Uint32Array(words);
      old.forEach((bits, c) => {
        if (bits === now[c]) return;
        mask[c >> 5] |= 1 << (c & 31);
        values.push(bits);
      });
      masks.push(...mask);
    }
    return [...this.kept, ...masks, ...values];
  }

  undo(record: number): void {
    const {W, C} = this.shape;
    this.build.kernels.undoPixels(record, this.kept.length, W, C, this.#base, this.#rowBytes, 4 * C);
  }

  /** The whole plane, with what lies between its rows, as it is. */
  words(): Uint32Array {
    return this.build.wordsAt(this.#base, this.#words);
  }

  /** The same as it should be once the kept pixels are back. */
  expectedWords(): Uint32Array {
    const words = this.words();
    for (const pixel of this.kept)
      words.set(bitsOf(this.#of(this.#old, pixel)), (this.#address(pixel) - this.#base) / 4);
    return words;
  }

  get #words(): number {
    return (this.shape.H * this.#rowBytes) / 4;
  }

  #of(values: Float32Array, pixel: number): Float32Array {
    return values.slice(pixel * this.shape.C, (pixel + 1) * this.shape.C);
  }

  #address(pixel: number): number {
    const {W, C} = this.shape;
    return this.#base + floor(pixel / W) * this.#rowBytes + 4 * C * (pixel % W);
  }
}

property(
  'packPixels keeps, of the flagged pixels, the old values of the channels in which a bit differs',
  shapes,
  (build, shape, random) => {
    const frame = new Overwritten(build, shape, random);
    const before = frame.words();
    expect([...frame.pack()]).toEqual(frame.expectedRecord());
    expect(frame.words()).toEqual(before);
  },
);

property('unpackPixels lists the pixels of a record', shapes, (build, shape, random) => {
  const frame = new Overwritten(build, shape, random);
  const record = build.words(frame.pack());
  const {kept} = frame;
  const [ys, xs] = [build.space(4 * kept.length), build.space(4 * kept.length)];
  build.kernels.unpackPixels(record, kept.length, shape.W, ys, xs);
  expect([...build.wordsAt(ys, kept.length)]).toEqual(kept.map((pixel) => floor(pixel / shape.W)));
  expect([...build.wordsAt(xs, kept.length)]).toEqual(kept.map((pixel) => pixel % shape.W));
  for (const list of [ys, xs]) build.expectUntouched(list + 4 * kept.length, 16);
});

property(
  'undoPixels puts back the pixels of a record, wherever it lies, and leaves the others',
  shapes,
  (build, shape, random) => {
    const frame = new Overwritten(build, shape, random);
    const record = build.words(frame.pack());
    const expected = frame.expectedWords();
    frame.undo(record);
    expect(frame.words()).toEqual(expected);
  },
);
