/** resolveWindow: TensorFlow's sizes and paddings, and what it refuses. */
import {backend_util} from '@tensorflow/tfjs-core';
import {resolveWindow, type Pair, type Window} from '../../src/region';

describe('resolveWindow', () => {
  const sizes: Pair[] = [
    [1, 16],
    [7, 7],
    [8, 13],
    [101, 76],
  ];
  const kernels: Pair[] = [
    [1, 1],
    [1, 3],
    [2, 2],
    [3, 3],
    [4, 5],
    [7, 7],
  ];
  const steps: [Pair, Pair][] = [
    [
      [1, 1],
      [1, 1],
    ],
    [
      [2, 2],
      [1, 1],
    ],
    [
      [3, 2],
      [1, 1],
    ],
    [
      [1, 1],
      [2, 3],
    ],
  ];
  const grid = sizes.flatMap((input) =>
    kernels.flatMap((kernel) =>
      steps.flatMap(([strides, dilations]) =>
        (['same', 'valid'] as const).map((padding) => ({input, kernel, strides, dilations, padding})),
      ),
    ),
  );

  it('agrees with tfjs on the output and the padding of every convolution of a grid', () => {
    let compared = 0;
    for (const window of grid) {
      const reach = [0, 1].map((i) => (window.kernel[i] - 1) * window.dilations[i] + 1);
      if (window.padding === 'valid' && reach.some((r, i) => r > window.input[i])) continue;
      const info = backend_util.computeConv2DInfo(
        [1, ...window.input, 3],
        [...window.kernel, 3, 2],
        [...window.strides],
        [...window.dilations],
        window.padding,
      );
      const resolved = resolveWindow(window);
      const {top, bottom, left, right} = info.padInfo;
      expect({...window, output: resolved.output, pad: resolved.pad}).toEqual({
        ...window,
        output: [info.outHeight, info.outWidth],
        pad: {top, bottom, left, right},
      });
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
  });

  it('agrees with tfjs on explicit padding, which may exceed the kernel', () => {
    const info = backend_util.computeConv2DInfo(
      [1, 9, 10, 3],
      [3, 2, 3, 2],
      2,
      1,
      [
        [0, 0],
        [5, 1],
        [0, 7],
        [0, 0],
      ],
      'floor',
    );
    const resolved = resolveWindow({
      input: [9, 10],
      kernel: [3, 2],
      strides: [2, 2],
      padding: [
        [5, 1],
        [0, 7],
      ],
    });
    expect(resolved.output).toEqual([info.outHeight, info.outWidth]);
    expect(resolved.pad).toEqual({top: 5, bottom: 1, left: 0, right: 7});
  });

  it('takes strides 1, dilations 1 and no padding by default', () => {
    expect(resolveWindow({input: [5, 6], kernel: [2, 3]})).toEqual({
      input: [5, 6],
      output: [4, 4],
      kernel: [2, 3],
      strides: [1, 1],
      dilations: [1, 1],
      pad: {top: 0, bottom: 0, left: 0, right: 0},
    });
  });

  const good: Window = {input: [5, 6], kernel: [3, 3]};
  it.each<[string, Record<string, unknown>, string]>([
    ['an empty input', {input: [0, 6]}, 'Window: input[0] must be a positive integer, but is 0.'],
    [
      'a kernel that is no pair',
      {kernel: 3},
      'Window: kernel must be two integers, vertical then horizontal, but is 3.',
    ],
    ['three strides', {strides: [1, 1, 1]}, 'Window: strides must be two integers'],
    ['a stride of 0', {strides: [1, 0]}, 'Window: strides[1] must be a positive integer, but is 0.'],
    [
      'half a dilation',
      {dilations: [0.5, 1]},
      'Window: dilations[0] must be a positive integer, but is 0.5.',
    ],
    [
      'an unknown padding',
      {padding: 'full'},
      `Window: padding must be 'same', 'valid' or [[top, bottom], [left, right]], but is "full".`,
    ],
    ['a flat padding', {padding: [1, 1]}, 'Window: padding[0] must be two integers'],
    [
      'a negative padding',
      {
        padding: [
          [0, 0],
          [0, -1],
        ],
      },
      'Window: padding[1][1] must be an integer of 0 or more, but is -1.',
    ],
    [
      'a kernel over the input',
      {kernel: [6, 3]},
      'no output: a kernel of height 6 with dilation 1 reaches over 6 pixels, but the padded input has 5.',
    ],
    [
      'a dilation over the input',
      {dilations: [1, 3]},
      'no output: a kernel of width 3 with dilation 3 reaches over 7 pixels, but the padded input has 6.',
    ],
  ])('refuses %s', (_, change, message) => {
    const bad = {...good, ...change} as Window;
    expect(() => resolveWindow(bad)).toThrow(RangeError);
    expect(() => resolveWindow(bad)).toThrow(message);
  });
});
