/** A new frame against the cached one: what differs, and what is taken over, for every kind, stride, gate and channel count. */
import * as fc from 'fast-check';
import type {Kernels} from '../../../../src/engines/wasm/kernels';
import {Region} from '../../../../src/region';
import {expectSame, property, type Build, type Random} from './harness';

const shapes = fc.record({
  H: fc.integer({min: 1, max: 3}),
  W: fc.oneof(fc.integer({min: 1, max: 12}), fc.constantFrom(31, 32, 33, 63, 64, 65, 97)),
  C: fc.integer({min: 1, max: 9}),
  extra: fc.constantFrom(0, 0, 1, 3),
  kind: fc.constantFrom<Kind>('float32', 'int32', 'bytes'),
  gate: fc.constantFrom(0, 0, 0.5, 20),
  halo: fc.nat(2),
  changes: fc.constantFrom(0, 1, 3, 1000),
});

/** Which pixels are marked: every other one or so, or all but a few. */
function marks(random: Random, count: number): boolean[] {
  const oneIn = random.below(2) === 0 ? 2 : 50;
  return Array.from({length: count}, () => random.below(oneIn) > 0);
}

type Kind = 'float32' | 'int32' | 'bytes';
const KINDS: Kind[] = ['float32', 'int32', 'bytes'];

interface Case {
  readonly H: number;
  readonly W: number;
  readonly C: number;
  readonly extra: number;
  readonly kind: Kind;
  readonly gate: number;
  readonly halo: number;
  readonly changes: number;
}

/** All that both kernels take before the mask. */
type Shared = Parameters<Kernels['diffFrame']> extends [...infer All, number] ? All : never;
type Plane = Pick<Case, 'H' | 'W'>;

const {is} = Object;

/** A frame and what is cached of the last one, in memory and beside it. */
class Frames {
  readonly cached: Float32Array;
  readonly frame: Float32Array;
  /** The cached plane with the zeros around it. */
  readonly around: number;
  readonly args: Shared;
  readonly #padded: Float32Array;
  readonly #rowFloats: number;

