/** Random clips: what changes from frame to frame, how the frames are given, and what their caller says of them. */
import * as fc from 'fast-check';
import type {FrameArray} from '../../../src/engines/engine';
import type {Plane} from '../../../src/graph';
import {Region, type Gate} from '../../../src/region';
import {random} from '../../properties/networks';

/** Rectangles of new values; a coordinate beyond the plane means its last row or column. */
interface RectSpec {
  y: number;
  x: number;
  height: number;
  width: number;
  /** A nudge stays below the gate. */
  values: 'new' | 'nudged' | 'wild' | 'negated';
  seed: number;
}

export interface EditSpec {
  rects: RectSpec[];
  /** Which inputs of a graph that has several. */
  inputs: 'all' | 'first' | 'last';
}

export interface FrameSpec {
  edit: EditSpec;
  /**
   * What the caller says changed: nothing at all, so that frames are compared; just that; that and more; everything; or
   * not all of it, which is taken at its word.
   */
  changed: 'compare' | 'exact' | 'more' | 'everything' | 'less';
  /** A variant that is tried before the frame, and not committed. */
  variant: EditSpec | null;
  /** The frame is computed; or only monitored, for the next one to be compared with; and then computed after all. */
  way: 'compute' | 'monitor' | 'catchUp';
}

export interface ClipSpec {
  kind: 'float32' | 'int32' | 'uint8' | 'clamped';
  /** Values a pixel has besides those that are read. */
  extra: number;
  asTensor: boolean;
  gated: boolean;
  /** Whether the gate looks at neighbours, and grows. */
  crowded: boolean;
  /** Whether somebody asks what each frame will take before it is computed. */
  forecast: boolean;
  frames: FrameSpec[];
  /** The frame before which all weights are assigned. */
  assignAt: number | null;
  seed: number;
}

const END = 99;
const place = fc.oneof(fc.constantFrom(0, END), fc.nat(9));
const seed = fc.nat(1 << 20);

const rectOf = (values: fc.Arbitrary<RectSpec['values']>): fc.Arbitrary<RectSpec> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({y: place, x: place, height: fc.constant(1), width: fc.constant(1), values, seed}),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        y: place,
        x: place,
        height: fc.integer({min: 1, max: 4}),
        width: fc.integer({min: 1, max: 4}),
        values,
        seed,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        y: fc.constant(0),
        x: fc.constant(0),
        height: fc.constant(END),
        width: fc.constant(END),
        values,
        seed,
      }),
    },
  );

const editOf = (values: fc.Arbitrary<RectSpec['values']>): fc.Arbitrary<EditSpec> =>
  fc.record({
    rects: fc.oneof(
      {weight: 1, arbitrary: fc.constant<RectSpec[]>([])},
      {weight: 6, arbitrary: fc.array(rectOf(values), {minLength: 1, maxLength: 2})},
    ),
    inputs: fc.constantFrom<EditSpec['inputs']>('all', 'first', 'last'),
  });

const frameOf = (values: fc.Arbitrary<RectSpec['values']>): fc.Arbitrary<FrameSpec> =>
  fc.record({
    edit: editOf(values),
    changed: fc.constantFrom<FrameSpec['changed']>(
      'compare',
      'compare',
      'compare',
      'exact',
      'more',
      'everything',
      'less',
    ),
    variant: fc.option(editOf(values), {freq: 5}),
    way: fc.oneof(
      {weight: 8, arbitrary: fc.constant('compute' as const)},
      fc.constantFrom('monitor', 'catchUp'),
    ),
  });

const tame = fc.constantFrom<RectSpec['values']>('new', 'new', 'new', 'nudged', 'negated');
const wild = fc.constantFrom<RectSpec['values']>('new', 'new', 'wild', 'negated');
const clip = (values: fc.Arbitrary<RectSpec['values']>, kinds: ClipSpec['kind'][]): fc.Arbitrary<ClipSpec> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    extra: fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
    asTensor: fc.boolean(),
    forecast: fc.boolean(),
    gated: fc.constantFrom(false, false, false, true),
    crowded: fc.constantFrom(false, false, false, true),
    frames: fc.array(frameOf(values), {minLength: 3, maxLength: 6}),
    assignAt: fc.option(fc.nat(5), {freq: 10}),
    seed,
  });

export const clipSpec: fc.Arbitrary<ClipSpec> = fc.oneof(
  {weight: 5, arbitrary: clip(tame, ['float32', 'float32', 'int32', 'uint8', 'clamped'])},
  {weight: 1, arbitrary: clip(wild, ['float32'])},
);

const WILD = [NaN, Infinity, -Infinity, -0, 0];
const ARRAYS = {float32: Float32Array, int32: Int32Array, uint8: Uint8Array, clamped: Uint8ClampedArray};

