/** Merging inputs into a result: each function, and inputs that all pixels or all channels share. */
import * as fc from 'fast-check';
import {expectClose, listed, plane, property} from './harness';

const FUNCTIONS: ((a: number, b: number) => number)[] = [
  (a, b) => a + b,
  (a, b) => a - b,
  (a, b) => a * b,
  Math.max,
  Math.min,
  (_, b) => b,
  (a, b) => a / b,
];

const shapes = fc.record({
  H: fc.integer({min: 1, max: 5}),
  W: fc.integer({min: 1, max: 5}),
  C: fc.integer({min: 1, max: 11}),
  fn: fc.integer({min: 0, max: 6}),
  oneChannel: fc.boolean(),
  onePixel: fc.boolean(),
});

property('fold', shapes, (build, {H, W, C, fn, oneChannel, onePixel}, random) => {
  const channels = oneChannel ? 1 : C;
  const [height, width] = onePixel ? [1, 1] : [H, W];
  const input = plane(build, height, width, channels, random.wildValues(height * width * channels));
  const soFar = random.wildValues(H * W * C);
  const pixels = random.some(H * W);
  const at = (pixel: number): [number, number] => (onePixel ? [0, 0] : [Math.floor(pixel / W), pixel % W]);
  const actual = listed(build, pixels, C, (list, to) => {
    const into = new Float32Array(build.memory.buffer, to, list.length * C);
    list.forEach((pixel, i) => into.set(soFar.subarray(pixel * C, (pixel + 1) * C), i * C));
    const from = onePixel ? 0 : build.words(list.map((pixel) => input.address(...at(pixel))));
    build.kernels.fold(fn, from, list.length, C, Number(oneChannel), onePixel ? input.base : 0, to);
  });
  expectClose(
    actual,
    (i) => {
      const pixel = pixels[Math.floor(i / C)];
      const b = input.value(...at(pixel), oneChannel ? 0 : i % C);
      return {value: FUNCTIONS[fn](soFar[pixel * C + (i % C)], b)};
    },
    1e-7,
  );
});

property('scaleInPlace', fc.integer({min: 1, max: 40}), (build, count, random) => {
  const values = random.wildValues(count);
  const at = build.floats(values);
  build.kernels.scaleInPlace(at, count, 0.375);
  expectClose(build.read(at, count), (i) => ({value: values[i] * 0.375}), 1e-7);
});
