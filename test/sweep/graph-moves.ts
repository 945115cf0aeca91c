/** The sweep's table: paddings, resizes, slices, other shapes and orders of axes, in graph models. */
import {windowed} from '../importers/graph/tf-graph';
import {ALL_BUT_CPU, entry, graph, type Entry} from './table';
import {PLANES} from './graph-windows';

const SIDES = [1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 16, 17, 19, 23, 24, 31, 41, 49, 64] as const;

const resizedSides = entry(
  'resize of one side',
  {
    op: ['ResizeNearestNeighbor', 'ResizeBilinear'],
    from: SIDES,
    to: [...SIDES, 33, 43, 47, 53, 61, 82, 98, 123, 127, 128, 192],
    corners: ['neither', 'aligned', 'half pixels'],
  },
  ({op, from, to, corners}) =>
    graph(
      [[1, from, 1, 1]],
      (g, [x]) => {
        g.node(op, [x, g.integers([to, 1])], {
          align_corners: corners === 'aligned',
          half_pixel_centers: corners === 'half pixels',
        });
      },
      {rounding: op === 'ResizeBilinear' ? placeRounding([from, 1]) : 0},
    ),
);

const resizedPlanes = entry(
  'resize of a plane',
  {
    op: ['ResizeNearestNeighbor', 'ResizeBilinear'],
    plane: PLANES,
    size: [
      [10, 14],
      [1, 1],
      [2, 3],
      [5, 7],
      [3, 3],
      [16, 9],
      [33, 1],
      [1, 41],
      [26, 22],
    ],
    corners: ['neither', 'aligned', 'half pixels', 'both'],
    channels: [3, 1],
    open: [false, true],
  },
  ({op, plane, size, corners, channels, open}) =>
    graph(
      [[1, ...plane, channels]],
      (g, [x]) => {
        g.node(op, [x, g.integers(size)], {
          align_corners: corners === 'aligned' || corners === 'both',
          half_pixel_centers: corners === 'half pixels' || corners === 'both',
        });
      },
      {open, rounding: op === 'ResizeBilinear' ? placeRounding(plane) : 0},
    ),
);

/**
 * A place of a bilinear resize is rounded in float32, to 2^-24 of the side at most, and the result moves by that share of the
 * difference of two neighbours, which is at most twice the largest; along either axis.
 */
function placeRounding(plane: readonly number[]): number {
  return 2 ** -24 * 2 * (plane[0] + plane[1]);
}

/** The target is computed from the frame's own shape, as exporters write it. */
const resizedTimes = entry(
  'resize by a factor',
  {
    op: ['ResizeNearestNeighbor', 'ResizeBilinear'],
    plane: PLANES,
    factor: [2, 1, 3, 5, 7, 41],
    halfPixels: [false, true],
  },
  ({op, plane, factor, halfPixels}) => {
    if (plane[0] * plane[1] * factor * factor > 40_000) return null;
    return graph(
      [[1, ...plane, 2]],
      (g, [x]) => {
        const shape = g.node('Shape', [x], {out_type: {type: 'DT_INT32'}});
        const sides = g.node('StridedSlice', [shape, ...[[1], [3], [1]].map((list) => g.integers(list))]);
        const size = g.node('Mul', [sides, g.integers([factor], [])], {T: {type: 'DT_INT32'}});
        g.node(op, [x, size], {align_corners: false, half_pixel_centers: halfPixels});
      },
      {open: true},
    );
  },
);

