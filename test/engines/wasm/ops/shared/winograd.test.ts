/** Filters for tiles: how the products follow from the taps, and how uneven a filter is. That kernels read them so: ../../tiles.test.ts. */
import {
  isEven,
  packTiled,
  tiledFloats,
  unevenness,
} from '../../../../../src/engines/wasm/ops/shared/winograd';

const INPUTS = 3;
const OUTPUTS = 10;

const filterOf = (value: (tap: number, input: number, output: number) => number) =>
  new Float32Array(9 * INPUTS * OUTPUTS).map((_, i) =>
    value(Math.floor(i / (INPUTS * OUTPUTS)), Math.floor(i / OUTPUTS) % INPUTS, i % OUTPUTS),
  );

const plain = {scale: new Float64Array(OUTPUTS).fill(1), bias: new Float64Array(OUTPUTS)};
const ofFilter = (filter: Float32Array) => unevenness({filter}, plain.scale);

test('taps of 1 have products that add up to 16', () => {
  expect(ofFilter(filterOf(() => 1))).toBe(16);
});

test('channels may be of any scale', () => {
  const scaled = filterOf((_tap, input, output) => 10 ** (3 * input) * 1000 ** -output);
  expect(ofFilter(scaled)).toBeCloseTo(16, 4);
});

test.each([
  [
    'of an output channel',
    (tap: number, _input: number, output: number) => Number(tap === 4 || output !== 7),
  ],
  ['of an input channel', (tap: number, input: number) => Number(tap === 4 || input !== 2)],
])('a single tap %s is too uneven', (_, value) => {
  const filter = filterOf(value);
  expect(ofFilter(filter)).toBe(Infinity);
  expect(isEven({filter}, plain)).toBe(false);
});

test('a channel without any taps does not count', () => {
  expect(ofFilter(filterOf((_tap, _input, output) => Number(output !== 7)))).toBe(16);
});

test('weights that are not finite are not even', () => {
  expect(isEven({filter: filterOf((tap) => (tap === 4 ? NaN : 1))}, plain)).toBe(false);
});

test('a filter is packed by products, blocks of output channels, and input channels, with what the sums begin with', () => {
  const filter = filterOf((tap, input, output) => tap + 10 * input + 100 * output);
  const scale = plain.scale.map((_, o) => 2 ** -o);
  const bias = plain.bias.map((_, o) => o + 1);
  const into = new Float32Array(tiledFloats(INPUTS, OUTPUTS));
  packTiled({filter}, {scale, bias}, into);
  const at = (product: number, row: number, output: number) =>
    into[((product * 2 + Math.floor(output / 8)) * (INPUTS + 1) + row) * 8 + (output % 8)];
  for (let output = 0; output < OUTPUTS; output++) {
    for (let product = 0; product < 16; product++)
      expect(at(product, 0, output)).toBe(product === 5 ? output + 1 : 0);
    const tap = (index: number) => (index + 10 + 100 * output) * scale[output];
    // The corners are taps; in the middle of the upper row, half of the sum of three.
    expect([0, 3, 12, 15].map((product) => at(product, 2, output))).toEqual(
      [0, 2, 6, 8].map((index) => Math.fround(tap(index))),
    );
    expect(at(1, 2, output)).toBe(Math.fround((tap(0) + tap(1) + tap(2)) / 2));
    expect(at(2, 2, output)).toBe(Math.fround((tap(0) - tap(1) + tap(2)) / 2));
  }
});
