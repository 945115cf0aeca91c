/** The sweep's table: convolutions, their fused and transposed kin, and pools of graph models. */
import {numbers} from '../importers/helpers';
import {windowed, type Attribute, type TfGraph} from '../importers/graph/tf-graph';
import {depthwiseBrokenOn, entry, fits, graph, type Entry} from './table';

type Pair = readonly [number, number];

export const PLANES = [
  [5, 7],
  [1, 1],
  [2, 1],
  [1, 3],
  [2, 2],
  [3, 3],
  [13, 11],
  [1, 64],
  [31, 2],
] as const;

const KERNELS = [
  [3, 3],
  [1, 1],
  [2, 2],
  [1, 5],
  [7, 4],
] as const;
const STRIDES = [
  [1, 1],
  [2, 2],
  [1, 3],
  [5, 3],
] as const;

const pair = ([y, x]: Pair) => [1, y, x, 1];

/** Attributes of a window; explicit paddings are given as [top, bottom, left, right]. */
function window(
  strides: Pair,
  dilations: Pair,
  padding: string | readonly number[],
): Record<string, Attribute> {
  const own = {strides: pair(strides), dilations: pair(dilations)};
  if (typeof padding === 'string') return windowed({...own, padding});
  return windowed({...own, padding: 'EXPLICIT', explicit_paddings: [0, 0, ...padding, 0, 0]});
}

const conv2d = entry(
  'Conv2D',
  {
    kernel: KERNELS,
    strides: STRIDES,
    dilations: [
      [1, 1],
      [2, 2],
      [1, 3],
    ],
    padding: ['SAME', 'VALID', [1, 0, 2, 1]],
    plane: PLANES,
    channels: [
      [3, 4],
      [8, 9],
      [4, 5],
    ],
    open: [false, true],
  },
  ({kernel, strides, dilations, padding, plane, channels: [from, to], open}) =>
    fits(plane, kernel, dilations, padding)
      ? graph(
          [[1, ...plane, from]],
          (g, [x]) => {
            g.node('Conv2D', [x, g.floats([...kernel, from, to])], window(strides, dilations, padding));
          },
          {open},
        )
      : null,
);

const depthwise = entry(
  'DepthwiseConv2dNative',
  {
    kernel: KERNELS,
    strides: STRIDES,
    dilations: [
      [1, 1],
      [2, 2],
      [1, 3],
    ],
    padding: ['SAME', 'VALID', [1, 0, 2, 1]],
    plane: PLANES,
    channels: [
      [3, 1],
      [1, 2],
      [8, 1],
      [16, 1],
    ],
  },
  ({kernel, strides, dilations, padding, plane, channels: [from, times]}) =>
    fits(plane, kernel, dilations, padding)
      ? graph(
          [[1, ...plane, from]],
          (g, [x]) => {
            const filter = g.floats([...kernel, from, times]);
            g.node('DepthwiseConv2dNative', [x, filter], window(strides, dilations, padding));
          },
          {brokenOn: depthwiseBrokenOn([from, times], strides)},
        )
      : null,
);

/** What may be fused behind a bias, with a slope, or with what a PReLU's slopes are shared over. */
const FUSED = [
  'nothing',
  'Relu',
  'Relu6',
  'Elu',
  'Sigmoid',
  'Tanh',
  'LeakyRelu',
  'LeakyRelu 0.1',
  'LeakyRelu -0.5',
  'Prelu channels',
  'Prelu all',
  'Prelu rows',
  'Prelu pixels',
  'Prelu values',
] as const;

const slopesFor = (shared: string, [height, width]: Pair, channels: number): number[] =>
  ({
    channels: [channels],
    all: [1],
    rows: [height, 1, 1],
    pixels: [height, width, 1],
    values: [height, width, channels],
  })[shared]!;

const fusedConv = entry(
  'fused convolution',
  {
    op: ['_FusedConv2D', 'FusedDepthwiseConv2dNative'],
    then: FUSED,
    kernel: [
      [3, 3],
      [1, 1],
      [2, 5],
    ],
    plane: PLANES.slice(0, 8),
    channels: [4, 3, 8],
  },
  ({op, then, kernel, plane, channels}) => {
    const depth = op === '_FusedConv2D' ? channels + 1 : channels;
    const [activation, detail] = then.split(' ');
    // One slope for four channels at a time is too small a buffer there.
    const brokenOn = op !== '_FusedConv2D' && then === 'Prelu all' ? ['webgpu'] : [];
    const make = (g: TfGraph, [x]: readonly string[]) => {
      const filter = g.floats([...kernel, channels, op === '_FusedConv2D' ? depth : 1]);
      const slopes = activation === 'Prelu' ? [g.floats(slopesFor(detail, plane, depth))] : [];
      g.node(op, [x, filter, g.floats([depth]), ...slopes], {
        ...windowed(),
        fused_ops: activation === 'nothing' ? ['BiasAdd'] : ['BiasAdd', activation],
        num_args: 1 + slopes.length,
        ...(activation === 'LeakyRelu' && detail && {leakyrelu_alpha: {float: Number(detail)}}),
      });
    };
    return graph([[1, ...plane, channels]], make, {brokenOn});
  },
);

