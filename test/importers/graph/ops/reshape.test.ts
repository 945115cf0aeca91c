/** What computes nothing: other shapes and orders of axes, casts, and what follows from shapes alone. */
import {FLOAT, INT32, windowed, type Attribute, type TfGraph} from '../tf-graph';
import {specify, specifyLeft, type Case} from './specify';

type Attributes = Readonly<Record<string, Attribute>>;

const IMAGE = [1, 6, 7, 3];

/** The image, and something behind so that there is more to a plan than another shape. */
const image = (graph: TfGraph, shape = IMAGE): string => graph.node('Relu', [graph.input('x', shape)]);

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

/** Whole numbers come in and are cast before anything is computed. */
const casts: Case[] = [
  [
    'Cast of whole numbers',
    (graph) => {
      const x = graph.input('x', IMAGE, INT32);
      const y = graph.node('Cast', [x], {SrcT: INT32, DstT: FLOAT});
      graph.node('Mul', [y, graph.floats([], [1 / 255])]);
    },
  ],
  [
    'Cast of floats to floats',
    (graph) => {
      const y = graph.node('Cast', [graph.input('x', IMAGE)], {SrcT: FLOAT, DstT: FLOAT});
      graph.node('Relu', [y]);
    },
  ],
];

specify([...shapes, ...computed, ...casts]);
specifyLeft([
  ['Reshape that mixes axes', chain(transpose(0, 3, 1, 2), reshape(1, 9, 14))],
  ['Transpose of the output', chain(transpose(0, 2, 1, 3))],
  ['Reshape to a batch', chain(reshape(6, 7, 3))],
  [
    'Cast to whole numbers',
    (graph) => {
      const y = graph.node('Relu', [graph.input('x', IMAGE)]);
      graph.node('Cast', [y], {SrcT: FLOAT, DstT: INT32});
    },
  ],
  [
    'whole numbers that are added to before they are cast',
    (graph) => {
      const x = graph.input('x', IMAGE, INT32);
      const y = graph.node('AddV2', [x, graph.integers([1], [])], {T: INT32});
      graph.node('Relu', [graph.node('Cast', [y], {SrcT: INT32, DstT: FLOAT})]);
    },
  ],
]);
