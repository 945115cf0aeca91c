/**
 * The region that a change reaches, against tfjs: change the pixels, compute both, and see which outputs
 * differ. Numbers are random, so every output that reads a changed pixel does differ, where the op reads all it says.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {
  GraphBuilder,
  LINEAR,
  planeOf,
  reshapeTo,
  definitionOf,
  type KnownForm,
  type Op,
  type Plane,
} from '../../../src/graph';
import {Region} from '../../../src/region';
import {numbers} from '../../importers/helpers';
import {interpret} from '../../importers/interpret';
import {sample} from '../../scale';

beforeAll(() => tf.setBackend('cpu'));

interface Case {
  readonly op: Op;
  /** Of the inputs. */
  readonly planes: readonly Plane[];
  /** Shapes of the weights. */
  readonly weights?: Readonly<Record<string, number[]>>;
}

const side = fc.integer({min: 1, max: 7});
const image = fc.record({height: side, width: side, channels: fc.integer({min: 1, max: 3})});
const pair = (max: number) => fc.tuple(fc.integer({min: 1, max}), fc.integer({min: 1, max}));
const windowOf = fc.record({
  kernel: pair(3),
  strides: pair(3),
  dilations: fc.constant([1, 1] as const),
  padding: fc.constant('same' as const),
});

const moving: fc.Arbitrary<Case> = fc.oneof(
  fc
    .record({
      planes: fc.tuple(image),
      amounts: fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({min: -3, max: 3}))),
    })
    .map(({planes, amounts: [top, bottom, left, right]}): Case => ({
      op: {kind: 'pad2d', top, bottom, left, right},
      planes,
    }))
    .filter(
      ({op, planes: [{height, width}]}) =>
        op.kind === 'pad2d' && height + op.top + op.bottom > 0 && width + op.left + op.right > 0,
    ),
  fc
    .record({
      planes: fc.tuple(image),
      factor: pair(3),
      interpolation: fc.constantFrom('nearest' as const, 'bilinear' as const),
    })
    .map(({planes, factor, interpolation}): Case => ({
      op: {kind: 'upsample2d', factor, interpolation},
      planes,
    })),
  image.map((plane): Case => {
    const {height, width, channels} = plane;
    return {
      op: reshapeTo([height * width * channels], {height: width, width: channels, channels: height}),
      planes: [plane],
    };
  }),
  image.map((plane): Case => ({
    op: reshapeTo([plane.width, plane.height * plane.channels]),
    planes: [plane],
  })),
  image.map((plane): Case => ({
    op: reshapeTo([plane.height * plane.width * plane.channels], plane),
    planes: [plane],
  })),
);

const joining: fc.Arbitrary<Case> = fc.oneof(
  fc
    .record({
      plane: image,
      axis: fc.constantFrom('height' as const, 'width' as const, 'channels' as const),
      sizes: fc.array(side, {minLength: 1, maxLength: 4}),
    })
    .map(({plane, axis, sizes}): Case => ({
      op: {kind: 'concat', axis},
      planes: sizes.map((size) => ({...plane, [axis]: size})),
    })),
  fc
    .record({
      plane: image,
      fn: fc.constantFrom('add' as const, 'subtract' as const, 'average' as const),
      others: fc.array(fc.nat(3), {minLength: 1, maxLength: 3}),
    })
    .map(({plane, fn, others}): Case => {
      const {height, width, channels} = plane;
      const shared = others.map(
        (other) =>
          [
            plane,
            {height: 1, width: 1, channels},
            {height, width, channels: 1},
            {height: 1, width: 1, channels: 1},
          ][other],
      );
      return {op: {kind: 'merge', fn, activation: LINEAR}, planes: [plane, ...shared]};
    }),
);

