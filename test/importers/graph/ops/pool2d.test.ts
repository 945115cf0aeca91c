/** Pools over windows. */
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

specify(pools);
specifyLeft([
  [
    'MaxPool whose channels are said to be first: tfjs pools as if they were last',
    (graph) => {
      const x = graph.node('Relu', [graph.input('x', [1, 3, 6, 7])]);
      graph.node('MaxPool', [x], {...windowed({data_format: 'NCHW'}), ksize: [1, 1, 2, 2]});
    },
  ],
]);