/** The gate, in the units of each kind of frame. */
export const gateOf = ({gated, crowded, kind}: ClipSpec): Gate => ({
  value: gated ? (kind === 'float32' ? 0.5 : 20) : 0,
  neighbours: crowded ? 2 : 0,
  grow: crowded ? 1 : 0,
});

// Looking up globals is slow in jest's sandbox.
const {abs, floor, fround} = Math;
const {is} = Object;
const {isNaN} = Number;

const isDistinct = (a: number, b: number, gate: number): boolean =>
  gate > 0 ? !(abs(fround(a - b)) <= fround(gate)) : !is(a, b);

/** One input of a clip: the live frame as its caller holds it, and what a cache that follows the rules has seen of it. */
export class ClipInput {
  /** As an engine holds it: float32, without extra values. */
  seen: Float32Array;
  private readonly live: FrameArray['data'];
  private readonly stride: number;

  constructor(
    readonly plane: Plane,
    private readonly clip: ClipSpec,
  ) {
    const {height, width, channels} = plane;
    this.stride = channels + clip.extra;
    this.live = new ARRAYS[clip.kind](height * width * this.stride);
    this.seen = new Float32Array(height * width * channels);
    this.edit([{y: 0, x: 0, height: END, width: END, values: 'new', seed: clip.seed}]);
  }

  get gate(): Gate {
    return gateOf(this.clip);
  }

  /** A copy: its owner may do with it what they like. */
  frame(): FrameArray {
    return {data: this.live.slice(), stride: this.stride};
  }

  /** The frame without extra values. */
  tight(): Float32Array {
    const {channels} = this.plane;
    return this.seen.map((_, i) => this.live[floor(i / channels) * this.stride + (i % channels)]);
  }

  /** @returns the pixels that may have changed */
  edit(rects: readonly RectSpec[]): Region {
    const {height, width} = this.plane;
    const region = Region.empty(height, width);
    for (const rect of rects) {
      const y = Math.min(rect.y, height - 1);
      const x = Math.min(rect.x, width - 1);
      const [bottom, right] = [Math.min(height, y + rect.height), Math.min(width, x + rect.width)];
      const next = random(rect.seed);
      for (let row = y; row < bottom; row++) {
        region.add(row, x, right - x);
        for (let column = x; column < right; column++)
          this.editPixel(row * width + column, rect.values, next);
      }
    }
    return region;
  }

  /** Undoes an edit. */
  restore({data}: FrameArray): void {
    this.live.set(data);
  }

  /**
   * What is seen of the live frame: all of it; the pixels of a caller's region that moved farther than the gate; or, where
   * frames are compared, what passes the gate.
   */
  look(region: Region | 'all' | 'compare'): Float32Array {
    const next = this.tight();
    if (region === 'all') return next;
    const {height, width, channels} = this.plane;
    const moved = Array.from({length: height * width}, (_, pixel) => {
      if (region !== 'compare' && !region.has(floor(pixel / width), pixel % width)) return false;
      const [from, end] = [pixel * channels, (pixel + 1) * channels];
      const {value: gate} = this.gate;
      return next.subarray(from, end).some((value, c) => isDistinct(value, this.seen[from + c], gate));
    });
    const seen = this.seen.slice();
    (region === 'compare' ? this.passing(moved) : moved).forEach((is, pixel) => {
      if (is) seen.set(next.subarray(pixel * channels, (pixel + 1) * channels), pixel * channels);
    });
    return seen;
  }

  /** Of the pixels that moved, those with company, and those around them. */
  private passing(moved: readonly boolean[]): readonly boolean[] {
    const {neighbours, grow} = this.gate;
    if (neighbours === 0 && grow === 0) return moved;
    const kept = moved.map((is, pixel) => {
      const near = this.around(pixel);
      return is && near.filter((other) => moved[other]).length >= Math.min(neighbours, near.length);
    });
    return kept.map((is, pixel) => is || this.around(pixel).some((other) => kept[other]));
  }

  private around(pixel: number): number[] {
    const {height, width} = this.plane;
    const [y, x] = [floor(pixel / width), pixel % width];
    const found: number[] = [];
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
        if (row !== y || column !== x) found.push(row * width + column);
      }
    }
    return found;
  }

  private editPixel(pixel: number, values: RectSpec['values'], next: () => number): void {
    const isFloat = this.clip.kind === 'float32';
    for (let c = 0; c < this.stride; c++) {
      const at = pixel * this.stride + c;
      const old = this.live[at];
      const draw = next();
      const fresh = isFloat ? draw * 4 - 2 : floor(draw * 256) - (this.clip.kind === 'int32' ? 128 : 0);
      if (values === 'new') this.live[at] = fresh;
      else if (values === 'nudged') this.live[at] = old + fresh / (isFloat ? 8 : 16);
      else if (values === 'negated') this.live[at] = isNaN(old) ? NaN : -old;
      else if (draw < 0.5) this.live[at] = WILD[floor(draw * 2 * WILD.length)];
    }
  }
}
