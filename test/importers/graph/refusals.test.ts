/**
 * What the model refuses, reuse refuses in the model's own words, and goes on with the next frame; what the model bears in
 * a way of its own, reuse computes as it does. Of graphs whose inputs have open sizes, at each of these.
 */
import * as tf from '@tensorflow/tfjs-core';
import {loadGraphModel, type GraphModel} from '@tensorflow/tfjs-converter';
import {withReuse} from '../../../src';
import {useBackend, type BackendName} from '../../backends';
import {numbers} from '../helpers';
import {sidesInTurn} from '../../promises/helpers';
import {inOtherRows, someRows} from './by-values';
import {layerNormalized} from './layer-normalized';
import {expectSameOutcome, outcomeOf} from './odd/same';
import {TfGraph, windowed, type Artifacts} from './tf-graph';

type Sizes = readonly (readonly [height: number, width: number])[];

interface Case {
  readonly what: string;
  /** Adds nodes behind x, a ReLU of an input of 4 channels and open sides. */
  readonly build: (graph: TfGraph, x: string) => void;
  readonly refused: Sizes;
  readonly taken?: Sizes;
  /** Backends of which this is true; of all, if left out. */
  readonly only?: readonly BackendName[];
}

const OPEN = [1, -1, -1, 4];
const strided = windowed({strides: [1, 2, 2, 1]});

