/** Ops that only move values: paddings, resizes, slices, splits, other shapes and other orders of axes. */
import {windowed, type Attribute, type TfGraph} from '../tf-graph';
import {specify, specifyLeft, type Case} from './specify';

type Attributes = Readonly<Record<string, Attribute>>;

const IMAGE = [1, 6, 7, 3];

/** The image, and something behind so that there is more to a plan than another shape. */
const image = (graph: TfGraph, shape = IMAGE): string => graph.node('Relu', [graph.input('x', shape)]);

const pad =
  (pairs: readonly number[], fill?: number): Case[1] =>
  (graph) => {
    const paddings = graph.integers(pairs, [4, 2]);
    if (fill === undefined) graph.node('Pad', [image(graph), paddings]);
    else graph.node('PadV2', [image(graph), paddings, graph.floats([], [fill])]);
  };

const mirror =
  (mode: string, pairs: readonly number[]): Case[1] =>
  (graph) => {
    graph.node('MirrorPad', [image(graph), graph.integers(pairs, [4, 2])], {mode});
  };

const paddings: Case[] = [
  ['Pad', pad([0, 0, 1, 2, 3, 0, 0, 0])],
  ['Pad of channels', pad([0, 0, 0, 0, 0, 0, 2, 5])],
  ['PadV2', pad([0, 0, 1, 2, 3, 0, 0, 0], -1.5)],
  ['PadV2 with 0', pad([0, 0, 1, 2, 3, 0, 0, 0], 0)],
  ['MirrorPad REFLECT', mirror('REFLECT', [0, 0, 1, 2, 3, 0, 0, 0])],
  ['MirrorPad SYMMETRIC', mirror('SYMMETRIC', [0, 0, 1, 2, 3, 0, 0, 0])],
  [
    'Pad before a convolution',
    (graph) => {
      const padded = graph.node('Pad', [image(graph), graph.integers([0, 0, 1, 1, 2, 0, 0, 0], [4, 2])]);
      graph.node('Conv2D', [padded, graph.floats([3, 3, 3, 4])], windowed({padding: 'VALID'}));
    },
  ],
];

const resize =
  (op: string, size: readonly number[], alignCorners: boolean, halfPixel: boolean): Case[1] =>
  (graph) => {
    const flags = {align_corners: alignCorners, half_pixel_centers: halfPixel};
    graph.node(op, [image(graph), graph.integers(size)], flags);
  };

const SIZES = [
  [12, 14],
  [3, 4],
  [9, 10],
  [1, 1],
  [6, 7],
  [11, 5],
];
const resizes: Case[] = ['ResizeBilinear', 'ResizeNearestNeighbor'].flatMap((op) =>
  SIZES.flatMap((size): Case[] => [
    [`${op} to ${size}`, resize(op, size, false, false)],
    [`${op} to ${size}, corners aligned`, resize(op, size, true, false)],
    [`${op} to ${size}, half-pixel centres`, resize(op, size, false, true)],
  ]),
);

const depths: Case[] = [
  [
    'DepthToSpace',
    (graph) =>
      void graph.node('DepthToSpace', [image(graph, [1, 5, 6, 12])], {block_size: 2, data_format: 'NHWC'}),
  ],
  [
    'DepthToSpace of 3',
    (graph) =>
      void graph.node('DepthToSpace', [image(graph, [1, 5, 3, 18])], {block_size: 3, data_format: 'NHWC'}),
  ],
];

const slice =
  (begin: readonly number[], size: readonly number[]): Case[1] =>
  (graph) => {
    graph.node('Slice', [image(graph), graph.integers(begin), graph.integers(size)]);
  };

const strided =
  (
    begin: readonly number[],
    end: readonly number[],
    steps: readonly number[],
    masks: Attributes = {},
  ): Case[1] =>
  (graph) => {
    graph.node(
      'StridedSlice',
      [image(graph), ...[begin, end, steps].map((list) => graph.integers(list))],
      masks,
    );
  };

