/** An op of each kind with planes that it takes, drawn at random. */
import fc from 'fast-check';
import {
  LINEAR,
  reshapeTo,
  type MergeFunction,
  type Op,
  type OpKind,
  type Plane,
  type Shape,
  type WindowConfig,
} from '../../../src/graph';
import {graphModelNode, graphModelOp} from '../../engines/fuzz/graph-model-ops';

export interface Case {
  readonly op: Op;
  /** Of the inputs, which are images but for a dense layer's. */
  readonly planes: readonly Plane[];
  /** Shapes of the weights. */
  readonly weights?: Readonly<Record<string, Shape>>;
}

type Pair = [number, number];

const upTo = (max: number, min = 1) => fc.integer({min, max});
const pair = (max: number, min = 1): fc.Arbitrary<Pair> => fc.tuple(upTo(max, min), upTo(max, min));
/** Wide enough, now and then, for two words of a mask. */
const width = fc.oneof({weight: 5, arbitrary: upTo(9)}, {weight: 1, arbitrary: fc.constantFrom(31, 33, 40)});
const image: fc.Arbitrary<Plane> = fc.record({
  height: upTo(9),
  width,
  channels: fc.constantFrom(1, 2, 3, 4, 8, 9),
});

/** A window, and a plane that it fits on. Either strides or dilations. */
const windowed = fc
  .record({
    plane: image,
    kernel: pair(4),
    steps: pair(3),
    dilates: fc.boolean(),
    pad: fc.oneof(fc.constantFrom('same' as const, 'valid' as const), fc.tuple(pair(3, 0), pair(3, 0))),
  })
  .map(({plane, kernel, steps, dilates, pad}) => {
    const none: Pair = [1, 1];
    const within = (sides: Pair, axis: 0 | 1): Pair => [
      Math.min(sides[0], kernel[axis] - 1),
      Math.min(sides[1], kernel[axis] - 1),
    ];
    const padding = typeof pad === 'string' ? pad : ([within(pad[0], 0), within(pad[1], 1)] as const);
    const [strides, dilations] = dilates ? [none, steps] : [steps, none];
    return {plane, window: {kernel, strides, dilations, padding} satisfies WindowConfig};
  })
  .filter(({plane, window: {kernel, dilations, padding}}) => {
    if (padding === 'same') return true;
    const pads =
      padding === 'valid'
        ? [
            [0, 0],
            [0, 0],
          ]
        : padding;
    return [plane.height, plane.width].every(
      (side, axis) => side + pads[axis][0] + pads[axis][1] > (kernel[axis] - 1) * dilations[axis],
    );
  });

/** Of the ops that graph models alone have, those of one kind. */
const ofGraphModels = (kind: OpKind): fc.Arbitrary<Case> =>
  fc
    .tuple(graphModelNode(fc.constant(LINEAR)), image)
    .map(([spec, plane]) => ({made: graphModelOp(spec, plane, 3_000), plane}))
    .filter(({made}) => made?.op.kind === kind)
    .map(({made, plane}) => ({...made!, planes: [plane]}));

const onImages = (op: (plane: Plane) => Op): fc.Arbitrary<Case> =>
  image.map((plane) => ({op: op(plane), planes: [plane]}));

const sizeOf = ({height, width: w, channels}: Plane) => height * w * channels;

