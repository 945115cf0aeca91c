/** Graphs that no converter writes, and that the model bears in a way of its own: reuse computes them as it does. */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse} from '../../../src';
import {useBackend, type BackendName} from '../../backends';
import {numbers} from '../helpers';
import {sidesInTurn} from '../../promises/helpers';
import {inOtherRows, someRows} from './by-values';
import {expectSameOutcome, outcomeOf} from './odd/same';
import {frameOf, modelOf, type Build} from './open-models';
import {windowed, type Artifacts, type TfGraph} from './tf-graph';

const strided = windowed({strides: [1, 2, 2, 1]});

interface Odd {
  readonly what: string;
  readonly build: Build;
  /** Backends that bear it the same each time; all, if left out. */
  readonly only?: readonly BackendName[];
  /** 5 × 6, if left out. */
  readonly size?: readonly [height: number, width: number];
  /** Changes the JSON where the builder writes it right. */
  readonly spoil?: (artifacts: Artifacts) => void;
}

const conv = (graph: TfGraph, x: string) => graph.node('Conv2D', [x, graph.floats([3, 3, 4, 3])], windowed());

/** Crops less than nothing: of a tensor that has a shape, and fewer values than it says. */
const withoutItsEnd = (graph: TfGraph, x: string) =>
  graph.node('BatchToSpaceND', [x, graph.integers([1, 1]), graph.integers([-2, 0, 0, 0], [2, 2])]);

const lastNode = ({modelTopology: {node}}: Artifacts) => node[node.length - 1];
const setAttribute = (name: string, value: object) => (artifacts: Artifacts) => {
  Object.assign(lastNode(artifacts).attr!, {[name]: value});
};

/** Graphs that no converter writes and tfjs bears. */
const odd: readonly Odd[] = [
  {
    what: 'AddV2 of three tensors adds two',
    build: (graph, x) => graph.node('AddV2', [x, graph.node('Sigmoid', [x]), graph.node('Tanh', [x])]),
  },
  {
    what: 'ConcatV2 takes as many as N says',
    build: (graph, x) =>
      graph.node(
        'ConcatV2',
        [x, graph.node('Sigmoid', [x]), graph.node('Tanh', [x]), graph.integers([3], [])],
        {N: 2},
      ),
  },
  {
    what: "a stride of '1e9' is 1",
    build: (graph, x) => graph.node('MaxPool', [x], {...windowed(), ksize: [1, 2, 2, 1]}),
    spoil: setAttribute('strides', {list: {i: ['1', '1e9', '1e9', '1']}}),
  },
  {
    what: "a slope of '0.5' is 0",
    build: (graph, x) => graph.node('LeakyRelu', [graph.node('Sub', [x, graph.floats([], [0.5])])]),
    spoil: setAttribute('alpha', {f: '0.5'}),
  },
  {
    what: 'strides of five numbers, of which the second and third are taken',
    build: (graph, x) =>
      graph.node('MaxPool', [x], {...windowed({strides: [1, 2, 2, 1, 1]}), ksize: [1, 2, 2, 1]}),
  },
  {
    what: 'paddings of float32',
    build: (graph, x) => graph.node('Pad', [x, graph.floats([4, 2], [0, 0, 1, 2, 0, 1, 0, 0])]),
  },
  {
    what: 'paddings of float32 that are no whole numbers',
    build: (graph, x) => graph.node('Pad', [x, graph.floats([4, 2], [0, 0, 0.5, 0.5, 0, 1, 0, 0])]),
    // On wasm it hands out memory that nothing was written to.
    only: ['cpu', 'tensorflow'],
  },
  {
    what: 'a convolution over paddings that are no whole numbers',
    build: (graph, x) => {
      const padded = graph.node('Pad', [x, graph.floats([4, 2], [0, 0, 0.5, 0.5, 0, 1, 0, 0])]);
      graph.node('Conv2D', [padded, graph.floats([3, 3, 4, 2])], windowed({padding: 'VALID'}));
    },
    only: ['cpu', 'tensorflow'],
  },
  {
    what: 'a largest value of an empty ksize',
    build: (graph, x) => graph.node('MaxPool', [x], {...windowed(), ksize: []}),
    // On wasm it reads what happens to lie there.
    only: ['cpu'],
  },
  {
    what: 'a mean of an empty ksize',
    build: (graph, x) => graph.node('AvgPool', [x], {...windowed(), ksize: []}),
    only: ['cpu'],
  },
  {
    what: 'a transposed convolution to a size that it cannot have',
    build: (graph, x) =>
      graph.node(
        'Conv2DBackpropInput',
        [graph.integers([1, 10, 10, 3]), graph.floats([3, 3, 3, 4]), x],
        strided,
      ),
    size: [6, 5],
    only: ['cpu', 'wasm'],
  },
  {
    what: 'Pad with a value of its own',
    build: (graph, x) =>
      graph.node('Pad', [x, graph.integers([0, 0, 1, 2, 0, 1, 0, 0], [4, 2])], {
        constant_value: {float: 0.5},
      }),
  },
  {
    what: 'BiasAdd of a single number',
    build: (graph, x) => graph.node('BiasAdd', [x, graph.floats([1])], {data_format: 'NHWC'}),
  },
  {
    what: 'BiasAdd whose channels are said to be first is as any other addition',
    build: (graph, x) => graph.node('BiasAdd', [x, graph.floats([4])], {data_format: 'NCHW'}),
  },
  {
    what: 'Maximum with a zero of more axes has these',
    build: (graph, x) => graph.node('Maximum', [x, graph.floats([1, 1, 1, 1, 1], [0])]),
  },
  {
    what: 'a Relu of two tensors takes the first',
    build: (graph, x) => graph.node('Relu', [graph.node('Sub', [x, graph.floats([], [0.5])]), x]),
  },
  {
    what: 'a name of three parts is of the output that comes last',
    build: (graph, x) => {
      const parts = graph.node('Split', [graph.integers([3], []), x], {num_split: 2});
      graph.node('Elu', [`${parts}:1:0`]);
    },
  },
  {
    what: 'a convolution of as many rows as the values say',
    build: (graph, x) => conv(graph, someRows(graph, x)),
  },
  {
    what: 'a convolution of pixels that lie as the values say',
    build: (graph, x) => conv(graph, inOtherRows(graph, x, 4)),
  },
  {
    what: 'a tensor of fewer values than its shape says',
    build: withoutItsEnd,
    only: ['cpu'],
  },
  {
    what: 'a convolution of such a tensor',
    build: (graph, x) => conv(graph, withoutItsEnd(graph, graph.node('Erf', [x]))),
    only: ['cpu'],
  },
  {
    what: 'a convolution by such a tensor',
    build: (graph, x) =>
      graph.node('Conv2D', [x, withoutItsEnd(graph, graph.floats([1, 2, 4, 3]))], windowed()),
    only: ['cpu'],
  },
  {
    what: 'a power of such a tensor',
    build: (graph, x) => graph.node('Pow', [x, withoutItsEnd(graph, graph.floats([1, 3, 6, 4]))]),
    only: ['cpu'],
  },
];

