/** Transposed convolutions. */
import {windowed, type Attribute} from '../tf-graph';
import {specify, type Case} from './specify';

type Attributes = Readonly<Record<string, Attribute>>;

/** With the output's sides that tfjs expects of this padding. */
function back(size: number[], kernel: number[], attributes: Attributes): Case[1] {
  return (graph) => {
    const x = graph.input('x', [1, 4, 5, 3]);
    const sizes = graph.integers([1, ...size, 2]);
    graph.node('Conv2DBackpropInput', [sizes, graph.floats([...kernel, 2, 3]), x], windowed(attributes));
  };
}

const backwards: Case[] = [
  ['Conv2DBackpropInput SAME', back([4, 5], [3, 3], {})],
  ['Conv2DBackpropInput SAME, strides of 2', back([8, 10], [3, 3], {strides: [1, 2, 2, 1]})],
  ['Conv2DBackpropInput SAME, odd sides', back([7, 9], [3, 3], {strides: [1, 2, 2, 1]})],
  ['Conv2DBackpropInput SAME, an even kernel', back([8, 10], [4, 2], {strides: [1, 2, 2, 1]})],
  ['Conv2DBackpropInput VALID', back([6, 7], [3, 3], {padding: 'VALID'})],
  [
    'Conv2DBackpropInput VALID, strides of 2',
    back([9, 11], [3, 3], {padding: 'VALID', strides: [1, 2, 2, 1]}),
  ],
  [
    'Conv2DBackpropInput VALID, a kernel of 2 and strides of 2',
    back([8, 10], [2, 2], {padding: 'VALID', strides: [1, 2, 2, 1]}),
  ],
];

specify(backwards);
