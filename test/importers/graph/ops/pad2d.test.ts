/** Paddings, with one value or mirrored. */
import {windowed, type TfGraph} from '../tf-graph';
import {specify, specifyLeft, type Case} from './specify';

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

specify(paddings);
specifyLeft([
  ['Pad of the batch', pad([1, 0, 1, 1, 0, 0, 0, 0])],
  ['Pad of the space and the channels', pad([0, 0, 1, 1, 0, 0, 2, 0])],
  ['MirrorPad of channels', mirror('REFLECT', [0, 0, 1, 1, 0, 0, 1, 0])],
]);
