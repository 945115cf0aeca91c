/** One ordinary use of every op that the importers know, to be spoilt in all ways. Not a test. */
import {FLOAT, TfGraph, windowed, type Artifacts, type Attribute} from '../tf-graph';

/** The node that is spoilt, in every base. */
export const MAIN = 'main';

export interface Base {
  readonly name: string;
  readonly artifacts: Artifacts;
}

/** Names what goes into the node, and its attributes. */
type Use = (
  graph: TfGraph,
  x: string,
) => readonly [inputs: readonly string[], attributes?: Readonly<Record<string, Attribute>>];

/** An image of 4 channels and any size. */
const OPEN = [1, -1, -1, 4];

function base(op: string, use: Use, what = '', shape: readonly number[] = OPEN): Base {
  const graph = new TfGraph();
  const x = graph.named('before', 'Relu', [graph.input('x', shape)]);
  const [inputs, attributes = {}] = use(graph, x);
  graph.named(MAIN, op, inputs, attributes);
  // Truth values go through no activation.
  if (op === 'Equal') graph.named('behind', 'Cast', [MAIN], {DstT: FLOAT});
  else graph.named('behind', 'Elu', [MAIN]);
  return {name: what ? `${op}, ${what}` : op, artifacts: graph.artifacts()};
}

const fused = {...windowed(), fused_ops: ['BiasAdd', 'Relu'], num_args: 1};
const product = {transpose_a: false, transpose_b: false};
const pooled = {strides: [1, 2, 2, 1], ksize: [1, 2, 2, 1], padding: 'VALID'};
const masks = {begin_mask: 0, end_mask: 0, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: 0};
const edges = [0, 0, 1, 2, 2, 1, 0, 0];
const resized = {align_corners: false, half_pixel_centers: true};
/** Other values than x's, so that it matters which comes first. */
const other = (graph: TfGraph, x: string) => graph.named('other', 'Sigmoid', [x]);

