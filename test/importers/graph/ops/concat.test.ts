/** Concatenation along every axis. */
import {windowed, type TfGraph} from '../tf-graph';
import {specify, type Case} from './specify';

const IMAGE = [1, 6, 7, 3];

const concatOf = (graph: TfGraph, tensors: readonly string[], axis: number): string =>
  graph.node('ConcatV2', [...tensors, graph.integers([axis], [])], {N: tensors.length});

const concat =
  (axis: number, image: readonly number[], other = image): Case[1] =>
  (graph) => {
    const [a, b] = [graph.input('a', image), graph.input('b', other)];
    concatOf(graph, [graph.node('Relu', [a]), graph.node('Tanh', [b]), a], axis);
  };

const concats: Case[] = [
  ['ConcatV2 of channels', concat(3, IMAGE, [1, 6, 7, 5])],
  ['ConcatV2 of the last axis', concat(-1, IMAGE)],
  ['ConcatV2 of rows', concat(1, IMAGE, [1, 2, 7, 3])],
  ['ConcatV2 of columns', concat(2, IMAGE, [1, 6, 4, 3])],
  ['ConcatV2 of vectors', concat(1, [1, 4], [1, 9])],
  ['ConcatV2 of rows of pixels', concat(1, [1, 4, 3], [1, 2, 3])],
  ['ConcatV2 of the channels of rows of pixels', concat(2, [1, 4, 3], [1, 4, 2])],
  [
    'ConcatV2 of one',
    (graph) => {
      const x = graph.input('x', IMAGE);
      graph.node('Relu', [concatOf(graph, [x], 1)]);
    },
  ],
  [
    'ConcatV2 of boxes from planes of two sizes',
    (graph) => {
      const x = graph.input('x', [1, 6, 8, 3]);
      const small = graph.node('MaxPool', [x], {...windowed({strides: [1, 2, 2, 1]}), ksize: [1, 2, 2, 1]});
      const boxes = [x, small].map((y) => {
        const conv = graph.node('Conv2D', [y, graph.floats([1, 1, 3, 8])], windowed());
        return graph.node('Reshape', [conv, graph.integers([1, -1, 4])]);
      });
      concatOf(graph, boxes, 1);
    },
  ],
];

specify(concats);
