/**
 * propagate and receptiveField against brute force. The reference lists, for each output, the input pixels in its window
 * with plain loops over taps; it shares no code and no idea with the room's word operations.
 */
import fc from 'fast-check';
import {propagate, receptiveField, Region, resolveWindow, type Pair, type Window} from '../../src/region';
import {randomNumbers, strayBits, valuesOf} from './reference';
import {sample} from '../scale';

type Padding = NonNullable<Window['padding']>;

interface Geometry {
  readonly output: Pair;
  readonly before: Pair;
}

/** Output size and leading padding, from TensorFlow's documentation of 'same' and 'valid'; null if there is no output. */
function geometry({
  input,
  kernel,
  strides = [1, 1],
  dilations = [1, 1],
  padding = 'valid',
}: Window): Geometry | null {
  const output: [number, number] = [0, 0];
  const before: [number, number] = [0, 0];
  for (const axis of [0, 1] as const) {
    const reach = 1 + (kernel[axis] - 1) * dilations[axis];
    let after = 0;
    if (padding === 'same') {
      const count = Math.ceil(input[axis] / strides[axis]);
      const total = Math.max(0, (count - 1) * strides[axis] + reach - input[axis]);
      before[axis] = total >> 1;
      after = total - before[axis];
    } else if (padding !== 'valid') {
      [before[axis], after] = padding[axis];
    }
    for (let at = -before[axis]; at + reach <= input[axis] + after; at += strides[axis]) output[axis]++;
  }
  return output[0] > 0 && output[1] > 0 ? {output, before} : null;
}

/** Calls `visit` with every (output, input) pair of linear indices such that the output reads the input. */
function forEachRead(
  window: Window,
  {output, before}: Geometry,
  visit: (out: number, input: number) => void,
): void {
  const {input, kernel, strides = [1, 1], dilations = [1, 1]} = window;
  for (let oy = 0; oy < output[0]; oy++) {
    for (let ox = 0; ox < output[1]; ox++) {
      for (let ky = 0; ky < kernel[0]; ky++) {
        const iy = oy * strides[0] - before[0] + ky * dilations[0];
        if (iy < 0 || iy >= input[0]) continue;
        for (let kx = 0; kx < kernel[1]; kx++) {
          const ix = ox * strides[1] - before[1] + kx * dilations[1];
          if (ix >= 0 && ix < input[1]) visit(oy * output[1] + ox, iy * input[1] + ix);
        }
      }
    }
  }
}

/** Many regions of one plane at once: bit t of a pixel says whether region t has it. */
function trials(size: number, width: number, random: () => number): Int32Array {
  const plane = new Int32Array(size);
  const singles = [0, size - 1, width - 1, size - width, ...[0, 0, 0].map(() => Math.floor(random() * size))];
  singles.forEach((pixel, t) => (plane[pixel] |= 1 << t));
  const densities = [0.01, 0.1, 0.5, 0.95, 1];
  densities.forEach((density, i) => {
    for (let p = 0; p < size; p++) if (random() < density) plane[p] |= 1 << (singles.length + i);
  });
  return plane;
}

const TRIALS = 12;

function regionOf([height, width]: Pair, plane: Int32Array, trial: number): Region {
  return Region.fromMask(
    height,
    width,
    plane.map((bits) => (bits >> trial) & 1),
  );
}

function agrees(region: Region, [height, width]: Pair, plane: Int32Array, trial: number): boolean {
  if (region.height !== height || region.width !== width || strayBits(region) > 0) return false;
  const mask = region.toMask();
  return plane.every((bits, i) => mask[i] === ((bits >> trial) & 1));
}

/** The directions in which a window's regions differ from the reference, on any trial. */
function differences(window: Window, shape: Geometry, random: () => number): string[] {
  const changed = trials(window.input[0] * window.input[1], window.input[1], random);
  const wanted = trials(shape.output[0] * shape.output[1], shape.output[1], random);
  const affected = new Int32Array(wanted.length);
  const needed = new Int32Array(changed.length);
  forEachRead(window, shape, (out, input) => {
    affected[out] |= changed[input];
    needed[input] |= wanted[out];
  });
  const found: string[] = [];
  for (let t = 0; t < TRIALS; t++) {
    const forwards = propagate(regionOf(window.input, changed, t), window);
    if (!agrees(forwards, shape.output, affected, t))
      found.push(`propagate, trial ${t}: ${JSON.stringify(window)}`);
    const backwards = receptiveField(regionOf(shape.output, wanted, t), window);
    if (!agrees(backwards, window.input, needed, t))
      found.push(`receptiveField, trial ${t}: ${JSON.stringify(window)}`);
  }
  return found;
}

const PLANES: Pair[] = [
  [5, 31],
  [6, 32],
  [4, 33],
  [7, 65],
  [9, 8],
  [1, 40],
  [1, 97],
];
const KERNELS: Pair[] = [
  [1, 1],
  [2, 2],
  [3, 3],
  [4, 4],
  [5, 5],
  [6, 6],
  [7, 7],
  [1, 3],
  [3, 1],
  [2, 5],
  [7, 4],
  [1, 6],
];
const STEPS: [Pair, Pair][] = [
  [
    [1, 1],
    [1, 1],
  ],
  [
    [2, 2],
    [1, 1],
  ],
  [
    [3, 3],
    [1, 1],
  ],
  [
    [1, 2],
    [1, 1],
  ],
  [
    [2, 1],
    [1, 1],
  ],
  [
    [1, 1],
    [2, 2],
  ],
  [
    [1, 1],
    [3, 3],
  ],
  [
    [1, 1],
    [1, 3],
  ],
  [
    [2, 3],
    [3, 2],
  ],
];
const PADDINGS: Padding[] = [
  'same',
  'valid',
  [
    [1, 0],
    [2, 3],
  ],
  [
    [0, 2],
    [0, 1],
  ],
  [
    [9, 3],
    [4, 33],
  ],
];

