/** Activations that are a node of their own. */
import type {Attribute, TfGraph} from '../tf-graph';
import {specify, specifyLeft, type Case} from './specify';

type Attributes = Readonly<Record<string, Attribute>>;

const IMAGE = [1, 6, 7, 3];
const PLANAR = [1, 3, 6, 7];

const unary =
  (op: string, attributes: Attributes = {}, shape: readonly number[] = IMAGE): Case[1] =>
  (graph) => {
    graph.node(op, [graph.input('x', shape)], attributes);
  };

const OPS = ['Relu', 'Relu6', 'Elu', 'Selu', 'Sigmoid', 'Tanh', 'Softplus', 'Softmax', 'LogSoftmax'];

const activations: Case[] = [
  ...OPS.map((op): Case => [op, unary(op)]),
  ...OPS.map((op): Case => [`${op} of a vector`, unary(op, {}, [1, 9])]),
  ['LeakyRelu', unary('LeakyRelu', {alpha: {float: 0.3}})],
  ['LeakyRelu without a slope', unary('LeakyRelu')],
  ['Relu of a plane whose channels are first', planar((graph, x) => graph.node('Relu', [x]))],
];

/** Channels first within, and last on the way out. */
function planar(inner: (graph: TfGraph, x: string) => string): Case[1] {
  return (graph) => {
    const y = inner(graph, graph.input('x', PLANAR));
    graph.node('Transpose', [y, graph.integers([0, 2, 3, 1])]);
  };
}

const clip =
  (low: number, high: number): Case[1] =>
  (graph) => {
    graph.node('ClipByValue', [graph.input('x', IMAGE), graph.floats([], [low]), graph.floats([], [high])]);
  };

const clips: Case[] = [
  ['ClipByValue from 0 to 6', clip(0, 6)],
  ['ClipByValue from 0 to 1', clip(0, 1)],
];

specify([...activations, ...clips]);
specifyLeft([
  ['ClipByValue from -1 to 1', clip(-1, 1)],
  ['Softmax over another axis', planar((graph, x) => graph.node('Softmax', [x]))],
]);
