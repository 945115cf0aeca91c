/** Pools over windows and over whole planes. */
import {windowed, type Attribute} from '../tf-graph';
import {specify, specifyLeft, type Case} from './specify';

type Attributes = Readonly<Record<string, Attribute>>;

const pool =
  (op: string, size: readonly number[], attributes: Attributes = {}, shape = [1, 6, 7, 3]): Case[1] =>
  (graph) => {
    graph.node(op, [graph.input('x', shape)], {...windowed(attributes), ksize: [1, ...size, 1]});
  };

const pools: Case[] = ['MaxPool', 'AvgPool'].flatMap((op): Case[] => [
  [`${op} SAME`, pool(op, [3, 3])],
  [`${op} SAME, strides of 2`, pool(op, [3, 3], {strides: [1, 2, 2, 1]})],
  [`${op} SAME, 2×2, strides of 2`, pool(op, [2, 2], {strides: [1, 2, 2, 1]})],
  [`${op} VALID`, pool(op, [2, 3], {padding: 'VALID'})],
  [`${op} VALID, strides of 2`, pool(op, [2, 2], {padding: 'VALID', strides: [1, 2, 2, 1]})],
  [`${op} VALID, windows apart`, pool(op, [2, 2], {padding: 'VALID', strides: [1, 3, 3, 1]})],
  [`${op} VALID over the whole plane`, pool(op, [6, 7], {padding: 'VALID'})],
  [`${op} of one pixel`, pool(op, [1, 1], {padding: 'VALID', strides: [1, 2, 2, 1]})],
  [`${op} of a plane of one pixel`, pool(op, [1, 1], {padding: 'VALID'}, [1, 1, 1, 3])],
]);

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

specify([...pools, ...reductions, ...first, ...flat]);
specifyLeft([
  [
    'MaxPool whose channels are said to be first: tfjs pools as if they were last',
    (graph) => {
      const x = graph.node('Relu', [graph.input('x', [1, 3, 6, 7])]);
      graph.node('MaxPool', [x], {...windowed({data_format: 'NCHW'}), ksize: [1, 1, 2, 2]});
    },
  ],
  ['Mean of the channels', reduce('Mean', [3], true)],
  ['Max of rows', reduce('Max', [1], false)],
  ['Mean of everything', reduce('Mean', [0, 1, 2, 3], false)],
]);
