/**
 * What the model refuses, reuse refuses in the model's own words, and goes on with the next frame. Of graphs whose inputs have open
 * sizes, at each of these.
 */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse} from '../../../src';
import {useBackend, type BackendName} from '../../backends';
import {sidesInTurn} from '../../promises/helpers';
import {layerNormalized} from './layer-normalized';
import {expectSameOutcome} from './odd/same';
import {frameOf, modelOf, type Build} from './open-models';
import {windowed} from './tf-graph';

type Sizes = readonly (readonly [height: number, width: number])[];

interface Case {
  readonly what: string;
  readonly build: Build;
  readonly refused: Sizes;
  readonly taken?: Sizes;
  /** Backends of which this is true; of all, if left out. */
  readonly only?: readonly BackendName[];
}

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