describe.each(sidesInTurn(1))('on $backend, with engine $engine', ({backend, engine}) => {
  beforeAll(() => useBackend(backend));

  const borne = odd.filter(({only}) => !only || only.includes(backend));
  test.each(borne)('$what', async ({build, spoil, size: [height, width] = [5, 6]}) => {
    const model = await modelOf(build, spoil);
    const reuse = withReuse(model, {policy: 'incremental', engine});
    tf.tidy(() => {
      const frame = numbers(4 * height * width);
      for (let t = 0; t < 3; t++) {
        frame[11 * t] += t;
        const {error} = expectSameOutcome(model, reuse, tf.tensor(frame.slice(), [1, height, width, 4]));
        expect(error).toBeNull();
      }
    });
    reuse.dispose();
    model.dispose();
  });
});

describe('what a model says of its inputs', () => {
  beforeAll(() => useBackend('cpu'));
  const relu: Build = (graph, x) => graph.node('Elu', [x]);
  const frame = () => frameOf([5, 4]);

  test.each<[string, (artifacts: Artifacts) => void]>([
    [
      'a signature without inputs',
      (artifacts) => Object.assign(artifacts, {signature: {inputs: null, outputs: null}}),
    ],
    ['an empty signature', (artifacts) => Object.assign(artifacts, {signature: {}})],
    ['no signature', (artifacts) => Object.assign(artifacts, {signature: null})],
    [
      'an input without a dtype',
      ({modelTopology: {node}}) => delete (node[0].attr as {dtype?: object}).dtype,
    ],
    [
      'an input without a shape',
      ({modelTopology: {node}}) => delete (node[0].attr as {shape?: object}).shape,
    ],
    ['an input without attributes', ({modelTopology: {node}}) => delete (node[0] as {attr?: object}).attr],
  ])('%s: as the model has it', async (_what, spoil) => {
    const model = await modelOf(relu, spoil);
    const reuse = withReuse(model, {policy: 'incremental'});
    tf.tidy(() => {
      for (let t = 0; t < 2; t++) expect(expectSameOutcome(model, reuse, frame()).error).toBeNull();
      const byModel = outcomeOf(() => model.predict(frame()) as tf.Tensor);
      expect(outcomeOf(() => reuse.predict(frame()) as tf.Tensor).error).toBe(byModel.error);
    });
    reuse.dispose();
  });

  test('an input without a dtype takes float32; another one is refused in words', async () => {
    const model = await modelOf(
      relu,
      ({modelTopology: {node}}) => delete (node[0].attr as {dtype?: object}).dtype,
    );
    const reuse = withReuse(model);
    expect(() => reuse.predict(tf.zeros([1, 5, 4, 4], 'bool'))).toThrow(/Expected dtype float32.*got bool/);
  });
});
