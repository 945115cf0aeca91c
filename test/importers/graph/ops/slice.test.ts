/** Slices, with steps or without, and splits. */
import type {Attribute, TfGraph} from '../tf-graph';
import {specify, specifyLeft, type Case} from './specify';

type Attributes = Readonly<Record<string, Attribute>>;

const IMAGE = [1, 6, 7, 3];

/** The image, and something behind so that there is more to a plan than another shape. */
const image = (graph: TfGraph, shape = IMAGE): string => graph.node('Relu', [graph.input('x', shape)]);

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

specify([...slices, ...splits]);
specifyLeft([
  ['StridedSlice with an ellipsis', strided([0, 1], [0, 2], [1, 1], {ellipsis_mask: 1})],
  ['StridedSlice with a new axis', strided([0, 1], [0, 2], [1, 1], {new_axis_mask: 1})],
  ['StridedSlice of every second channel', strided([0, 0, 0, 0], [1, 6, 7, 3], [1, 1, 1, 2])],
]);