const refusals: readonly Case[] = [
  {
    what: 'Reshape to a size that does not divide',
    build: (graph, x) => graph.node('Reshape', [x, graph.integers([1, -1, 10, 4])]),
    refused: [
      [11, 9],
      [3, 1],
    ],
    taken: [
      [10, 9],
      [5, 4],
    ],
  },
  {
    what: 'SplitV into sizes that do not add up',
    build: (graph, x) =>
      graph.node('SplitV', [x, graph.integers([4, 6]), graph.integers([1], [])], {num_split: 2}),
    refused: [
      [11, 9],
      [6, 9],
    ],
    taken: [[10, 9]],
  },
  {
    what: 'Split into more parts than divide',
    build: (graph, x) => graph.node('Split', [graph.integers([1], []), x], {num_split: 2}),
    refused: [[11, 9]],
    taken: [[10, 9]],
  },
  {
    what: 'a space dealt out to a batch that does not divide it, around a convolution',
    build: (graph, x) => {
      const block = graph.integers([2, 2]);
      const start = graph.node('SpaceToBatchND', [x, block, graph.integers([2, 2, 2, 2], [2, 2])]);
      const y = graph.node('Conv2D', [start, graph.floats([3, 3, 4, 3])], windowed({padding: 'VALID'}));
      graph.node('BatchToSpaceND', [y, block, graph.integers([0, 0, 0, 0], [2, 2])]);
    },
    refused: [
      [11, 9],
      [11, 8],
      [6, 7],
    ],
    taken: [[10, 8]],
  },
  {
    what: 'DepthToSpace of a block of 1',
    build: (graph, x) => graph.node('DepthToSpace', [x], {block_size: 1, data_format: 'NHWC'}),
    refused: [[5, 4]],
  },
  {
    what: 'DepthToSpace of a block that does not divide',
    build: (graph, x) => graph.node('DepthToSpace', [x], {block_size: 3, data_format: 'NHWC'}),
    refused: [[5, 4]],
  },
  {
    what: 'a transposed convolution to a size that it cannot have',
    build: (graph, x) =>
      graph.node(
        'Conv2DBackpropInput',
        [graph.integers([1, 10, 10, 3]), graph.floats([3, 3, 3, 4]), x],
        strided,
      ),
    refused: [
      [6, 5],
      [4, 5],
    ],
    taken: [[5, 5]],
    only: ['tensorflow'],
  },
  {
    what: 'MirrorPad by more than there is',
    build: (graph, x) =>
      graph.node('MirrorPad', [x, graph.integers([0, 0, 3, 3, 0, 0, 0, 0], [4, 2])], {mode: 'REFLECT'}),
    refused: [
      [3, 4],
      [2, 4],
    ],
    taken: [[4, 4]],
  },
  {
    what: 'MirrorPad by less than nothing',
    build: (graph, x) =>
      graph.node('MirrorPad', [x, graph.integers([0, 0, -1, 0, 0, 0, 0, 0], [4, 2])], {mode: 'SYMMETRIC'}),
    refused: [[4, 4]],
  },
  {
    what: 'Slice beyond the end',
    build: (graph, x) =>
      graph.node('Slice', [x, graph.integers([0, 3, 0, 0]), graph.integers([1, 4, -1, 4])]),
    refused: [[6, 4]],
    taken: [[7, 4]],
    // The kernels of wasm read what lies behind.
    only: ['cpu'],
  },
  {
    what: 'StridedSlice with a row that is not there',
    build: (graph, x) =>
      graph.node(
        'StridedSlice',
        [
          x,
          ...[
            [0, 5],
            [0, 6],
            [1, 1],
          ].map((list) => graph.integers(list)),
        ],
        {
          begin_mask: 1,
          end_mask: 1,
          ellipsis_mask: 0,
          new_axis_mask: 0,
          shrink_axis_mask: 2,
        },
      ),
    refused: [[5, 4]],
    taken: [[6, 4]],
    only: ['cpu', 'wasm'],
  },
  {
    what: 'Squeeze of an axis that is longer than 1',
    build: (graph, x) => graph.node('Squeeze', [x], {squeeze_dims: [1]}),
    refused: [[5, 4]],
    taken: [[1, 4]],
  },
  {
    what: 'ExpandDims at an axis that there is not',
    build: (graph, x) => graph.node('ExpandDims', [x, graph.integers([5], [])]),
    refused: [[5, 4]],
  },
  {
    what: 'AddV2 of shapes that do not go together',
    build: (graph, x) => graph.node('AddV2', [x, graph.floats([5, 1, 1])]),
    refused: [
      [6, 4],
      [4, 4],
    ],
    taken: [[5, 4]],
  },
  {
    what: 'AddN of tensors of two shapes',
    build: (graph, x) =>
      graph.node('AddN', [x, graph.node('Mean', [x, graph.integers([1, 2])], {keep_dims: true})]),
    refused: [[5, 4]],
    taken: [[1, 1]],
  },
  {
    what: 'ConcatV2 of sides that differ',
    build: (graph, x) => {
      const half = graph.node('MaxPool', [x], {...strided, ksize: [1, 2, 2, 1]});
      graph.node('ConcatV2', [x, half, graph.integers([3], [])], {N: 2});
    },
    refused: [[5, 4]],
    taken: [[1, 1]],
  },
  {
    what: 'Transpose by what is no permutation',
    build: (graph, x) => graph.node('Transpose', [x, graph.integers([0, 2, 1])]),
    refused: [[5, 4]],
  },
  {
    what: 'Mean over an axis that there is not',
    build: (graph, x) => graph.node('Mean', [x, graph.integers([1, 2, 4])], {keep_dims: false}),
    refused: [[5, 4]],
  },
  {
    what: 'ClipByValue from more to less',
    build: (graph, x) => graph.node('ClipByValue', [x, graph.floats([], [0]), graph.floats([], [-1])]),
    refused: [[5, 4]],
  },
  {
    what: 'a filter of whole numbers',
    build: (graph, x) =>
      graph.node('Conv2D', [x, graph.integers(new Array(12).fill(1), [1, 1, 4, 3])], windowed()),
    refused: [[5, 4]],
  },
  {
    what: 'a convolution with both strides and dilations',
    build: (graph, x) =>
      graph.node('Conv2D', [x, graph.floats([3, 3, 4, 3])], {...strided, dilations: [1, 2, 2, 1]}),
    refused: [[7, 7]],
  },
  {
    what: 'a convolution with no strides at all',
    build: (graph, x) =>
      graph.node('Conv2D', [x, graph.floats([3, 3, 4, 3])], {padding: 'SAME', dilations: [1, 1, 1, 1]}),
    refused: [[7, 7]],
  },
  {
    what: 'an empty ksize',
    build: (graph, x) => graph.node('MaxPool', [x], {...windowed(), ksize: []}),
    refused: [[5, 4]],
    only: ['tensorflow'],
  },
  {
    what: 'ResizeBilinear with corners aligned and half pixels',
    build: (graph, x) =>
      graph.node('ResizeBilinear', [x, graph.integers([5, 4])], {
        align_corners: true,
        half_pixel_centers: true,
      }),
    refused: [
      [5, 4],
      [8, 8],
    ],
  },
  {
    what: 'AddV2 of one tensor',
    build: (graph, x) => graph.node('AddV2', [x]),
    refused: [[5, 4]],
  },
  {
    what: '_FusedConv2D whose number of arguments is not said',
    build: (graph, x) =>
      graph.node('_FusedConv2D', [x, graph.floats([3, 3, 4, 3]), graph.floats([3])], {
        ...windowed(),
        fused_ops: ['BiasAdd', 'Relu'],
      }),
    refused: [[5, 4]],
  },
  {
    what: 'a swish whose sigmoid has no second output',
    build: (graph, x) => graph.node('Mul', [x, `${graph.node('Sigmoid', [x])}:1`]),
    refused: [[5, 4]],
  },
  {
    what: 'a leaky ReLU whose product has no second output',
    build: (graph, x) => graph.node('Maximum', [x, `${graph.node('Mul', [x, graph.floats([], [0.25])])}:1`]),
    refused: [[5, 4]],
  },
  {
    what: 'a hard-swish whose product has no second output',
    build: (graph, x) => {
      const gate = graph.node('Relu6', [graph.node('AddV2', [x, graph.floats([], [3])])]);
      graph.node('Mul', [`${graph.node('Mul', [x, gate])}:1`, graph.floats([], [1 / 6])]);
    },
    refused: [[5, 4]],
  },
  {
    what: 'a layer normalization whose mean has no second output',
    build: (graph, x) =>
      layerNormalized(graph, x, {gamma: [4], beta: [4], shifted: (mean, factor) => [`${mean}:1`, factor]}),
    refused: [[5, 4]],
  },
  {
    what: 'a convolution among batches that reads a second output which is not there',
    build: (graph, x) => {
      const block = graph.integers([2, 2]);
      const start = graph.node('SpaceToBatchND', [x, block, graph.integers([2, 2, 2, 2], [2, 2])]);
      const y = graph.node(
        'Conv2D',
        [`${start}:1`, graph.floats([3, 3, 4, 3])],
        windowed({padding: 'VALID'}),
      );
      graph.node('BatchToSpaceND', [y, block, graph.integers([0, 0, 0, 0], [2, 2])]);
    },
    refused: [[6, 4]],
  },
  {
    what: 'the second output of an input',
    build: (graph, x) => graph.node('Mul', [x, graph.node('Erf', ['x:1'])]),
    refused: [[5, 4]],
  },
];

