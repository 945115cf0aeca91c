/** Activations, biases, slopes and batch norms. */
import {numbers} from '../../helpers';
import {FLOAT, INT32, type Attribute, type TfGraph} from '../tf-graph';
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

const prelu =
  (slopes: readonly number[], shape = IMAGE): Case[1] =>
  (graph) => {
    graph.node('Prelu', [graph.input('x', shape), graph.floats(slopes)]);
  };

const prelus: Case[] = [
  ['Prelu, a slope a channel', prelu([3])],
  ['Prelu, a slope a channel, of rank 3', prelu([1, 1, 3])],
  ['Prelu, a slope for all', prelu([1, 1, 1])],
  ['Prelu, a slope a value', prelu([6, 7, 3])],
];

/** tfjs's wasm backend reads these as a slope a channel. */
const spreadPrelus: Case[] = [
  ['Prelu, a slope a row', prelu([6, 1, 1])],
  ['Prelu, a slope a pixel', prelu([6, 7, 1])],
];

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

/** Whole numbers come in and are cast before anything is computed. */
const casts: Case[] = [
  [
    'Cast of whole numbers',
    (graph) => {
      const x = graph.input('x', IMAGE, INT32);
      const y = graph.node('Cast', [x], {SrcT: INT32, DstT: FLOAT});
      graph.node('Mul', [y, graph.floats([], [1 / 255])]);
    },
  ],
  [
    'Cast of floats to floats',
    (graph) => {
      const y = graph.node('Cast', [graph.input('x', IMAGE)], {SrcT: FLOAT, DstT: FLOAT});
      graph.node('Relu', [y]);
    },
  ],
];

specify([...activations, ...clips, ...prelus, ...biases, ...norms, ...casts]);
specify(spreadPrelus, 'cpu');
specifyLeft([
  ['ClipByValue from -1 to 1', clip(-1, 1)],
  [
    'Cast to whole numbers',
    (graph) => {
      const y = graph.node('Relu', [graph.input('x', IMAGE)]);
      graph.node('Cast', [y], {SrcT: FLOAT, DstT: INT32});
    },
  ],
  [
    'whole numbers that are added to before they are cast',
    (graph) => {
      const x = graph.input('x', IMAGE, INT32);
      const y = graph.node('AddV2', [x, graph.integers([1], [])], {T: INT32});
      graph.node('Relu', [graph.node('Cast', [y], {SrcT: INT32, DstT: FLOAT})]);
    },
  ],
  [
    'BiasAdd whose channels are said to be first: tfjs adds along the last axis',
    (graph) => {
      const x = graph.node('Relu', [graph.input('x', PLANAR)]);
      graph.node('BiasAdd', [x, graph.floats([7])], {data_format: 'NCHW'});
    },
  ],
  ['Softmax over another axis', planar((graph, x) => graph.node('Softmax', [x]))],
]);