const slices: Case[] = [
  ['Slice of the space', slice([0, 1, 2, 0], [1, 3, 4, 3])],
  ['Slice of the channels', slice([0, 0, 0, 1], [1, 6, 7, 1])],
  ['Slice of both, to the end', slice([0, 2, 0, 1], [-1, -1, 5, -1])],
  ['StridedSlice of the space', strided([0, 1, 1, 0], [1, 6, 6, 3], [1, 2, 3, 1])],
  ['StridedSlice that runs backwards', strided([0, 5, 6, 0], [1, 0, 1, 3], [1, -1, -2, 1])],
  [
    'StridedSlice with masks',
    strided([0, 9, 9, 1], [0, 9, 9, 9], [1, 1, 1, 1], {begin_mask: 7, end_mask: 15}),
  ],
  ['StridedSlice from behind', strided([0, -4, 0, -2], [1, -1, 7, 3], [1, 1, 1, 1])],
  ['StridedSlice of fewer axes', strided([0, 1], [1, 4], [1, 1])],
  ['StridedSlice of one channel', strided([0, 0, 0, 1], [1, 6, 7, 2], [1, 1, 1, 1], {shrink_axis_mask: 8})],
  ['StridedSlice of one row', strided([0, 2, 0, 0], [1, 3, 7, 3], [1, 1, 1, 1], {shrink_axis_mask: 2})],
];

const split =
  (axis: number, count: number): Case[1] =>
  (graph) => {
    const parts = graph.node('Split', [graph.integers([axis], []), image(graph, [1, 6, 8, 4])], {
      num_split: count,
    });
    const names = Array.from({length: count}, (_, i) => (i === 0 ? parts : `${parts}:${i}`));
    names.forEach((name) => graph.node('Sigmoid', [name]));
  };

const splits: Case[] = [
  ['Split of the channels', split(3, 4)],
  ['Split of the last axis', split(-1, 2)],
  ['Split of rows', split(1, 3)],
  ['Split of columns', split(2, 2)],
  [
    'SplitV',
    (graph) => {
      const sizes = graph.integers([1, 3, 2]);
      const axis = graph.integers([1], []);
      const parts = graph.node('SplitV', [image(graph), sizes, axis], {num_split: 3});
      [parts, `${parts}:1`, `${parts}:2`].forEach((name) => graph.node('Tanh', [name]));
    },
  ],
  [
    'Split, its parts swapped and joined again',
    (graph) => {
      const parts = graph.node('Split', [graph.integers([3], []), image(graph, [1, 6, 7, 4])], {
        num_split: 2,
      });
      const back = [`${parts}:1`, parts, graph.integers([3], [])];
      graph.node('ConcatV2', back, {N: 2});
    },
  ],
];

const shape =
  (to: readonly number[]): Case[1] =>
  (graph) => {
    graph.node('Reshape', [image(graph), graph.integers(to)]);
  };

/** A row of ops without inputs but the one before. */
const chain =
  (...steps: ((graph: TfGraph, x: string) => string)[]): Case[1] =>
  (graph) => {
    steps.reduce((x, step) => step(graph, x), image(graph));
  };

const node =
  (op: string, attributes: Attributes = {}) =>
  (graph: TfGraph, x: string) =>
    graph.node(op, [x], attributes);
const transpose =
  (...order: number[]) =>
  (graph: TfGraph, x: string) =>
    graph.node('Transpose', [x, graph.integers(order)]);
const reshape =
  (...to: number[]) =>
  (graph: TfGraph, x: string) =>
    graph.node('Reshape', [x, graph.integers(to)]);
const conv =
  (filter: number[], attributes: Attributes = {}) =>
  (graph: TfGraph, x: string) =>
    graph.node('Conv2D', [x, graph.floats(filter)], windowed(attributes));