/** Loads a graph of nodes between two that can be in a plan. */
async function modelOf(build: Case['build'], spoil?: (artifacts: Artifacts) => void): Promise<GraphModel> {
  const graph = new TfGraph();
  build(graph, graph.node('Relu', [graph.input('x', OPEN)]));
  const artifacts = graph.artifacts();
  spoil?.(artifacts);
  return loadGraphModel(tf.io.fromMemory(artifacts));
}

const frameOf = ([height, width]: readonly number[], seed = 1) =>
  tf.tensor(numbers(4 * height * width, seed), [1, height, width, 4]);

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  test.each(refusals.filter(({only}) => !only || only.includes(backend)))(
    '$what',
    async ({build, refused, taken = []}) => {
      const model = await modelOf(build);
      const reuse = withReuse(model, {policy: 'incremental', engine});
      tf.tidy(() => {
        for (const size of [...taken, ...refused, ...taken, ...refused]) {
          const {error} = expectSameOutcome(model, reuse, frameOf(size));
          expect([size, error === null]).toEqual([size, taken.includes(size)]);
        }
      });
      reuse.dispose();
      model.dispose();
    },
  );
});

interface Odd {
  readonly what: string;
  readonly build: Case['build'];
  /** Backends that bear it the same each time; all, if left out. */
  readonly only?: readonly BackendName[];
  /** 5 × 6, if left out. */
  readonly size?: readonly [height: number, width: number];
  /** Changes the JSON where the builder writes it right. */
  readonly spoil?: (artifacts: Artifacts) => void;
}

const conv = (graph: TfGraph, x: string) => graph.node('Conv2D', [x, graph.floats([3, 3, 4, 3])], windowed());