  constructor(
    readonly build: Build,
    readonly shape: Case,
    random: Random,
  ) {
    const {H, W, C, extra, kind, gate, halo, changes} = shape;
    const draw = () => this.#draw(random);
    this.cached = Float32Array.from({length: H * W * C}, draw);
    this.frame = this.cached.slice();
    for (let i = 0; i < changes; i++) {
      const at = random.below(this.frame.length);
      this.frame[at] = random.below(4) === 0 ? this.frame[at] : draw();
    }
    this.#rowFloats = (W + 2 * halo) * C;
    this.#padded = this.#inPlane(this.cached);
    this.around = build.floats(this.#padded);
    const stride = C + extra;
    const live = Float32Array.from({length: H * W * stride}, draw);
    for (let pixel = 0; pixel < H * W; pixel++)
      live.set(this.frame.subarray(pixel * C, (pixel + 1) * C), pixel * stride);
    const base = this.around + 4 * C * halo;
    this.args = [this.#store(live), KINDS.indexOf(kind), stride, base, 4 * this.#rowFloats, H, W, C, gate];
  }

  /** The pixels in which the frame is farther than the gate from what is cached. */
  differing(): boolean[] {
    const {H, W, C, gate} = this.shape;
    return Array.from({length: H * W}, (_, pixel) => {
      for (let i = pixel * C; i < (pixel + 1) * C; i++) {
        const [a, b] = [this.frame[i], this.cached[i]];
        if (gate > 0 ? !(Math.abs(Math.fround(a - b)) <= gate) : !is(a, b)) return true;
      }
      return false;
    });
  }

  expectCached(taken: readonly boolean[]): void {
    const {C} = this.shape;
    const expected = this.cached.map((old, i) => (taken[Math.floor(i / C)] ? this.frame[i] : old));
    expectSame(this.build.read(this.around, this.#padded.length), this.#inPlane(expected));
  }

  #inPlane(values: Float32Array): Float32Array {
    const {H, W, C, halo} = this.shape;
    const padded = new Float32Array(H * this.#rowFloats);
    for (let y = 0; y < H; y++)
      padded.set(values.subarray(y * W * C, (y + 1) * W * C), y * this.#rowFloats + halo * C);
    return padded;
  }

  #draw(random: Random): number {
    const {kind} = this.shape;
    if (kind === 'bytes') return random.below(256);
    if (kind === 'int32') return random.below(1000) - 500;
    return random.wildValues(1)[0];
  }

  #store(values: Float32Array): number {
    const {build} = this;
    const {kind} = this.shape;
    if (kind === 'float32') return build.floats(values);
    if (kind === 'int32') return build.words(Int32Array.from(values));
    const at = build.space(values.length);
    new Uint8Array(build.memory.buffer, at, values.length).set(values);
    return at;
  }
}

const maskOf = (build: Build, {H, W}: Plane, bits: readonly boolean[]) =>
  build.words(Region.fromMask(H, W, bits).words);
const regionAt = (build: Build, {H, W}: Plane, mask: number) =>
  new Region(H, W, build.wordsAt(mask, H * Math.ceil(W / 32)));
const areaOf = (bits: readonly boolean[]) => bits.filter((bit) => bit).length;

property('diffFrame marks what differs', shapes, (build, shape, random) => {
  const frames = new Frames(build, shape, random);
  const {H, W} = shape;
  const words = H * Math.ceil(W / 32);
  const mask = build.space(4 * words);
  const expected = frames.differing();
  expect(build.kernels.diffFrame(...frames.args, mask)).toBe(areaOf(expected));
  expect(regionAt(build, shape, mask).equals(Region.fromMask(H, W, expected))).toBe(true);
  build.expectUntouched(mask + 4 * words, 32);
  frames.expectCached(expected.map(() => false));
});

property('takeFrame takes over what is marked', shapes, (build, shape, random) => {
  const frames = new Frames(build, shape, random);
  const marked = marks(random, frames.differing().length);
  const mask = maskOf(build, shape, marked);
  expect(build.kernels.takeFrame(...frames.args, mask, 0)).toBe(areaOf(marked));
  expect(regionAt(build, shape, mask).equals(Region.fromMask(shape.H, shape.W, marked))).toBe(true);
  frames.expectCached(marked);
});

property('takeFrame, pruning, leaves what is marked and does not differ', shapes, (build, shape, random) => {
  const frames = new Frames(build, shape, random);
  const marked = marks(random, frames.differing().length);
  const taken = frames.differing().map((differs, i) => differs && marked[i]);
  const mask = maskOf(build, shape, marked);
  expect(build.kernels.takeFrame(...frames.args, mask, 1)).toBe(areaOf(taken));
  expect(regionAt(build, shape, mask).equals(Region.fromMask(shape.H, shape.W, taken))).toBe(true);
  frames.expectCached(taken);
});

const bits = fc.record({
  H: fc.integer({min: 1, max: 3}),
  W: fc.integer({min: 1, max: 70}),
  C: fc.integer({min: 1, max: 5}),
  extra: fc.integer({min: 0, max: 2}),
  prune: fc.boolean(),
});

property(
  'without a gate, bits are told apart and taken over, whatever they stand for',
  bits,
  (build, shape, random) => {
    const {H, W, C, extra, prune} = shape;
    const stride = C + extra;
    const cached = Uint32Array.from({length: H * W * C}, () => random.word());
    // Some with another sign: of zeros and of what is not a number too.
    const frame = cached.map((word) => (random.below(8 * C) === 0 ? word ^ 0x80000000 : word));
    const live = Uint32Array.from({length: H * W * stride}, () => random.word());
    for (let p = 0; p < H * W; p++) live.set(frame.subarray(p * C, (p + 1) * C), p * stride);
    const differing = Array.from({length: H * W}, (_, p) =>
      frame.subarray(p * C, (p + 1) * C).some((word, c) => word !== cached[p * C + c]),
    );
    const at = build.words(cached);
    const [from, mask] = [build.words(live), build.space(4 * H * Math.ceil(W / 32))];
    const {diffFrame, takeFrame} = build.kernels;
    expect(diffFrame(from, 0, stride, at, 4 * W * C, H, W, C, 0, mask)).toBe(areaOf(differing));
    expect(regionAt(build, shape, mask).equals(Region.fromMask(H, W, differing))).toBe(true);
    const marked = marks(random, differing.length);
    const taken = marked.map((isMarked, p) => isMarked && (differing[p] || !prune));
    const given = maskOf(build, shape, marked);
    expect(takeFrame(from, 0, stride, at, 4 * W * C, H, W, C, 0, given, Number(prune))).toBe(areaOf(taken));
    expect(regionAt(build, shape, given).equals(Region.fromMask(H, W, taken))).toBe(true);
    const expected = cached.map((word, i) => (taken[Math.floor(i / C)] ? frame[i] : word));
    expect([...build.wordsAt(at, expected.length)]).toEqual([...expected]);
  },
);