const paddings = entry(
  'padding',
  {
    op: ['Pad', 'PadV2 0', 'PadV2 -1.5', 'MirrorPad REFLECT', 'MirrorPad SYMMETRIC'],
    rows: [
      [0, 0],
      [1, 1],
      [2, 0],
      [0, 3],
      [-1, 0],
    ],
    columns: [
      [0, 0],
      [1, 2],
      [4, 0],
    ],
    channels: [
      [0, 0],
      [2, 1],
    ],
    plane: PLANES,
    depth: [3, 1],
  },
  ({op, rows, columns, channels, plane, depth}) =>
    graph(
      [[1, ...plane, depth]],
      (g, [x]) => {
        const pairs = g.integers([0, 0, ...rows, ...columns, ...channels], [4, 2]);
        const [name, detail] = op.split(' ');
        const seen = g.node('LeakyRelu', [x], {alpha: {float: 0.5}});
        if (name === 'MirrorPad') g.node(name, [seen, pairs], {mode: detail});
        else if (name === 'PadV2') g.node(name, [seen, pairs, g.floats([], [Number(detail)])]);
        else g.node(name, [seen, pairs]);
      },
      {brokenOn: rows[0] < 0 ? ALL_BUT_CPU : []},
    ),
);

const blocks = entry(
  'DepthToSpace',
  {block: [2, 1, 3, 4], depth: [1, 2, 3], more: [0, 1], plane: PLANES},
  ({block, depth, more, plane}) =>
    graph([[1, ...plane, block * block * depth + more]], (g, [x]) => {
      g.node('DepthToSpace', [x], {block_size: block, data_format: 'NHWC'});
    }),
);

const slices = entry(
  'Slice',
  {
    rows: [
      [0, -1],
      [0, 2],
      [1, 1],
      [2, -1],
      [3, 4],
    ],
    columns: [
      [0, -1],
      [1, 1],
      [0, 3],
    ],
    channels: [
      [0, -1],
      [1, 2],
      [2, 1],
      [0, 1],
    ],
    plane: PLANES,
    depth: [3, 4, 1],
  },
  ({rows, columns, channels, plane, depth}) => {
    const all = [[0, -1], rows, columns, channels];
    const sides = [1, ...plane, depth];
    // A size that is negative is none.
    if (all.some(([begin, size], axis) => size === -1 && begin > sides[axis])) return null;
    const ends = all.map(([begin, size], axis) =>
      size === -1 ? Math.max(begin + 1, sides[axis]) : begin + size,
    );
    return graph(
      [[1, ...plane, depth]],
      (g, [x]) => {
        const seen = g.node('LeakyRelu', [x], {alpha: {float: 0.5}});
        const [begin, size] = [0, 1].map((i) => g.integers(all.map((list) => list[i])));
        g.node('Slice', [seen, begin, size]);
      },
      {brokenOn: ends.some((end, axis) => end > sides[axis]) ? ALL_BUT_CPU : []},
    );
  },
);

const strided = entry(
  'StridedSlice',
  {
    rows: [
      [0, 99, 1],
      [1, -1, 1],
      [0, 99, 2],
      [-1, -99, -1],
      [4, 0, -3],
      [-3, 99, 1],
    ],
    columns: [
      [0, 99, 1],
      [0, 99, 3],
      [-2, 0, -2],
    ],
    channels: [
      [0, 99, 1],
      [1, 3, 1],
      [0, 99, 2],
      [-1, -99, -1],
    ],
    beginMask: [0, 6, 15],
    endMask: [0, 12],
    shrink: [0, 2, 8, 6],
    plane: [
      [5, 7],
      [3, 2],
    ],
  },
  ({rows, columns, channels, beginMask, endMask, shrink, plane}) => {
    const all = [[0, 1, 1], rows, columns, channels];
    return graph(
      [[1, ...plane, 4]],
      (g, [x]) => {
        const seen = g.node('LeakyRelu', [x], {alpha: {float: 0.5}});
        const lists = [0, 1, 2].map((i) => g.integers(all.map((list) => list[i])));
        g.node('StridedSlice', [seen, ...lists], {
          begin_mask: beginMask,
          end_mask: endMask,
          shrink_axis_mask: shrink,
        });
      },
      // There it mixes up its axes.
      {brokenOn: shrink !== 0 && all.some(([, , step]) => step !== 1) ? ALL_BUT_CPU : []},
    );
  },
);