const transposed = entry(
  'Conv2DBackpropInput',
  {
    kernel: KERNELS,
    strides: STRIDES,
    padding: ['SAME', 'VALID'],
    plane: PLANES.slice(0, 8),
    channels: [
      [3, 4],
      [1, 1],
      [8, 5],
    ],
    less: [0, 1, 2],
  },
  ({kernel, strides, padding, plane, channels: [from, to], less}) => {
    // Of other sizes tfjs reads outside of its tensors.
    if (strides.some((stride) => less >= stride)) return null;
    const size = plane.map((side, axis) =>
      padding === 'SAME'
        ? side * strides[axis] - less
        : (side - 1) * strides[axis] + kernel[axis] + strides[axis] - 1 - less,
    );
    return graph([[1, ...plane, from]], (g, [x]) => {
      const sizes = g.integers([1, ...size, to]);
      g.node(
        'Conv2DBackpropInput',
        [sizes, g.floats([...kernel, to, from]), x],
        window(strides, [1, 1], padding),
      );
    });
  },
);

const pools = entry(
  'pool',
  {
    op: ['MaxPool', 'AvgPool'],
    kernel: [...KERNELS, [5, 1], [13, 11]],
    strides: STRIDES,
    padding: ['SAME', 'VALID'],
    plane: PLANES,
    channels: [3, 1, 8],
    open: [false, true],
  },
  ({op, kernel, strides, padding, plane, channels, open}) =>
    fits(plane, kernel, [1, 1], padding)
      ? graph(
          [[1, ...plane, channels]],
          (g, [x]) => {
            g.node(op, [x], {ksize: pair(kernel), strides: pair(strides), padding, data_format: 'NHWC'});
          },
          {open},
        )
      : null,
);

const reductions = entry(
  'reduction',
  {
    op: ['Mean', 'Max', 'Sum', 'Min', 'Prod', 'ArgMax'],
    axes: [[1, 2], [2, 1], [-3, -2], [1], [2], [3], [0], [], [1, 2, 3], [0, 1, 2]],
    keep: [true, false],
    plane: PLANES,
    channels: [3, 1, 8],
  },
  ({op, axes, keep, plane, channels}) =>
    graph([[1, ...plane, channels]], (g, [x]) => {
      const dimension = op === 'ArgMax' ? g.integers([axes[0] ?? 0], []) : g.integers(axes);
      g.node(op, [x, dimension], {keep_dims: keep});
    }),
);

const reducedRows = entry(
  'reduction of rows',
  {
    op: ['Mean', 'Max'],
    axes: [[1], [-2], [2], [0]],
    keep: [true, false],
    steps: [1, 2, 3, 7, 64],
    channels: [3, 1, 8],
  },
  ({op, axes, keep, steps, channels}) =>
    graph([[1, steps, channels]], (g, [x]) => {
      g.node(op, [x, g.integers(axes)], {keep_dims: keep});
    }),
);

const products = entry(
  'matrix product',
  {
    op: ['MatMul', '_FusedMatMul'],
    rows: [1, 2, 7],
    count: [1, 2, 5, 64],
    units: [1, 3, 8],
    then: ['none', 'bias', 'Relu', 'Relu6', 'Elu', 'Sigmoid', 'LeakyRelu'],
    transposeB: [false, true],
    transposeA: [false, true],
  },
  ({op, rows, count, units, then, transposeB, transposeA}) => {
    if (op === 'MatMul' && then !== 'none') return null;
    return graph([[1, rows, count]], (g, [x]) => {
      const flat = g.node('Reshape', [x, g.integers(transposeA ? [count, rows] : [rows, count])]);
      const kernel = g.floats(transposeB ? [units, count] : [count, units]);
      const bias = then === 'none' ? [] : [g.floats([units])];
      const ops = then === 'none' ? [] : then === 'bias' ? ['BiasAdd'] : ['BiasAdd', then];
      g.node(op, [flat, kernel, ...bias], {
        transpose_a: transposeA,
        transpose_b: transposeB,
        ...(op === '_FusedMatMul' && {fused_ops: ops, num_args: bias.length}),
      });
    });
  },
);

const flattened = entry(
  'flattened image times a matrix',
  {plane: PLANES, channels: [3, 1, 8], units: [1, 4, 9], channelsFirst: [false, true]},
  ({plane, channels, units, channelsFirst}) =>
    graph([[1, ...plane, channels]], (g, [x]) => {
      const count = plane[0] * plane[1] * channels;
      const image = channelsFirst ? g.node('Transpose', [x, g.integers([0, 3, 1, 2])]) : x;
      const flat = g.node('Reshape', [image, g.integers([1, -1])]);
      g.node('MatMul', [flat, g.floats([count, units])], {transpose_a: false, transpose_b: false});
    }),
);

