/** Biases and batch norms. */
import {numbers} from '../../helpers';
import type {Attribute} from '../tf-graph';
import {specify, specifyLeft, type Case} from './specify';

type Attributes = Readonly<Record<string, Attribute>>;

const IMAGE = [1, 6, 7, 3];
const PLANAR = [1, 3, 6, 7];

const biases: Case[] = [
  [
    'BiasAdd',
    (graph) =>
      void graph.node('BiasAdd', [graph.input('x', IMAGE), graph.floats([3])], {data_format: 'NHWC'}),
  ],
  [
    'BiasAdd of a vector',
    (graph) => void graph.node('BiasAdd', [graph.input('x', [1, 9]), graph.floats([9])]),
  ],
];

const norm =
  (op: string, attributes: Attributes): Case[1] =>
  (graph) => {
    const [gamma, beta, mean] = [graph.floats([3]), graph.floats([3]), graph.floats([3])];
    const variance = graph.floats(
      [3],
      numbers(3, 5).map((value) => 0.5 + value * value),
    );
    graph.node(op, [graph.input('x', IMAGE), gamma, beta, mean, variance], attributes);
  };

const norms: Case[] = ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3'].flatMap((op): Case[] => [
  [op, norm(op, {epsilon: {float: 0.01}, is_training: false})],
  [`${op} with the epsilon left out`, norm(op, {is_training: false})],
]);

specify([...biases, ...norms]);
specifyLeft([
  [
    'BiasAdd whose channels are said to be first: tfjs adds along the last axis',
    (graph) => {
      const x = graph.node('Relu', [graph.input('x', PLANAR)]);
      graph.node('BiasAdd', [x, graph.floats([7])], {data_format: 'NCHW'});
    },
  ],
]);
