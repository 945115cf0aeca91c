/** Back through merges, against sums in double precision: inputs of as many pixels and channels as the output, or of one. */
import * as fc from 'fast-check';
import {Activation, rowsOf} from './gradients';
import {expectSame, property, type Build, type Random} from './harness';

// Looking up globals is slow in jest's sandbox.
const {floor, fround, max} = Math;

interface Form {
  /** One pixel for all. */
  readonly isShared: boolean;
  /** One channel for all. */
  readonly oneChannel: boolean;
}
const forms: fc.Arbitrary<Form> = fc.record({isShared: fc.boolean(), oneChannel: fc.boolean()});

/** An input of a merge: pixels in the order of a list, or one for all. */
class Operand {
  readonly activation: Activation;
  readonly #order: readonly number[];

  constructor(
    readonly build: Build,
    readonly form: Form,
    readonly n: number,
    C: number,
    values: (count: number) => Float32Array,
    random: Random,
  ) {
    const width = form.isShared ? 1 : n + random.below(3);
    const size = form.oneChannel ? 1 : C;
    this.activation = new Activation(build, 1, width, size, values(width * size), random);
    const first = random.below(width);
    this.#order = Array.from({length: n}, (_, i) => (form.isShared ? 0 : (first + i) % width));
  }

  get addresses(): number {
    return this.build.words(this.#order.map((x) => this.activation.input.address(0, x)));
  }

  /** As kernels take it: 0 where pixels are listed. */
  get onePixel(): number {
    return this.form.isShared ? this.activation.input.base : 0;
  }

  value(i: number, c: number): number {
    return this.activation.input.value(0, this.#order[i], this.form.oneChannel ? 0 : c);
  }

  add(i: number, c: number, value: number): void {
    this.activation.add(0, this.#order[i], this.form.oneChannel ? 0 : c, value);
  }
}

const merges = fc.record({n: fc.integer({min: 1, max: 9}), C: fc.integer({min: 1, max: 9}), form: forms});

/** The kernel that adds rows to an input of a form. */
function addRows(
  {build, form, n, activation, addresses, onePixel}: Operand,
  C: number,
  rest: readonly [number, number, number],
): void {
  const {addPixels, addToOne, addChannelSum, addChannelSumToOne} = build.kernels;
  const {isShared, oneChannel} = form;
  const [d, pitch, factor] = rest;
  if (isShared) (oneChannel ? addChannelSumToOne : addToOne)(onePixel, n, C, activation.gOffset, ...rest);
  else if (oneChannel) addChannelSum(addresses, n, C, activation.gOffset, ...rest);
  else addPixels(addresses, n, C, activation.gOffset, d, pitch, 0, factor);
}

property(
  'addPixels, addToOne, addChannelSum and addChannelSumToOne add rows, times a factor, to an input of their form',
  fc.record({merge: merges, factor: fc.constantFrom(1, -1, 1 / 3)}),
  (build, {merge: {n, C, form}, factor}, random) => {
    const operand = new Operand(build, form, n, C, (count) => random.values(count), random);
    const {at, pitch, value} = rowsOf(build, n, C, random);
    addRows(operand, C, [at, pitch, factor]);
    for (let i = 0; i < n; i++) for (let c = 0; c < C; c++) operand.add(i, c, fround(factor) * value(i, c));
    operand.activation.expect();
  },
);

property('multiplyDelta multiplies rows by an input', merges, (build, {n, C, form}, random) => {
  const operand = new Operand(build, form, n, C, (count) => random.values(count), random);
  const {at, pitch, value} = rowsOf(build, n, C, random);
  const {addresses, onePixel, activation} = operand;
  build.kernels.multiplyDelta(addresses, n, C, Number(form.oneChannel), onePixel, at, pitch);
  const expected = Float32Array.from({length: n * pitch}, (_, at) => {
    const [i, c] = [floor(at / pitch), at % pitch];
    return c < C ? fround(value(i, c) * operand.value(i, c)) : 0;
  });
  expectSame(build.read(at, n * pitch), expected);
  activation.expect();
});

property(
  'claimDelta gives the gradient of a maximum to the first input that holds it, and to no other',
  fc.record({merge: merges, others: fc.array(forms, {minLength: 1, maxLength: 2})}),
  (build, {merge: {n, C, form}, others}, random) => {
    const few = (count: number) => Float32Array.from({length: count}, () => random.below(3));
    const operands = [form, ...others].map((own) => new Operand(build, own, n, C, few, random));
    const {at, pitch, value} = rowsOf(build, n, C, random);
    const largest = (i: number, c: number) => max(...operands.map((operand) => operand.value(i, c)));
    const z = build.floats(Float32Array.from({length: n * C}, (_, i) => largest(floor(i / C), i % C)));
    for (const {
      form: {oneChannel},
      addresses,
      onePixel,
      activation,
    } of operands) {
      const own = [addresses, n, C, Number(oneChannel), onePixel] as const;
      build.kernels.claimDelta(...own, z, at, pitch, activation.gOffset);
    }
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < C; c++)
        operands.find((operand) => operand.value(i, c) === largest(i, c))!.add(i, c, value(i, c));
    }
    operands.forEach(({activation}) => activation.expect());
    expectSame(build.read(at, n * pitch), new Float32Array(n * pitch));
  },
);