const splits = entry(
  'Split',
  {
    axis: [1, 2, 3, -1, -2, 0],
    count: [1, 2, 3, 4],
    plane: [
      [6, 8],
      [4, 12],
      [1, 1],
      [3, 2],
      [7, 5],
    ],
    depth: [4, 12, 1, 3],
  },
  ({axis, count, plane, depth}) =>
    graph([[1, ...plane, depth]], (g, [x]) => {
      const seen = g.node('LeakyRelu', [x], {alpha: {float: 0.5}});
      const parts = g.node('Split', [g.integers([axis], []), seen], {num_split: count});
      for (let i = 0; i < count; i++) g.node('Sigmoid', [i === 0 ? parts : `${parts}:${i}`]);
    }),
);

const sizedSplits = entry(
  'SplitV',
  {
    axis: [1, 2, 3, -1],
    sizes: [[1, 3, 2], [4, 2], [6], [5, 1], [2, 2], [-1, 3]],
    sides: [
      [6, 6, 6],
      [6, 7, 4],
    ],
  },
  ({axis, sizes, sides}) =>
    graph([[1, ...sides]], (g, [x]) => {
      const seen = g.node('LeakyRelu', [x], {alpha: {float: 0.5}});
      const parts = g.node('SplitV', [seen, g.integers(sizes), g.integers([axis], [])], {
        num_split: sizes.length,
      });
      sizes.forEach((_, i) => g.node('Sigmoid', [i === 0 ? parts : `${parts}:${i}`]));
    }),
);

const concats = entry(
  'ConcatV2',
  {
    axis: [3, 1, 2, -1, -2, 0],
    others: [[0], [2], [0, 1], []],
    plane: PLANES,
    depth: [3, 1, 4],
    order: [null, [0, 3, 1, 2], [0, 2, 1, 3]],
  },
  ({axis, others, plane, depth, order}) =>
    graph([[1, ...plane, depth]], (g, [x]) => {
      const at = ((order ?? [0, 1, 2, 3]) as number[])[axis < 0 ? axis + 4 : axis];
      const parts = others.map((more, i) => {
        const pairs = [0, 0, 0, 0, 0, 0, 0, 0];
        pairs[2 * at + 1] = more;
        return g.node(i % 2 ? 'Tanh' : 'Relu', [g.node('Pad', [x, g.integers(pairs, [4, 2])])]);
      });
      const seen = [g.node('Sigmoid', [x]), ...parts];
      const turned = order ? seen.map((part) => g.node('Transpose', [part, g.integers(order)])) : seen;
      g.node('ConcatV2', [...turned, g.integers([axis], [])], {N: turned.length});
    }),
);

const concatRows = entry(
  'ConcatV2 of rows and vectors',
  {
    shape: [
      [1, 6],
      [1, 5, 3],
      [1, 1],
      [1, 1, 1],
      [1, 2, 2, 3, 2],
    ],
    axis: [1, 2, -1, 0, 3],
    count: [2, 3],
  },
  ({shape, axis, count}) =>
    graph([shape], (g, [x]) => {
      const parts = Array.from({length: count}, (_, i) => g.node(i % 2 ? 'Tanh' : 'Relu', [x]));
      g.node('ConcatV2', [...parts, g.integers([axis], [])], {N: count});
    }),
);

const reshapes = entry(
  'Reshape',
  {
    sides: [
      [6, 4, 3],
      [1, 1, 6],
      [2, 3, 1],
      [5, 7, 2],
    ],
    to: [
      [1, -1],
      [1, -1, 3],
      [1, 4, 6, 3],
      [1, 2, 3, -1],
      [1, 3, 2, 4, -1],
      [-1, 6],
      [1, -1, 1, 1],
      [6, -1],
      [1, 6],
      [-1],
    ],
    order: [null, [0, 3, 1, 2], [0, 2, 1, 3]],
    then: ['Tanh', 'conv'],
  },
  ({sides, to, order, then}) =>
    graph([[1, ...sides]], (g, [x]) => {
      const seen = g.node('LeakyRelu', [x], {alpha: {float: 0.5}});
      const turned = order ? g.node('Transpose', [seen, g.integers(order)]) : seen;
      const shaped = g.node('Reshape', [turned, g.integers(to)]);
      if (then === 'Tanh') g.node('Tanh', [shaped]);
      else g.node('Conv2D', [shaped, g.floats([2, 2, 3, 4])], windowed());
    }),
);