/** Space dealt out to the batch around a convolution. */
const dilatedByBatch = entry(
  'SpaceToBatchND and back',
  {
    op: ['Conv2D', 'DepthwiseConv2dNative'],
    block: [
      [2, 2],
      [3, 3],
      [1, 2],
      [4, 1],
    ],
    kernel: [
      [3, 3],
      [1, 1],
      [2, 3],
    ],
    plane: [
      [5, 7],
      [8, 6],
      [4, 4],
      [13, 11],
      [1, 6],
    ],
    crop: [0, 1],
    between: [null, 'Relu', 'BiasAdd'],
  },
  ({op, block, kernel, plane, crop, between}) => {
    const pads = plane.flatMap((side, axis) => {
      const before = (kernel[axis] - 1) >> 1 ? block[axis] : 0;
      const whole = Math.ceil((side + 2 * before) / block[axis]) * block[axis];
      return [before, whole - side - before];
    });
    if (!fits(plane, kernel, block, pads)) return null;
    return graph([[1, ...plane, 3]], (g, [x]) => {
      const dealt = g.node('SpaceToBatchND', [x, g.integers(block), g.integers(pads, [2, 2])]);
      const filter = g.floats([...kernel, 3, op === 'Conv2D' ? 4 : 1]);
      let y = g.node(op, [dealt, filter], windowed({padding: 'VALID'}));
      if (between === 'BiasAdd') y = g.node('BiasAdd', [y, g.floats([op === 'Conv2D' ? 4 : 3])]);
      else if (between) y = g.node(between, [y]);
      g.node('BatchToSpaceND', [y, g.integers(block), g.integers([0, crop, 0, 0], [2, 2])]);
    });
  },
);

type Step = (g: TfGraph, x: string) => string;

const FIRST: Readonly<Record<string, Step>> = {
  conv: (g, x) => g.node('Conv2D', [x, g.floats([3, 3, 3, 3])], windowed()),
  depthwise: (g, x) => g.node('DepthwiseConv2dNative', [x, g.floats([3, 3, 3, 1])], windowed()),
  padded: (g, x) => {
    const padded = g.node('Pad', [x, g.integers([0, 0, 1, 2, 2, 0, 0, 0], [4, 2])]);
    return g.node('Conv2D', [padded, g.floats([3, 2, 3, 3])], windowed({padding: 'VALID'}));
  },
  cropped: (g, x) => {
    const padded = g.node('Pad', [x, g.integers([0, 0, 2, 2, 2, 2, 0, 0], [4, 2])]);
    return g.node('MaxPool', [padded], {...windowed({padding: 'VALID'}), ksize: [1, 2, 2, 1]});
  },
  scaled: (g, x) => g.node('Mul', [x, g.floats([3])]),
  summed: (g, x) => g.node('AddV2', [x, g.node('Tanh', [x])]),
};

const THEN: Readonly<Record<string, Step>> = {
  none: (_g, x) => x,
  bias: (g, x) => g.node('BiasAdd', [x, g.floats([3])]),
  scale: (g, x) => g.node('Mul', [x, g.floats([3])]),
  number: (g, x) => g.node('Mul', [x, g.floats([], [-0.7])]),
  shift: (g, x) => g.node('AddV2', [g.floats([1, 1, 3]), x]),
  taken: (g, x) => g.node('Sub', [g.floats([1]), x]),
  divided: (g, x) => g.node('RealDiv', [x, g.floats([], [3])]),
  norm: (g, x) => {
    const variance = g.floats(
      [3],
      numbers(3, 5).map((value) => 0.5 + value * value),
    );
    const given = [x, g.floats([3]), g.floats([3]), g.floats([3]), variance];
    return g.node('FusedBatchNormV3', given, {epsilon: {float: 0.01}, is_training: false});
  },
  Relu: (g, x) => g.node('Relu', [x]),
  Relu6: (g, x) => g.node('Relu6', [x]),
  Prelu: (g, x) => g.node('Prelu', [x, g.floats([3])]),
  Softmax: (g, x) => g.node('Softmax', [x]),
};

const fusions = entry(
  'fusion',
  {
    first: Object.keys(FIRST),
    second: Object.keys(THEN),
    third: Object.keys(THEN),
    plane: [
      [5, 7],
      [1, 1],
      [2, 3],
      [8, 1],
    ],
  },
  ({first, second, third, plane}) =>
    graph([[1, ...plane, 3]], (g, [x]) => {
      THEN[third](g, THEN[second](g, FIRST[first](g, x)));
    }),
);

export const GRAPH_WINDOWS: readonly Entry[] = [
  conv2d,
  depthwise,
  fusedConv,
  transposed,
  pools,
  reductions,
  reducedRows,
  products,
  flattened,
  dilatedByBatch,
  fusions,
];
