/**
 * The plain build against those with SIMD: what only moves or compares values gives the same bits, a convolution the same
 * but for rounding.
 */
import * as fc from 'fast-check';
import {builds, isClose, plane, Random, type Build} from './harness';
import {sample} from '../../../scale';

/** What kernels leave in memory and return, build by build, for one draw of numbers. */
function everywhere<T>(
  name: string,
  shape: fc.Arbitrary<T>,
  run: (build: Build, shape: T, random: Random) => Uint8Array | number[],
  agree: (a: Uint8Array | number[], b: Uint8Array | number[]) => void = (a, b) =>
    expect([...a]).toEqual([...b]),
): void {
  it(name, () => {
    fc.assert(
      fc.property(shape, fc.integer({min: 1}), (drawn, seed) => {
        const [first, ...others] = builds.map((build) => {
          build.reset();
          return run(build, drawn, new Random(seed));
        });
        for (const other of others) agree(other, first);
      }),
      sample({short: 20, ci: 80, long: 80}),
    );
  });
}

everywhere(
  'commitExact',
  fc.record({n: fc.integer({min: 1, max: 6}), C: fc.integer({min: 1, max: 9})}),
  (build, {n, C}, random) => {
    const old = random.wildValues(n * C);
    const values = old.map((value) => (random.below(3 * C) === 0 ? -value : value));
    const to = build.floats(old);
    const addresses = build.words(Array.from({length: n}, (_, i) => to + 4 * C * i));
    const flags = build.space(n);
    build.kernels.commitExact(build.floats(values), n, C, addresses, flags);
    return [...build.bytes(flags, n), ...build.bytes(to, 4 * n * C)];
  },
);

const frames = fc.record({
  H: fc.integer({min: 1, max: 3}),
  W: fc.integer({min: 1, max: 70}),
  C: fc.integer({min: 1, max: 5}),
  stride: fc.integer({min: 0, max: 2}),
  kind: fc.integer({min: 0, max: 2}),
  gate: fc.constantFrom(0, 0.5, 2),
  prune: fc.boolean(),
});

/** A frame in memory as its kind stores it. */
function frameOf(build: Build, kind: number, values: Float32Array): number {
  if (kind === 0) return build.floats(values);
  if (kind === 1) return build.words(Int32Array.from(values));
  const at = build.space(values.length);
  new Uint8Array(build.memory.buffer, at, values.length).set(values.map(Math.abs));
  return at;
}

everywhere('diffFrame and takeFrame', frames, (build, {H, W, C, stride, kind, gate, prune}, random) => {
  const whole = (values: Float32Array) =>
    kind === 0 ? values : values.map((value) => Math.abs(Math.trunc(value)));
  const old = whole(random.values(H * W * C));
  const cached = plane(build, H, W, C, old);
  const frame = whole(random.values(H * W * (C + stride)));
  for (let i = 0; i < H * W; i++)
    for (let c = 0; c < C; c++) if (random.below(8 * C) > 0) frame[i * (C + stride) + c] = old[i * C + c];
  const at = frameOf(build, kind, frame);
  const words = H * Math.ceil(W / 32);
  const mask = build.space(4 * words);
  const common = [at, kind, C + stride, cached.base, cached.rowBytes, H, W, C];
  const changed = build.kernels.diffFrame(...common, gate, mask);
  const differing = build.bytes(mask, 4 * words);
  // Taken over: half of all pixels, whether they changed or not.
  const wanted = new Uint32Array(build.memory.buffer, mask, words);
  for (let y = 0; y < H; y++)
    for (let x = 0; x < W; x++)
      if (random.below(2) > 0) wanted[y * Math.ceil(W / 32) + (x >> 5)] ^= 1 << (x & 31);
  const taken = build.kernels.takeFrame(...common, gate, mask, Number(prune));
  const after = build.bytes(cached.base, H * cached.rowBytes);
  return [changed, ...differing, taken, ...build.bytes(mask, 4 * words), ...after];
});

everywhere(
  'conv',
  fc.record({
    n: fc.integer({min: 1, max: 14}),
    inputs: fc.integer({min: 1, max: 5}),
    outputs: fc.integer({min: 1, max: 21}),
    kernel: fc.constantFrom<[number, number][]>([1, 1], [3, 3], [2, 3]),
    dilated: fc.boolean(),
    low: fc.constantFrom(-Infinity, 0),
  }),
  (build, {n, inputs, outputs, kernel: [kh, kw], dilated, low}, random) => {
    const W = n + 2 * kw;
    const input = plane(build, kh, W, inputs, random.values(kh * W * inputs));
    const blocks = Array.from({length: Math.ceil(outputs / 8)}, (_, b) => (outputs - 8 * b > 4 ? 8 : 4));
    const filter = blocks.flatMap((block, b) =>
      Array.from({length: (1 + kh * kw * inputs) * block}, (_, i) =>
        8 * b + (i % block) < outputs ? random.value() : 0,
      ),
    );
    const pixelBytes = 4 * inputs;
    const [runs, runBytes, runSkip] = dilated ? [kw, pixelBytes, pixelBytes] : [1, kw * pixelBytes, 0];
    const rowSkip = input.rowBytes - runs * (runBytes + runSkip);
    const from = build.words(Array.from({length: n}, (_, x) => input.address(0, x)));
    const old = random.values(n * outputs);
    const to = build.floats(old);
    const output = build.words(Array.from({length: n}, (_, i) => to + 4 * outputs * i));
    const flags = build.space(n);
    const window = [kh, rowSkip, runs, runBytes, runSkip];
    build.kernels.conv(from, n, build.floats(filter), outputs, ...window, low, Infinity, output, flags);
    return [...build.bytes(flags, n), ...build.read(to, n * outputs)];
  },
  (a, b) => {
    expect(a.length).toBe(b.length);
    a.forEach((value, i) => expect(isClose(value, b[i], 100)).toBe(true));
  },
);
