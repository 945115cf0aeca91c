/** Pools over windows of every kind, at every border. */
import * as fc from 'fast-check';
import {coordinates, expectClose, listed, plane, property, type InMemory} from './harness';

const shapes = fc.record({
  H: fc.integer({min: 1, max: 9}),
  W: fc.integer({min: 1, max: 9}),
  C: fc.integer({min: 1, max: 9}),
  kernel: fc.tuple(fc.integer({min: 1, max: 4}), fc.integer({min: 1, max: 4})),
  strides: fc.tuple(fc.integer({min: 1, max: 3}), fc.integer({min: 1, max: 3})),
  dilation: fc.constantFrom(1, 1, 2, 3),
  average: fc.boolean(),
});

interface Taps {
  readonly input: InMemory;
  readonly top: number;
  readonly left: number;
  readonly c: number;
}

property(
  'pool',
  shapes,
  (build, {H, W, C, kernel: [kh, kw], strides: [sh, sw], dilation, average}, random) => {
    const input = plane(build, H, W, C, average ? random.values(H * W * C) : random.wildValues(H * W * C));
    const [padTop, padLeft] = [random.below(kh), random.below(kw)];
    const outH = Math.ceil((H + padTop) / sh);
    const outW = Math.ceil((W + padLeft) / sw);

    const inside = ({input: from, top, left, c}: Taps) => {
      const values: number[] = [];
      for (let y = top; y < top + kh * dilation; y += dilation)
        for (let x = left; x < left + kw * dilation; x += dilation)
          if (y >= 0 && y < H && x >= 0 && x < W) values.push(from.value(y, x, c));
      return values;
    };

    const pixels = random.some(outH * outW);
    const actual = listed(build, pixels, C, (list, to) => {
      const {ys, xs} = coordinates(build, list, outW);
      const {base, rowBytes} = input;
      const window = [kh, kw, sh, sw, dilation, dilation, padTop, padLeft] as const;
      build.kernels.pool(ys, xs, list.length, base, rowBytes, H, W, C, ...window, Number(average), to);
    });
    expectClose(actual, (i) => {
      const pixel = pixels[Math.floor(i / C)];
      const top = Math.floor(pixel / outW) * sh - padTop;
      const values = inside({input, top, left: (pixel % outW) * sw - padLeft, c: i % C});
      const sum = values.reduce((a, b) => a + b, 0);
      // As tfjs on the cpu: a maximum passes over what is not a number.
      const value = average ? sum / values.length : values.reduce((a, b) => (b > a ? b : a), -Infinity);
      return {value, scale: average ? 3 : 0};
    });
  },
);