const shapes: Case[] = [
  ['Identity', chain(node('Identity'), node('Tanh'))],
  ['StopGradient', chain(node('StopGradient'), node('Tanh'))],
  ['Snapshot', chain(node('Snapshot'), node('Tanh'))],
  ['Reshape to a vector', shape([1, 126])],
  ['Reshape to rows of pixels', shape([1, 42, 3])],
  ['Reshape with a side left open', shape([1, -1, 7])],
  ['Reshape to other pixels, and an activation', chain(reshape(1, 7, 6, 3), node('Tanh'))],
  ['Reshape to other pixels, and a convolution', chain(reshape(1, 9, 7, 2), conv([3, 3, 2, 4]))],
  [
    'Reshape to five axes and back, with an activation between',
    chain(reshape(1, 3, 2, 7, 3), node('Tanh'), reshape(1, 6, 7, 3), conv([3, 3, 3, 4])),
  ],
  [
    'Squeeze and ExpandDims',
    chain(
      node('Squeeze', {squeeze_dims: [0]}),
      (graph, x) => graph.node('ExpandDims', [x, graph.integers([0], [])]),
      conv([3, 3, 3, 4]),
    ),
  ],
  [
    'Unpack and Pack',
    chain(node('Unpack', {axis: 0, num: 1}), node('Tanh'), node('Pack', {axis: 0, N: 1}), conv([3, 3, 3, 4])),
  ],
  [
    'ExpandDims behind',
    chain(
      reshape(1, 126),
      (graph, x) => graph.node('ExpandDims', [x, graph.integers([-1], [])]),
      node('Tanh'),
    ),
  ],
  ['Squeeze of all axes of 1', chain(conv([6, 7, 3, 4], {padding: 'VALID'}), node('Squeeze'), reshape(1, 4))],
  [
    'Transpose forth and back',
    chain(transpose(0, 3, 1, 2), node('Tanh'), transpose(0, 2, 3, 1), conv([3, 3, 3, 4])),
  ],
  [
    'Transpose of rows and columns, and back',
    chain(transpose(0, 2, 1, 3), node('Tanh'), transpose(0, 2, 1, 3)),
  ],
  [
    'Reshape of a transposed image to rows, and back',
    chain(transpose(0, 3, 1, 2), reshape(1, 3, 42), node('Sigmoid'), transpose(0, 2, 1)),
  ],
];

/** What a graph reads of shapes is known before any frame. */
const computed: Case[] = [
  [
    'Shape, StridedSlice and Pack of a reshape',
    (graph) => {
      const x = image(graph);
      const size = graph.node('Shape', [x], {out_type: {type: 'DT_INT32'}});
      const one = graph.integers([1]);
      const batch = graph.node('StridedSlice', [size, graph.integers([0]), one, one], {shrink_axis_mask: 1});
      const to = graph.node('Pack', [batch, graph.integers([42], []), graph.integers([3], [])], {
        axis: 0,
        N: 3,
      });
      graph.node('Sigmoid', [graph.node('Reshape', [x, to])]);
    },
  ],
  [
    'a resize to twice the size it has',
    (graph) => {
      const x = image(graph);
      const size = graph.node('Shape', [x], {out_type: {type: 'DT_INT32'}});
      const sides = graph.node('StridedSlice', [
        size,
        graph.integers([1]),
        graph.integers([3]),
        graph.integers([1]),
      ]);
      const twice = graph.node('Mul', [sides, graph.integers([2], [])], {T: {type: 'DT_INT32'}});
      graph.node('ResizeBilinear', [x, twice], {align_corners: false, half_pixel_centers: true});
    },
  ],
];

specify([...paddings, ...resizes, ...depths, ...slices, ...splits, ...shapes, ...computed]);
specifyLeft([
  ['Pad of the batch', pad([1, 0, 1, 1, 0, 0, 0, 0])],
  ['Pad of the space and the channels', pad([0, 0, 1, 1, 0, 0, 2, 0])],
  ['MirrorPad of channels', mirror('REFLECT', [0, 0, 1, 1, 0, 0, 1, 0])],
  ['StridedSlice with an ellipsis', strided([0, 1], [0, 2], [1, 1], {ellipsis_mask: 1})],
  ['StridedSlice with a new axis', strided([0, 1], [0, 2], [1, 1], {new_axis_mask: 1})],
  ['StridedSlice of every second channel', strided([0, 0, 0, 0], [1, 6, 7, 3], [1, 1, 1, 2])],
  ['Reshape that mixes axes', chain(transpose(0, 3, 1, 2), reshape(1, 9, 14))],
  ['Transpose of the output', chain(transpose(0, 2, 1, 3))],
  ['Reshape to a batch', chain(reshape(6, 7, 3))],
]);
