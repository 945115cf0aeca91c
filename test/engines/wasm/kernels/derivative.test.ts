/** From the gradient after an activation to that before it, against central differences in double precision. */
import * as fc from 'fast-check';
import {FUNCTIONS} from './formulas';
import {pitchOf} from './gradients';
import {each, expectClose, plane, property, type Build, type InMemory, type Random} from './harness';

const {abs, exp, floor, fround, max, PI, sqrt} = Math;
const KINDS = Object.keys(FUNCTIONS);
const PARAMETER = fround(0.3);
/** What the activation gave is rounded once, and the product once more. */
const TOLERANCE = 2e-7;
const STEP = 1e-5;

/** The error function: the series of which all terms have one sign. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; abs(term) > 1e-17 * abs(sum); k++) sum += term *= (2 * x * x) / (2 * k + 1);
  return (2 / sqrt(PI)) * exp(-x * x) * sum;
}

type Formula = (x: number, parameter: number) => number;
const FORMULAS: Record<string, Formula | null> = {
  ...FUNCTIONS,
  // The derivative of an approximation is none of the function.
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
};

const TOLD_BY_OUTPUT = [
  'linear',
  'relu',
  'relu6',
  'clippedRelu',
  'elu',
  'selu',
  'sigmoid',
  'softsign',
  'tanh',
];
const TOLD_BY_INPUT = KINDS.filter((name) => FORMULAS[name] && !TOLD_BY_OUTPUT.includes(name));

function slopeOf(formula: Formula, z: number): number {
  return (formula(z + STEP, PARAMETER) - formula(z - STEP, PARAMETER)) / (2 * STEP);
}

interface Shape {
  readonly H: number;
  readonly W: number;
  readonly C: number;
}

/** A plane of what an activation gave, the gradients beside it, and the kernel's call for some of its pixels. */
class Delta {
  readonly gOffset: number;
  readonly #output: InMemory;
  readonly #gradients: Float32Array;

  constructor(
    readonly build: Build,
    readonly shape: Shape,
    readonly outputs: Float32Array,
    gradients: Float32Array,
  ) {
    const {H, W, C} = shape;
    this.#output = plane(build, H, W, C, outputs);
    this.gOffset = plane(build, H, W, C, gradients).base - this.#output.base;
    this.#gradients = gradients;
  }

  /** Runs, and checks all but the values: what is taken off the plane, the zeros up to the pitch, and what stays. */
  take(pixels: readonly number[], run: (targets: number, d: number, pitch: number) => void): Float32Array {
    const {build} = this;
    const {C} = this.shape;
    const pitch = pitchOf(C);
    const targets = build.words(pixels.map((pixel) => this.#address(pixel)));
    const around = build.space(16);
    const d = build.space(4 * pixels.length * pitch);
    run(targets, d, pitch);
    build.expectUntouched(around, d - around);
    build.expectUntouched(d + 4 * pixels.length * pitch, 48);
    this.#expectTaken(pixels);
    const rows = build.read(d, pixels.length * pitch);
    expect(rows.every((value, i) => i % pitch < C || Object.is(value, 0))).toBe(true);
    return rows.filter((_, i) => i % pitch < C);
  }

  gradient(pixel: number, c: number): number {
    return this.#gradients[pixel * this.shape.C + c];
  }

  #address(pixel: number): number {
    return this.#output.address(floor(pixel / this.shape.W), pixel % this.shape.W);
  }

  /** The listed pixels' gradients are 0 now; the others, and all that was given, are as before. */
  #expectTaken(pixels: readonly number[]): void {
    const {C, H, W} = this.shape;
    const left = this.#gradients.slice();
    for (const pixel of pixels) left.fill(0, pixel * C, (pixel + 1) * C);
    for (let pixel = 0; pixel < H * W; pixel++) {
      const own = (values: Float32Array) => values.slice(pixel * C, (pixel + 1) * C);
      const at = this.#address(pixel);
      expect(this.build.read(at, C)).toEqual(own(this.outputs));
      expect(this.build.read(at + this.gOffset, C)).toEqual(own(left));
    }
  }
}

/** The kernel that knows a kind, over some pixels of which the activation was given `z`. */
function deltaOf(build: Build, kind: number, shape: Shape, z: Float32Array, gradients: Float32Array) {
  const {C} = shape;
  const outputs = z.map((value) => FORMULAS[KINDS[kind]]!(value, PARAMETER));
  const delta = new Delta(build, shape, outputs, gradients);
  return (pixels: readonly number[]) =>
    delta.take(pixels, (targets, d, pitch) => {
      const common = [targets, pixels.length, C, delta.gOffset, kind, PARAMETER, d, pitch] as const;
      if (TOLD_BY_OUTPUT.includes(KINDS[kind])) build.kernels.takeDelta(...common);
      else {
        const given = pixels.flatMap((pixel) => [...z.subarray(pixel * C, (pixel + 1) * C)]);
        build.kernels.takeDeltaFrom(build.floats(given), ...common);
      }
    });
}

/** What is given from -12 to 12, nowhere at a bend. */
const SWEEP = Float32Array.from({length: 480}, (_, i) => (i - 240) / 20 + 0.013);

