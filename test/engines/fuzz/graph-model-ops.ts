/** The ops that only graph models have, drawn as plain data and bent until they fit a plane. */
import * as fc from 'fast-check';
import type {Activation, Op, Plane, Shape} from '../../../src/graph';

type Pair = [number, number];

export type GraphModelSpec =
  | {kind: 'affine'; scale: Extent; shift: Extent; activation: Activation}
  | {kind: 'resize'; size: Pair; corners: 'aligned' | 'half pixels' | 'neither'}
  | {kind: 'pick'; rows: number[]; columns: number[]; fill: number}
  | {kind: 'sliceChannels'; begin: number; size: number}
  | {kind: 'depthToSpace'; block: number; channels: number}
  | {
      kind: 'convTranspose';
      filters: number;
      kernel: Pair;
      strides: Pair;
      pad: Pair;
      crop: Pair;
      weights: {bias: boolean; scale: boolean; shift: boolean};
      activation: Activation;
    };

/** What has a value of its own: nothing, each channel, or each value of the plane. */
type Extent = 'none' | 'channels' | 'values';

/** An op, and the shapes of its weights. */
export interface MadeOp {
  readonly op: Op;
  readonly weights: Readonly<Record<string, Shape>>;
}

const pair = (least: number, most: number): fc.Arbitrary<Pair> =>
  fc.tuple(fc.integer({min: least, max: most}), fc.integer({min: least, max: most}));
const extent = fc.constantFrom<Extent>('none', 'channels', 'channels', 'values');
/** Parts of a thousand of the plane's side; some of them none. */
const numbers = fc.array(
  fc.oneof({weight: 5, arbitrary: fc.integer({min: 0, max: 999})}, {weight: 1, arbitrary: fc.constant(-1)}),
  {minLength: 1, maxLength: 12},
);

export const graphModelNode = (activation: fc.Arbitrary<Activation>): fc.Arbitrary<GraphModelSpec> =>
  fc.oneof(
    fc.record({kind: fc.constant('affine' as const), scale: extent, shift: extent, activation}),
    fc.record({
      kind: fc.constant('resize' as const),
      size: pair(1, 14),
      corners: fc.constantFrom<'aligned' | 'half pixels' | 'neither'>('aligned', 'half pixels', 'neither'),
    }),
    fc.record({
      kind: fc.constant('pick' as const),
      rows: numbers,
      columns: numbers,
      fill: fc.constantFrom(0, -1.25, 3),
    }),
    fc.record({
      kind: fc.constant('sliceChannels' as const),
      begin: fc.nat(9),
      size: fc.integer({min: 1, max: 9}),
    }),
    fc.record({
      kind: fc.constant('depthToSpace' as const),
      block: fc.integer({min: 1, max: 3}),
      channels: fc.integer({min: 1, max: 5}),
    }),
    fc.record({
      kind: fc.constant('convTranspose' as const),
      filters: fc.integer({min: 1, max: 10}),
      kernel: pair(1, 5),
      strides: pair(1, 3),
      pad: pair(0, 2),
      crop: pair(-2, 2),
      weights: fc.record({bias: fc.boolean(), scale: fc.boolean(), shift: fc.boolean()}),
      activation,
    }),
  );

function convTranspose(
  spec: Extract<GraphModelSpec, {kind: 'convTranspose'}>,
  {height, width, channels}: Plane,
  mostValues: number,
): MadeOp | null {
  const {kernel, strides, pad, crop, filters, activation} = spec;
  const sideOf = (count: number, axis: 0 | 1) =>
    Math.max(1, (count - 1) * strides[axis] + kernel[axis] - pad[axis] - crop[axis]);
  const size: Pair = [sideOf(height, 0), sideOf(width, 1)];
  if (size[0] * size[1] * filters > mostValues) return null;
  const wanted = (['bias', 'scale', 'shift'] as const).filter((name) => spec.weights[name]);
  return {
    op: {
      kind: 'conv2dTranspose',
      filters,
      kernel,
      strides,
      pad: {top: pad[0], left: pad[1]},
      size,
      activation,
    },
    weights: {
      filter: [...kernel, filters, channels],
      ...Object.fromEntries(wanted.map((name) => [name, [filters]])),
    },
  };
}

/**
 * @param plane of the input, an image
 * @returns null where the result would have more than `mostValues`
 */
export function graphModelOp(spec: GraphModelSpec, plane: Plane, mostValues: number): MadeOp | null {
  const {height, width, channels} = plane;
  switch (spec.kind) {
    case 'affine': {
      const shapes = {none: null, channels: [channels], values: [height, width, channels]};
      const weights: Record<string, Shape> = {};
      for (const name of ['scale', 'shift'] as const) {
        const shape = shapes[spec[name]];
        if (shape) weights[name] = shape;
      }
      return {op: {kind: 'affine', activation: spec.activation}, weights};
    }
    case 'resize': {
      const {size, corners} = spec;
      if (size[0] * size[1] * channels > mostValues) return null;
      const [alignCorners, halfPixelCenters] = [corners === 'aligned', corners === 'half pixels'];
      return {op: {kind: 'resize2d', size, alignCorners, halfPixelCenters}, weights: {}};
    }
    case 'pick': {
      const {rows, columns, fill} = spec;
      if (rows.length * columns.length * channels > mostValues) return null;
      const within = (side: number) => (i: number) => (i < 0 ? -1 : Math.floor((i * side) / 1000));
      const op: Op = {
        kind: 'gather2d',
        rows: rows.map(within(height)),
        columns: columns.map(within(width)),
        fill,
      };
      return {op, weights: {}};
    }
    case 'sliceChannels': {
      const begin = spec.begin % channels;
      return {
        op: {kind: 'sliceChannels', begin, size: Math.min(spec.size, channels - begin)},
        weights: {},
      };
    }
    case 'depthToSpace':
      return channels % spec.block ** 2 === 0
        ? {op: {kind: 'depthToSpace', block: spec.block}, weights: {}}
        : null;
    case 'convTranspose':
      return convTranspose(spec, plane, mostValues);
  }
}