/** Crops less than nothing: of a tensor that has a shape, and fewer values than it says. */
const withoutItsEnd = (graph: TfGraph, x: string) =>
  graph.node('BatchToSpaceND', [x, graph.integers([1, 1]), graph.integers([-2, 0, 0, 0], [2, 2])]);

const lastNode = ({modelTopology: {node}}: Artifacts) => node[node.length - 1];
const setAttribute = (name: string, value: object) => (artifacts: Artifacts) => {
  Object.assign(lastNode(artifacts).attr!, {[name]: value});
};

/** Graphs that no converter writes and tfjs bears. */
const odd: readonly Odd[] = [
  {
    what: 'AddV2 of three tensors adds two',
    build: (graph, x) => graph.node('AddV2', [x, graph.node('Sigmoid', [x]), graph.node('Tanh', [x])]),
  },
  {
    what: 'ConcatV2 takes as many as N says',
    build: (graph, x) =>
      graph.node(
        'ConcatV2',
        [x, graph.node('Sigmoid', [x]), graph.node('Tanh', [x]), graph.integers([3], [])],
        {N: 2},
      ),
  },
  {
    what: "a stride of '1e9' is 1",
    build: (graph, x) => graph.node('MaxPool', [x], {...windowed(), ksize: [1, 2, 2, 1]}),
    spoil: setAttribute('strides', {list: {i: ['1', '1e9', '1e9', '1']}}),
  },
  {
    what: "a slope of '0.5' is 0",
    build: (graph, x) => graph.node('LeakyRelu', [graph.node('Sub', [x, graph.floats([], [0.5])])]),
    spoil: setAttribute('alpha', {f: '0.5'}),
  },
  {
    what: 'strides of five numbers, of which the second and third are taken',
    build: (graph, x) =>
      graph.node('MaxPool', [x], {...windowed({strides: [1, 2, 2, 1, 1]}), ksize: [1, 2, 2, 1]}),
  },
  {
    what: 'paddings of float32',
    build: (graph, x) => graph.node('Pad', [x, graph.floats([4, 2], [0, 0, 1, 2, 0, 1, 0, 0])]),
  },
  {
    what: 'paddings of float32 that are no whole numbers',
    build: (graph, x) => graph.node('Pad', [x, graph.floats([4, 2], [0, 0, 0.5, 0.5, 0, 1, 0, 0])]),
    // On wasm it hands out memory that nothing was written to.
    only: ['cpu', 'tensorflow'],
  },
  {
    what: 'a convolution over paddings that are no whole numbers',
    build: (graph, x) => {
      const padded = graph.node('Pad', [x, graph.floats([4, 2], [0, 0, 0.5, 0.5, 0, 1, 0, 0])]);
      graph.node('Conv2D', [padded, graph.floats([3, 3, 4, 2])], windowed({padding: 'VALID'}));
    },
    only: ['cpu', 'tensorflow'],
  },
  {
    what: 'a largest value of an empty ksize',
    build: (graph, x) => graph.node('MaxPool', [x], {...windowed(), ksize: []}),
    // On wasm it reads what happens to lie there.
    only: ['cpu'],
  },
  {
    what: 'a mean of an empty ksize',
    build: (graph, x) => graph.node('AvgPool', [x], {...windowed(), ksize: []}),
    only: ['cpu'],
  },
  {
    what: 'a transposed convolution to a size that it cannot have',
    build: (graph, x) =>
      graph.node(
        'Conv2DBackpropInput',
        [graph.integers([1, 10, 10, 3]), graph.floats([3, 3, 3, 4]), x],
        strided,
      ),
    size: [6, 5],
    only: ['cpu', 'wasm'],
  },
  {
    what: 'Pad with a value of its own',
    build: (graph, x) =>
      graph.node('Pad', [x, graph.integers([0, 0, 1, 2, 0, 1, 0, 0], [4, 2])], {
        constant_value: {float: 0.5},
      }),
  },
  {
    what: 'BiasAdd of a single number',
    build: (graph, x) => graph.node('BiasAdd', [x, graph.floats([1])], {data_format: 'NHWC'}),
  },
  {
    what: 'BiasAdd whose channels are said to be first is as any other addition',
    build: (graph, x) => graph.node('BiasAdd', [x, graph.floats([4])], {data_format: 'NCHW'}),
  },
  {
    what: 'Maximum with a zero of more axes has these',
    build: (graph, x) => graph.node('Maximum', [x, graph.floats([1, 1, 1, 1, 1], [0])]),
  },
  {
    what: 'a Relu of two tensors takes the first',
    build: (graph, x) => graph.node('Relu', [graph.node('Sub', [x, graph.floats([], [0.5])]), x]),
  },
  {
    what: 'a name of three parts is of the output that comes last',
    build: (graph, x) => {
      const parts = graph.node('Split', [graph.integers([3], []), x], {num_split: 2});
      graph.node('Elu', [`${parts}:1:0`]);
    },
  },
  {
    what: 'a convolution of as many rows as the values say',
    build: (graph, x) => conv(graph, someRows(graph, x)),
  },
  {
    what: 'a convolution of pixels that lie as the values say',
    build: (graph, x) => conv(graph, inOtherRows(graph, x, 4)),
  },
  {
    what: 'a tensor of fewer values than its shape says',
    build: withoutItsEnd,
    only: ['cpu'],
  },
  {
    what: 'a convolution of such a tensor',
    build: (graph, x) => conv(graph, withoutItsEnd(graph, graph.node('Erf', [x]))),
    only: ['cpu'],
  },
  {
    what: 'a convolution by such a tensor',
    build: (graph, x) =>
      graph.node('Conv2D', [x, withoutItsEnd(graph, graph.floats([1, 2, 4, 3]))], windowed()),
    only: ['cpu'],
  },
  {
    what: 'a power of such a tensor',
    build: (graph, x) => graph.node('Pow', [x, withoutItsEnd(graph, graph.floats([1, 3, 6, 4]))]),
    only: ['cpu'],
  },
];

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  const borne = odd.filter(({only}) => !only || only.includes(backend));
  test.each(borne)('$what', async ({build, spoil, size: [height, width] = [5, 6]}) => {
    const model = await modelOf(build, spoil);
    const reuse = withReuse(model, {policy: 'incremental', engine});
    tf.tidy(() => {
      const frame = numbers(4 * height * width);
      for (let t = 0; t < 3; t++) {
        frame[11 * t] += t;
        const {error} = expectSameOutcome(model, reuse, tf.tensor(frame.slice(), [1, height, width, 4]));
        expect(error).toBeNull();
      }
    });
    reuse.dispose();
    model.dispose();
  });
});