export const bases: readonly Base[] = [
  base('Conv2D', (graph, x) => [[x, graph.floats([3, 3, 4, 3])], windowed()]),
  base(
    'Conv2D',
    (graph, x) => [
      [x, graph.floats([3, 3, 4, 3])],
      windowed({padding: 'EXPLICIT', explicit_paddings: edges, strides: [1, 2, 2, 1]}),
    ],
    'explicit',
  ),
  base(
    'Conv2D',
    (graph, x) => [[x, graph.floats([2, 2, 4, 3])], windowed({padding: 'VALID', dilations: [1, 2, 2, 1]})],
    'dilated',
  ),
  base('_FusedConv2D', (graph, x) => [[x, graph.floats([3, 3, 4, 3]), graph.floats([3])], fused]),
  base(
    '_FusedConv2D',
    (graph, x) => [
      [x, graph.floats([3, 3, 4, 3]), graph.floats([3]), graph.floats([3])],
      {...fused, fused_ops: ['BiasAdd', 'Prelu'], num_args: 2},
    ],
    'PReLU',
  ),
  base(
    '_FusedConv2D',
    (graph, x) => [
      [x, graph.floats([3, 3, 4, 3]), graph.floats([3])],
      {...fused, fused_ops: ['BiasAdd', 'LeakyRelu'], leakyrelu_alpha: {float: 0.25}},
    ],
    'leaky ReLU',
  ),
  base('DepthwiseConv2dNative', (graph, x) => [[x, graph.floats([3, 3, 4, 2])], windowed()]),
  base('FusedDepthwiseConv2dNative', (graph, x) => [
    [x, graph.floats([3, 3, 4, 1]), graph.floats([4])],
    fused,
  ]),
  base('Conv2DBackpropInput', (graph, x) => [
    [graph.integers([1, 12, 14, 3]), graph.floats([3, 3, 3, 4]), x],
    windowed({strides: [1, 2, 2, 1]}),
  ]),
  base(
    'MatMul',
    (graph, x) => [[graph.node('Reshape', [x, graph.integers([1, -1])]), graph.floats([168, 5])], product],
    'a vector',
    [1, 6, 7, 4],
  ),
  base(
    'MatMul',
    (graph, x) => [[graph.node('Reshape', [x, graph.integers([-1, 4])]), graph.floats([4, 5])], product],
    'rows',
  ),
  base(
    '_FusedMatMul',
    (graph, x) => [
      [graph.node('Reshape', [x, graph.integers([1, -1])]), graph.floats([168, 5]), graph.floats([5])],
      {...product, fused_ops: ['BiasAdd', 'Relu'], num_args: 1},
    ],
    '',
    [1, 6, 7, 4],
  ),
  ...['MaxPool', 'AvgPool'].map((op) => base(op, (_graph, x) => [[x], pooled])),
  ...['MaxPool', 'AvgPool'].map((op) =>
    base(op, (_graph, x) => [[x], {...pooled, ksize: [1, 6, 7, 1]}], 'of the plane', [1, 6, 7, 4]),
  ),
  ...['Mean', 'Max'].map((op) => base(op, (graph, x) => [[x, graph.integers([1, 2])], {keep_dims: true}])),
  base('TopKV2', (graph, x) => [
    [graph.node('Reshape', [x, graph.integers([1, -1])]), graph.integers([3], [])],
    {sorted: true},
  ]),
  ...['Add', 'AddV2', 'AddN', 'Sub', 'Mul', 'RealDiv', 'Div', 'Maximum', 'Minimum', 'Equal'].map((op) =>
    base(op, (graph, x) => [[x, other(graph, x)]], 'of two'),
  ),
  ...['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum'].map((op) =>
    base(op, (graph, x) => [[x, graph.floats([4])]], 'of a constant'),
  ),
  base('Maximum', (graph, x) => [[x, graph.floats([], [0])]], 'of zero'),
  base(
    'Maximum',
    (graph, x) => {
      const y = graph.node('Sub', [x, graph.floats([], [0.5])]);
      return [[y, graph.node('Mul', [y, graph.floats([], [0.25])])]];
    },
    'of a part',
  ),
  base(
    'Mul',
    (graph, x) => {
      const y = graph.node('Sub', [x, graph.floats([], [0.5])]);
      return [[y, graph.node('Sigmoid', [y])]];
    },
    'as swish',
  ),
  base(
    'Mul',
    (graph, x) => {
      const gate = graph.node('Relu6', [graph.node('AddV2', [x, graph.floats([], [3])])]);
      return [[graph.node('Mul', [x, gate]), graph.floats([], [1 / 6])]];
    },
    'as hard-swish',
  ),
  base('ConcatV2', (graph, x) => [[x, other(graph, x), graph.integers([3], [])], {N: 2}]),
  ...[
    'Relu',
    'Relu6',
    'Elu',
    'Selu',
    'Sigmoid',
    'Tanh',
    'Softplus',
    'Softmax',
    'LogSoftmax',
    'Identity',
    'StopGradient',
    'Snapshot',
  ].map((op) => base(op, (_graph, x) => [[x]])),
  base('LeakyRelu', (_graph, x) => [[x], {alpha: {float: 0.25}}]),
  base('ClipByValue', (graph, x) => [[x, graph.floats([], [0]), graph.floats([], [0.5])]]),
  base('Prelu', (graph, x) => [[graph.node('Sub', [x, graph.floats([], [0.5])]), graph.floats([4])]]),
  base('BiasAdd', (graph, x) => [[x, graph.floats([4])], {data_format: 'NHWC'}]),
  ...['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'].map((op) =>
    base(op, (graph, x) => [
      [x, graph.floats([4]), graph.floats([4]), graph.floats([4]), graph.floats([4], [1, 2, 0.5, 0.25])],
      {epsilon: {float: 0.01}, data_format: 'NHWC', is_training: false},
    ]),
  ),
  base('Cast', (_graph, x) => [[x], {SrcT: {type: 'DT_FLOAT'}, DstT: {type: 'DT_FLOAT'}}]),
  base('Reshape', (graph, x) => [[x, graph.integers([1, -1, 2, 4])]]),
  base('ExpandDims', (graph, x) => [[x, graph.integers([1], [])]]),
  base('Squeeze', (_graph, x) => [[x], {squeeze_dims: [0]}]),
  base('Pack', (_graph, x) => [[x], {axis: 0, N: 1}]),
  base('Unpack', (_graph, x) => [[x], {axis: 0, num: 1}]),
  base('Transpose', (graph, x) => [[x, graph.integers([0, 2, 1, 3])]]),
  base(
    'Transpose',
    (graph, x) => [
      [graph.node('Transpose', [x, graph.integers([0, 3, 1, 2])]), graph.integers([0, 2, 3, 1])],
    ],
    'and back',
  ),
  base('Pad', (graph, x) => [[x, graph.integers(edges, [4, 2])]]),
  base('PadV2', (graph, x) => [[x, graph.integers(edges, [4, 2]), graph.floats([], [0.5])]]),
  base('MirrorPad', (graph, x) => [[x, graph.integers([0, 0, 1, 1, 1, 1, 0, 0], [4, 2])], {mode: 'REFLECT'}]),
  base(
    'MirrorPad',
    (graph, x) => [[x, graph.integers([0, 0, 1, 1, 1, 1, 0, 0], [4, 2])], {mode: 'SYMMETRIC'}],
    'symmetric',
  ),
  base('ResizeBilinear', (graph, x) => [[x, graph.integers([9, 4])], resized]),
  base('ResizeNearestNeighbor', (graph, x) => [[x, graph.integers([9, 4])], resized]),
  base('DepthToSpace', (_graph, x) => [[x], {block_size: 2, data_format: 'NHWC'}]),
  base('Slice', (graph, x) => [[x, graph.integers([0, 1, 0, 1]), graph.integers([1, 2, -1, 2])]]),
  base('StridedSlice', (graph, x) => [
    [x, graph.integers([0, 1, 0, 0]), graph.integers([1, 5, 4, 4]), graph.integers([1, 2, 1, 1])],
    masks,
  ]),
  base(
    'StridedSlice',
    (graph, x) => [
      [x, graph.integers([0, 1]), graph.integers([0, 2]), graph.integers([1, 1])],
      {...masks, begin_mask: 1, end_mask: 1, shrink_axis_mask: 2},
    ],
    'one row',
  ),
  base('Split', (graph, x) => [[graph.integers([3], []), x], {num_split: 2}]),
  base('SplitV', (graph, x) => [[x, graph.integers([1, 3]), graph.integers([3], [])], {num_split: 2}]),
  base(
    'SplitV',
    (graph, x) => [[x, graph.integers([2, 4]), graph.integers([1], [])], {num_split: 2}],
    'of rows',
  ),
  base('BatchToSpaceND', (graph, x) => {
    const block = graph.integers([2, 2]);
    const start = graph.named('dealt', 'SpaceToBatchND', [x, block, graph.integers([2, 2, 2, 2], [2, 2])]);
    const y = graph.named(
      'convolved',
      'Conv2D',
      [start, graph.floats([3, 3, 4, 3])],
      windowed({padding: 'VALID'}),
    );
    return [[y, block, graph.integers([0, 0, 0, 0], [2, 2])]];
  }),
];