const weighing: fc.Arbitrary<Case> = fc.oneof(
  fc.record({planes: fc.tuple(image), window: windowOf}).map(({planes, window}): Case => ({
    op: {kind: 'conv2d', filters: 2, window, activation: LINEAR, batchNormEpsilon: null},
    planes,
    weights: {filter: [...window.kernel, planes[0].channels, 2]},
  })),
  fc
    .record({planes: fc.tuple(image), window: windowOf})
    .map(({planes, window}): Case => ({op: {kind: 'pool2d', mode: 'average', window}, planes})),
  image.map((plane): Case => ({op: {kind: 'globalPool', mode: 'average'}, planes: [plane]})),
  image.map((plane): Case => ({op: {kind: 'activation', activation: {name: 'softsign'}}, planes: [plane]})),
);

/** The regions that the definition gives and that brute force finds. */
function bothWays(
  {op, planes, weights = {}}: Case,
  share: number,
  seed: number,
): {told: Region; found: Region; macs: number; whole: number} {
  const builder = new GraphBuilder();
  const inputs = planes.map(({height, width, channels}, i) =>
    builder.input(`x${i}`, [height, width, channels]),
  );
  const slots = Object.entries(weights).map(([key, shape], i) => {
    const tensor = tf.tensor(numbers(tf.util.sizeFromShape(shape), seed + 100 + i), shape);
    return [key, builder.weight({name: key, shape, read: () => tensor})];
  });
  const [y] = builder.node(op, inputs, {name: 'y', weights: Object.fromEntries(slots)});
  const graph = builder.build([y]);
  const output = {shape: builder.value(y).shape!, plane: planeOf(builder.value(y))};
  const forms: KnownForm[] = planes.map((plane) => ({
    shape: [plane.height, plane.width, plane.channels],
    plane,
  }));
  const changed = planes.map((plane, i) => someOf(plane, share, seed + i));
  const told = definitionOf(op).affected(op, forms, output, changed);
  const before = planes.map((plane, i) => numbers(sizeOfPlane(plane), seed + 10 + i));
  const after = before.map((values, i) => withChange(values, planes[i], changed[i], seed + 20 + i));
  const [a, b] = [before, after].map((all) => {
    const frame = all.map((values, i) => tf.tensor(values.slice(), [1, ...forms[i].shape]));
    return interpret(graph, frame)[0].dataSync();
  });
  const full = planes.map(({height, width}) => Region.full(height, width));
  const macs = (regions: Region[], region: Region) =>
    definitionOf(op).macs(op, forms, output, regions, region);
  return {
    told,
    found: differing(a, b, output.plane),
    macs: macs(changed, told),
    whole: macs(full, Region.full(output.plane.height, output.plane.width)),
  };
}

const sizeOfPlane = ({height, width, channels}: Plane): number => height * width * channels;

function someOf({height, width}: Plane, share: number, seed: number): Region {
  const chosen = numbers(height * width, seed + 7).map((value) => Number((value + 1) / 2 < share));
  return Region.fromMask(height, width, chosen);
}

function withChange(values: Float32Array, {channels}: Plane, region: Region, seed: number): Float32Array {
  const other = numbers(values.length, seed);
  const mask = region.toMask();
  return values.map((value, i) => (mask[Math.floor(i / channels)] ? other[i] : value));
}

function differing(a: ArrayLike<number>, b: ArrayLike<number>, {height, width, channels}: Plane): Region {
  const mask = new Uint8Array(height * width);
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) mask[Math.floor(i / channels)] = 1;
  return Region.fromMask(height, width, mask);
}

const share = fc.constantFrom(0, 0.05, 0.2, 0.6, 1);

describe.each([
  ['moves', moving],
  ['joins', joining],
  ['weighs', weighing],
])('an op that %s', (_name, cases) => {
  test('reaches exactly the outputs that brute force finds', () => {
    fc.assert(
      fc.property(cases, share, fc.nat(10_000), (given, part, seed) => {
        const {told, found, macs, whole} = bothWays(given, part, seed);
        expect([...told.toMask()]).toEqual([...found.toMask()]);
        expect(macs).toBeGreaterThanOrEqual(0);
        expect(macs).toBeLessThanOrEqual(whole);
      }),
      sample(250),
    );
  });
});