/** Of each kind; the compiler sees to it that none is missing. Each op hangs on all that it says it reads. */
export const CASES = {
  conv2d: fc.record({on: windowed, filters: upTo(3)}).map(({on: {plane, window}, filters}) => ({
    op: {kind: 'conv2d', filters, window, activation: LINEAR, batchNormEpsilon: null},
    planes: [plane],
    weights: {filter: [...window.kernel, plane.channels, filters]},
  })),
  depthwiseConv2d: fc
    .record({on: windowed, depthMultiplier: upTo(2)})
    .map(({on: {plane, window}, depthMultiplier}) => ({
      op: {kind: 'depthwiseConv2d', depthMultiplier, window, activation: LINEAR, batchNormEpsilon: null},
      planes: [plane],
      weights: {filter: [...window.kernel, plane.channels, depthMultiplier]},
    })),
  conv2dTranspose: ofGraphModels('conv2dTranspose'),
  dense: fc.record({plane: image, units: upTo(3)}).map(({plane, units}) => ({
    op: {kind: 'dense', units, activation: LINEAR},
    planes: [plane],
    weights: {kernel: [sizeOf(plane), units]},
  })),
  pool2d: windowed
    .map(({plane, window}) => ({plane, window: {...window, dilations: [1, 1] as const}}))
    .map(({plane, window}) => ({op: {kind: 'pool2d', mode: 'average', window}, planes: [plane]})),
  globalPool: onImages(() => ({kind: 'globalPool', mode: 'average'})),
  activation: onImages(() => ({kind: 'activation', activation: {name: 'softsign'}})),
  batchNorm: image.map((plane) => ({
    op: {kind: 'batchNorm', epsilon: 0.001},
    planes: [plane],
    weights: {mean: [plane.channels], variance: [plane.channels]},
  })),
  // Of one channel alone nothing but its mean is left, and that is taken off.
  layerNormalization: image.map(({channels, ...plane}) => ({
    op: {kind: 'layerNormalization', epsilon: 0.001},
    planes: [{...plane, channels: channels + 1}],
    weights: {gamma: [channels + 1]},
  })),
  prelu: image.map((plane) => ({
    op: {kind: 'prelu'},
    planes: [plane],
    weights: {alpha: [1, 1, plane.channels]},
  })),
  affine: ofGraphModels('affine'),
  merge: fc
    .record({
      plane: image,
      fn: fc.constantFrom<MergeFunction>('add', 'subtract', 'average', 'multiply', 'divide'),
      others: fc.array(fc.nat(3), {minLength: 1, maxLength: 3}),
    })
    .map(({plane, fn, others}) => {
      const {height, channels} = plane;
      const kinds: Plane[] = [
        plane,
        {height: 1, width: 1, channels},
        {height, width: plane.width, channels: 1},
        {height: 1, width: 1, channels: 1},
      ];
      return {op: {kind: 'merge', fn, activation: LINEAR}, planes: [plane, ...others.map((i) => kinds[i])]};
    }),
  concat: fc
    .record({
      plane: image,
      axis: fc.constantFrom('height' as const, 'width' as const, 'channels' as const),
      sizes: fc.array(upTo(5), {minLength: 1, maxLength: 4}),
    })
    .map(({plane, axis, sizes}) => ({
      op: {kind: 'concat', axis},
      planes: sizes.map((size) => ({...plane, [axis]: size})),
    })),
  pad2d: fc
    .record({plane: image, rows: pair(3, -3), columns: pair(3, -3)})
    .filter(
      ({plane, rows, columns}) =>
        plane.height + rows[0] + rows[1] > 0 && plane.width + columns[0] + columns[1] > 0,
    )
    .map(({plane, rows: [top, bottom], columns: [left, right]}) => ({
      op: {kind: 'pad2d', top, bottom, left, right},
      planes: [plane],
    })),
  upsample2d: fc
    .record({
      plane: image,
      factor: pair(3),
      interpolation: fc.constantFrom('nearest' as const, 'bilinear' as const),
    })
    .map(({plane, factor, interpolation}) => ({
      op: {kind: 'upsample2d', factor, interpolation},
      planes: [plane],
    })),
  resize2d: ofGraphModels('resize2d'),
  gather2d: ofGraphModels('gather2d'),
  sliceChannels: ofGraphModels('sliceChannels'),
  depthToSpace: ofGraphModels('depthToSpace'),
  padChannels: fc.record({plane: image, sides: pair(3, 0)}).map(({plane, sides: [before, after]}) => ({
    op: {kind: 'padChannels', before, after},
    planes: [plane],
  })),
  reshape: fc.record({plane: image, to: fc.nat(4)}).map(({plane, to}) => {
    const {height, width: w, channels} = plane;
    const planes: Plane[] = [
      plane,
      {height: w, width: channels, channels: height},
      {height: 1, width: w, channels: height * channels},
      {height, width: w * channels, channels: 1},
      {height: height * w, width: 1, channels},
    ];
    return {op: reshapeTo([sizeOf(plane)], planes[to]), planes: [plane]};
  }),
  external: fc
    .record({planes: fc.array(image, {minLength: 1, maxLength: 3}), out: image})
    .map(({planes, out}) => ({
      op: {
        kind: 'external',
        ...{label: 'L', pure: true, rowwise: true, batched: true, apply: () => []},
        forms: [{shape: [out.height, out.width, out.channels]}],
      },
      planes,
    })),
} satisfies Readonly<Record<OpKind, fc.Arbitrary<Case>>>;