describe('what a model says of its inputs', () => {
  beforeAll(() => useBackend('cpu'));
  const relu: Case['build'] = (graph, x) => graph.node('Elu', [x]);
  const frame = () => frameOf([5, 4]);

  test.each<[string, (artifacts: Artifacts) => void]>([
    [
      'a signature without inputs',
      (artifacts) => Object.assign(artifacts, {signature: {inputs: null, outputs: null}}),
    ],
    ['an empty signature', (artifacts) => Object.assign(artifacts, {signature: {}})],
    ['no signature', (artifacts) => Object.assign(artifacts, {signature: null})],
    [
      'an input without a dtype',
      ({modelTopology: {node}}) => delete (node[0].attr as {dtype?: object}).dtype,
    ],
    [
      'an input without a shape',
      ({modelTopology: {node}}) => delete (node[0].attr as {shape?: object}).shape,
    ],
    ['an input without attributes', ({modelTopology: {node}}) => delete (node[0] as {attr?: object}).attr],
  ])('%s: as the model has it', async (_what, spoil) => {
    const model = await modelOf(relu, spoil);
    const reuse = withReuse(model, {policy: 'incremental'});
    tf.tidy(() => {
      for (let t = 0; t < 2; t++) expect(expectSameOutcome(model, reuse, frame()).error).toBeNull();
      const byModel = outcomeOf(() => model.predict(frame()) as tf.Tensor);
      expect(outcomeOf(() => reuse.predict(frame()) as tf.Tensor).error).toBe(byModel.error);
    });
    reuse.dispose();
  });

  test('an input without a dtype takes float32; another one is refused in words', async () => {
    const model = await modelOf(
      relu,
      ({modelTopology: {node}}) => delete (node[0].attr as {dtype?: object}).dtype,
    );
    const reuse = withReuse(model);
    expect(() => reuse.predict(tf.zeros([1, 5, 4, 4], 'bool'))).toThrow(/Expected dtype float32.*got bool/);
  });
});