describe.each(PLANES)('windows over a plane of %i×%i', (height, width) => {
  const windows = KERNELS.flatMap((kernel) =>
    STEPS.flatMap(([strides, dilations]) =>
      PADDINGS.map((padding): Window => ({input: [height, width], kernel, strides, dilations, padding})),
    ),
  );

  it('reach exactly what a loop over their taps reaches, both ways', () => {
    const random = randomNumbers(height * 1000 + width);
    const found: string[] = [];
    let compared = 0;
    for (const window of windows) {
      const shape = geometry(window);
      if (!shape) continue;
      found.push(...differences(window, shape, random));
      compared++;
    }
    expect(found).toEqual([]);
    expect(compared).toBeGreaterThan(200); // 7 planes: well over a thousand windows
  });

  it('are refused exactly where there is no output', () => {
    for (const window of windows) {
      const shape = geometry(window);
      if (shape) expect(resolveWindow(window).output).toEqual(shape.output);
      else expect(() => resolveWindow(window)).toThrow('no output');
    }
  });
});

describe('any window', () => {
  const pair = (least: number, most: number) =>
    fc.tuple(fc.integer({min: least, max: most}), fc.integer({min: least, max: most}));
  const windows: fc.Arbitrary<Window> = fc.record({
    input: fc.tuple(fc.integer({min: 1, max: 8}), fc.integer({min: 1, max: 130})),
    kernel: pair(1, 9),
    strides: pair(1, 5),
    dilations: pair(1, 4),
    padding: fc.oneof(fc.constantFrom<Padding>('same', 'valid'), fc.tuple(pair(0, 10), pair(0, 40))),
  });

  it('agrees with brute force', () => {
    fc.assert(
      fc.property(windows, fc.nat(), (window, seed) => {
        const shape = geometry(window);
        fc.pre(shape !== null);
        expect(differences(window, shape, randomNumbers(seed))).toEqual([]);
      }),
      sample(300),
    );
  });

  it('is the same given resolved', () => {
    const window: Window = {input: [20, 40], kernel: [3, 2], strides: [2, 1], padding: 'same'};
    const region = Region.fromRects(20, 40, [{y: 3, x: 30, height: 2, width: 5}]);
    const resolved = resolveWindow(window);
    expect(propagate(region, resolved).equals(propagate(region, window))).toBe(true);
    const back = propagate(region, window);
    expect(receptiveField(back, resolved).equals(receptiveField(back, window))).toBe(true);
  });

  it('returns a region of its own, even where nothing moves', () => {
    const region = Region.full(4, 4);
    const window: Window = {input: [4, 4], kernel: [1, 1]};
    propagate(region, window).clear();
    receptiveField(region, window).clear();
    expect(region.isFull).toBe(true);
  });
});

describe('a real convolution', () => {
  /** One channel in, one out, every weight 1: no output that reads a perturbed input can stay. */
  function convolve(input: Float64Array, window: Window, shape: Geometry): Float64Array {
    const out = new Float64Array(shape.output[0] * shape.output[1]);
    forEachRead(window, shape, (o, i) => (out[o] += input[i]));
    return out;
  }

  it.each<Window>([
    {input: [9, 33], kernel: [3, 3], padding: 'same'},
    {input: [9, 34], kernel: [4, 4], strides: [2, 2], padding: 'same'},
    {input: [9, 32], kernel: [2, 3], dilations: [3, 2]},
    {input: [8, 31], kernel: [1, 1], strides: [2, 3]},
    {
      input: [1, 65],
      kernel: [1, 5],
      strides: [1, 3],
      padding: [
        [0, 0],
        [4, 0],
      ],
    },
    {
      input: [6, 10],
      kernel: [2, 2],
      strides: [3, 3],
      padding: [
        [1, 2],
        [0, 1],
      ],
    },
  ])('moves where propagate says, whichever pixel is perturbed: %j', (window) => {
    const shape = geometry(window)!;
    const random = randomNumbers(3);
    const input = Float64Array.from({length: window.input[0] * window.input[1]}, () => random());
    const before = convolve(input, window, shape);
    for (let pixel = 0; pixel < input.length; pixel++) {
      const perturbed = input.slice();
      perturbed[pixel] += 1;
      const moved = Array.from(convolve(perturbed, window, shape), (v, i) => (v !== before[i] ? 1 : 0));
      const region = Region.fromMask(
        ...window.input,
        Array.from(input, (_, i) => i === pixel),
      );
      expect(valuesOf(propagate(region, window))).toEqual(moved);
    }
  });
});

describe('regions of other planes', () => {
  const window: Window = {input: [8, 9], kernel: [3, 3]};
  it('are refused, each way', () => {
    expect(() => propagate(Region.full(8, 8), window)).toThrow(
      "propagate: the window's input plane is 8×9, but the region's is 8×8.",
    );
    expect(() => receptiveField(Region.full(8, 9), window)).toThrow(
      "receptiveField: the window's output plane is 6×7, but the region's is 8×9.",
    );
  });
});
