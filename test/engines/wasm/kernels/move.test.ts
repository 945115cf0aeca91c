/** Copies of pixels, which write nothing beside them, and bilinear upsampling as tfjs's kernels do it. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as fc from 'fast-check';
import {coordinates, expectClose, expectSame, listed, plane, property} from './harness';

property(
  'copyPixels',
  fc.record({C: fc.integer({min: 1, max: 19}), beside: fc.integer({min: 0, max: 6})}),
  (build, {C, beside}, random) => {
    const input = plane(build, 4, 4, C, random.wildValues(16 * C));
    const pixels = random.some(16).map((pixel) => (random.below(5) === 0 ? -1 : pixel));
    const from = build.words(pixels.map((pixel) => (pixel < 0 ? 0 : input.address(pixel >> 2, pixel & 3))));
    const before = random.values((pixels.length + 1) * (C + beside));
    const to = build.floats(before);
    build.kernels.copyPixels(from, pixels.length, 4 * C, to, 4 * (C + beside));
    const expected = before.slice();
    pixels.forEach((pixel, i) => {
      for (let c = 0; c < C; c++)
        expected[i * (C + beside) + c] = pixel < 0 ? 0 : input.value(pixel >> 2, pixel & 3, c);
    });
    expectSame(build.read(to, before.length), expected);
  },
);

property(
  'upsampleBilinear',
  fc.record({
    H: fc.integer({min: 1, max: 5}),
    W: fc.integer({min: 1, max: 5}),
    C: fc.integer({min: 1, max: 9}),
    factor: fc.tuple(fc.integer({min: 1, max: 4}), fc.integer({min: 1, max: 4})),
    wild: fc.boolean(),
  }),
  (build, {H, W, C, factor: [fh, fw], wild}, random) => {
    const values = wild ? random.wildValues(H * W * C) : random.values(H * W * C);
    const input = plane(build, H, W, C, values);
    const pixels = random.some(H * fh * W * fw);
    const actual = listed(build, pixels, C, (list, to) => {
      const {ys, xs} = coordinates(build, list, W * fw);
      build.kernels.upsampleBilinear(ys, xs, list.length, input.base, input.rowBytes, H, W, C, fh, fw, to);
    });
    tf.engine().startScope();
    const whole = tf.image.resizeBilinear(tf.tensor3d(values, [H, W, C]), [H * fh, W * fw]).dataSync();
    tf.engine().endScope();
    const scale = values.reduce(
      (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
      1,
    );
    expectClose(actual, (i) => ({value: whole[pixels[Math.floor(i / C)] * C + (i % C)], scale}));
  },
);