const axes = entry(
  'axes of one',
  {
    op: ['ExpandDims', 'Squeeze', 'Squeeze of all', 'Unpack', 'Pack'],
    axis: [0, 1, 2, 3, -1, -2, 4],
    sides: [
      [5, 7, 3],
      [1, 6, 2],
      [4, 1, 1],
      [1, 1, 1],
    ],
    order: [null, [0, 3, 1, 2]],
  },
  ({op, axis, sides, order}) =>
    graph([[1, ...sides]], (g, [x]) => {
      const seen = g.node('LeakyRelu', [x], {alpha: {float: 0.5}});
      const turned = order ? g.node('Transpose', [seen, g.integers(order)]) : seen;
      const added = () => {
        if (op === 'ExpandDims') return g.node(op, [turned, g.integers([axis], [])]);
        if (op === 'Squeeze') return g.node(op, [turned], {squeeze_dims: [axis]});
        if (op === 'Unpack') return g.node(op, [turned], {axis, num: 1});
        if (op === 'Pack') return g.node(op, [turned], {axis, N: 1});
        return g.node('Squeeze', [turned]);
      };
      g.node('Tanh', [added()]);
    }),
);

const transposes = entry(
  'Transpose',
  {
    order: [
      [0, 3, 1, 2],
      [0, 2, 1, 3],
      [0, 2, 3, 1],
      [0, 3, 2, 1],
      [1, 2, 3, 0],
      [0, 1, 2, 3],
    ],
    then: [
      'Tanh',
      'Softmax',
      'MaxPool',
      'Mean',
      'AddV2',
      'Pad',
      'Prelu',
      'ResizeNearestNeighbor',
      'BiasAdd',
      'Slice',
      'Split',
    ],
    back: [true, false],
    sides: [
      [5, 7, 3],
      [1, 4, 2],
      [3, 3, 3],
      [2, 1, 1],
    ],
  },
  ({order, then, back, sides}) =>
    graph([[1, ...sides]], (g, [x]) => {
      const seen = g.node('LeakyRelu', [x], {alpha: {float: 0.5}});
      const turned = g.node('Transpose', [seen, g.integers(order)]);
      const from = [1, ...sides];
      const shape = order.map((axis) => from[axis]);
      const last = shape[3];
      const made = () => {
        switch (then) {
          case 'MaxPool':
            return g.node(then, [turned], {ksize: [1, 2, 2, 1], strides: [1, 1, 1, 1], padding: 'SAME'});
          case 'Mean':
            return g.node(then, [turned, g.integers([1, 2])], {keep_dims: true});
          case 'AddV2':
            return g.node(then, [turned, g.floats(shape.slice(1))]);
          case 'Pad':
            return g.node(then, [turned, g.integers([0, 0, 1, 0, 0, 2, 0, 0], [4, 2])]);
          case 'Prelu':
            return g.node(then, [turned, g.floats([shape[1], 1, 1])]);
          case 'ResizeNearestNeighbor':
            return g.node(then, [turned, g.integers([4, 5])], {align_corners: false});
          case 'BiasAdd':
            return g.node(then, [turned, g.floats([last])]);
          case 'Slice':
            return g.node(then, [turned, g.integers([0, 0, 0, 0]), g.integers([-1, 1, -1, 1])]);
          case 'Split':
            return g.node(then, [g.integers([1], []), turned], {num_split: 1});
          default:
            return g.node(then, [turned]);
        }
      };
      const y = made();
      if (back) {
        const inverse = order.map((_, axis) => order.findIndex((at) => at === axis));
        g.node('Tanh', [g.node('Transpose', [y, g.integers(inverse)])]);
      }
    }),
);

export const GRAPH_MOVES: readonly Entry[] = [
  resizedSides,
  resizedPlanes,
  resizedTimes,
  paddings,
  blocks,
  slices,
  strided,
  splits,
  sizedSplits,
  concats,
  concatRows,
  reshapes,
  axes,
  transposes,
];
