/** Means and maxima over whole planes. */
import {specify, specifyLeft, type Case} from './specify';

const reduce =
  (op: string, axes: readonly number[], keeps: boolean, shape = [1, 6, 7, 3]): Case[1] =>
  (graph) => {
    const x = graph.input('x', shape);
    graph.node(op, [x, graph.integers(axes)], {keep_dims: keeps});
  };

const reductions: Case[] = ['Mean', 'Max'].flatMap((op): Case[] => [
  [`${op} of the plane`, reduce(op, [1, 2], false)],
  [`${op} of the plane, axes kept`, reduce(op, [1, 2], true)],
  [`${op} of the plane, axes from behind, in no order`, reduce(op, [-2, -3], true)],
  [`${op} of a row of pixels`, reduce(op, [1], false, [1, 9, 3])],
]);

const first: Case[] = ['Mean', 'Max'].map((op) => [
  `${op} of a plane whose channels are first`,
  (graph) => {
    const x = graph.input('x', [1, 3, 6, 7]);
    graph.node(op, [graph.node('Relu', [x]), graph.integers([2, 3])], {keep_dims: true});
  },
]);

const flat: Case[] = [
  [
    'Mean of all but the channels, seen as one row',
    (graph) => {
      const x = graph.node('Relu', [graph.input('x', [1, 6, 7, 3])]);
      const rows = graph.node('Reshape', [x, graph.integers([1, 42, 3])]);
      graph.node('Mean', [rows, graph.integers([1])], {keep_dims: false});
    },
  ],
];

specify([...reductions, ...first, ...flat]);
specifyLeft([
  ['Mean of the channels', reduce('Mean', [3], true)],
  ['Max of rows', reduce('Max', [1], false)],
  ['Mean of everything', reduce('Mean', [0, 1, 2, 3], false)],
]);