describe.each([...TOLD_BY_OUTPUT, ...TOLD_BY_INPUT])('%s', (name) => {
  each('the derivative is that of the function', (build) => {
    const shape = {H: 8, W: 20, C: 3};
    const gradients = SWEEP.map((_, i) => (i % 2 === 0 ? 1 : -1.75));
    const pixels = Array.from({length: 160}, (_, i) => i);
    const actual = deltaOf(build, KINDS.indexOf(name), shape, SWEEP, gradients)(pixels);
    const expected = (i: number) => {
      const slope = slopeOf(FORMULAS[name]!, SWEEP[i]);
      return {value: slope * gradients[i], scale: max(1, abs(slope)) * abs(gradients[i])};
    };
    expectClose(actual, expected, TOLERANCE);
  });
});

const shapes = fc.record({
  H: fc.integer({min: 1, max: 4}),
  W: fc.integer({min: 1, max: 5}),
  C: fc.integer({min: 1, max: 21}),
});

property(
  'takes the listed pixels, each with all its channels',
  fc.record({shape: shapes, name: fc.constantFrom(...TOLD_BY_OUTPUT, ...TOLD_BY_INPUT)}),
  (build, {shape, name}, random) => {
    const {H, W, C} = shape;
    const z = values(H * W * C, random);
    const gradients = random.values(H * W * C);
    const pixels = random.some(H * W).reverse();
    const actual = deltaOf(build, KINDS.indexOf(name), shape, z, gradients)(pixels);
    const expected = (i: number) => {
      const at = pixels[floor(i / C)] * C + (i % C);
      const slope = slopeOf(FORMULAS[name]!, z[at]);
      return {value: slope * gradients[at], scale: max(1, abs(slope)) * abs(gradients[at])};
    };
    expectClose(actual, expected, TOLERANCE);
  },
);

/** Far from every bend. */
function values(count: number, random: Random): Float32Array {
  return Float32Array.from({length: count}, () => SWEEP[random.below(SWEEP.length)]);
}

/** Where a function bends, and what its derivative is there: as tfjs has it, or 0 where the output cannot tell. */
const BENDS: readonly (readonly [string, number, number])[] = [
  ['relu', 0, 0],
  ['relu', -0, 0],
  ['relu', 1e-40, 1],
  ['relu6', 0, 0],
  ['relu6', fround(6 - 2 ** -21), 1],
  ['relu6', 6, 0],
  ['elu', 0, 1],
  ['selu', 0, 1.7580993408473768],
  ['hardSigmoid', -2.5, 0.2],
  ['hardSigmoid', 2.5, 0.2],
  ['hardSwish', -3, 0],
  ['hardSwish', 3, 6 * PARAMETER],
  ['hardSwish', -4, 0],
  ['hardSwish', 4, 6 * PARAMETER],
  ['leakyRelu', 0, PARAMETER],
  ['thresholdedRelu', PARAMETER, 0],
  ['clippedRelu', 0, 0],
  ['clippedRelu', PARAMETER, 0],
];

describe.each(BENDS)('%s at %d', (name, z, slope) => {
  each(`has the derivative ${slope}`, (build) => {
    // In a vector's lanes, and in what is left of one.
    const given = new Float32Array(7).fill(z);
    const gradients = new Float32Array(7).fill(1.5);
    const actual = deltaOf(build, KINDS.indexOf(name), {H: 1, W: 1, C: 7}, given, gradients)([0]);
    expect(actual).toEqual(new Float32Array(7).fill(slope * 1.5));
  });
});

/** Softmax of one pixel, or its logarithm. */
function softmaxOf(z: readonly number[], isLog: boolean): number[] {
  const sum = z.reduce((total, x) => total + exp(x), 0);
  return z.map((x) => (isLog ? x - Math.log(sum) : exp(x) / sum));
}

/** What a channel of a softmax's input gets: how fast the outputs, weighed by their gradients, grow with it. */
function throughSoftmax(
  z: readonly number[],
  gradients: readonly number[],
  isLog: boolean,
  c: number,
): number {
  const weighed = (step: number) => {
    const moved = z.map((value, k) => (k === c ? value + step : value));
    return softmaxOf(moved, isLog).reduce((sum, output, k) => sum + output * gradients[k], 0);
  };
  return (weighed(STEP) - weighed(-STEP)) / (2 * STEP);
}

property(
  'softmaxDelta goes back through a softmax over the channels, or its logarithm',
  fc.record({shape: shapes, isLog: fc.boolean()}),
  (build, {shape, isLog}, random) => {
    const {H, W, C} = shape;
    const z = Array.from({length: H * W}, () => [...random.values(C)]);
    const outputs = Float32Array.from(z.flatMap((pixel) => softmaxOf(pixel, isLog)));
    const delta = new Delta(build, shape, outputs, random.values(H * W * C));
    const pixels = random.some(H * W);
    const actual = delta.take(pixels, (targets, d, pitch) =>
      build.kernels.softmaxDelta(targets, pixels.length, C, delta.gOffset, Number(isLog), d, pitch),
    );
    pixels.forEach((pixel, i) => {
      const gradients = z[pixel].map((_, c) => delta.gradient(pixel, c));
      const scale = gradients.reduce((sum, gradient) => sum + abs(gradient), 0);
      const expected = (c: number) => ({value: throughSoftmax(z[pixel], gradients, isLog, c), scale});
      expectClose(actual.subarray(i * C, (i + 1) * C), expected, TOLERANCE);
    });
  },
);
