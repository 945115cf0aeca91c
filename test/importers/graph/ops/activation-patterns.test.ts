/** Activations in arithmetic: every order of their factors is recognised, and near misses are not. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {useBackend} from '../../../backends';
import {expectSameClip, graphOf} from '../playing';
import {FLOAT, INT32, TfGraph} from '../tf-graph';

beforeAll(() => useBackend('cpu'));

type Build = (graph: TfGraph, x: string) => string;

/** What `build` makes of the sum of two inputs: something that is no constant and no activation. */
function modelOf(build: Build): Promise<GraphModel> {
  const graph = new TfGraph();
  const sum = graph.node('AddV2', [graph.input('a', [1, 4, 5, 3]), graph.input('b', [1, 4, 5, 3])]);
  graph.named('output', 'Identity', [build(graph, sum)]);
  return graph.load();
}

async function activationsOf(build: Build): Promise<string[]> {
  const model = await modelOf(build);
  expectSameClip(model, {}, {frames: 3});
  const names = graphOf(model).nodes.flatMap(({op}) =>
    'activation' in op ? [op.activation.name as string] : [],
  );
  model.dispose();
  return names.filter((name) => name !== 'linear');
}

const number = (graph: TfGraph, value: number, shape: number[] = []) => graph.floats(shape, [value]);
const both = <T>(a: T, b: T, swaps: boolean): [T, T] => (swaps ? [b, a] : [a, b]);

interface Order {
  readonly factors: readonly [number, number, number];
  readonly outer: boolean;
  readonly sum: boolean;
}

const orders: Order[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
].flatMap((factors) =>
  [false, true].flatMap((outer) =>
    [false, true].map((sum) => ({factors: factors as unknown as Order['factors'], outer, sum})),
  ),
);

interface HardSwish {
  readonly shift?: number;
  readonly factor?: number;
  readonly relu?: string;
  /** What is shifted, where that is not x. */
  readonly other?: Build;
}

const hardSwish =
  (
    {factors: [a, b, c], outer, sum}: Order,
    {shift = 3, factor = 1 / 6, relu = 'Relu6', other}: HardSwish = {},
  ): Build =>
  (graph, x) => {
    const shifted = graph.node('AddV2', both(other ? other(graph, x) : x, number(graph, shift), sum));
    const parts = [x, graph.node(relu, [shifted]), number(graph, factor)];
    const inner = graph.node('Mul', [parts[a], parts[b]]);
    return graph.node('Mul', both(inner, parts[c], outer));
  };

test.each(orders)(
  'x · relu6(x + 3) / 6, factors $factors, the last one first: $outer, 3 + x: $sum',
  async (order) => {
    expect(await activationsOf(hardSwish(order))).toEqual(['hardSwish']);
  },
);

test('a sixth may be what float16 makes of it, and is computed with as it is', async () => {
  const rounded = hardSwish(orders[0], {factor: 0.1666259765625});
  expect(await activationsOf(rounded)).toEqual(['hardSwish']);
});

test.each([false, true])('x · sigmoid(x), the other way around: %s', async (swaps) => {
  expect(
    await activationsOf((graph, x) => graph.node('Mul', both(x, graph.node('Sigmoid', [x]), swaps))),
  ).toEqual(['swish']);
});

test.each([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
])('max(x, x / 4), the other way around: %s, and the product: %s', async (swaps, product) => {
  const build: Build = (graph, x) =>
    graph.node('Maximum', both(x, graph.node('Mul', both(x, number(graph, 0.25), product)), swaps));
  expect(await activationsOf(build)).toEqual(['leakyRelu']);
});

test('numbers may be of any shape of one value', async () => {
  const build: Build = (graph, x) =>
    graph.node('Maximum', [x, graph.node('Mul', [x, number(graph, 0.25, [1, 1])])]);
  expect(await activationsOf(build)).toEqual(['leakyRelu']);
});

describe('near misses are computed as they are', () => {
  const [order] = orders;
  const none: readonly (readonly [string, Build, string[]])[] = [
    ['another shift', hardSwish(order, {shift: 2.5}), ['relu6']],
    ['another factor', hardSwish(order, {factor: 1 / 5}), ['relu6']],
    ['no ceiling', hardSwish(order, {relu: 'Relu'}), ['relu']],
    ['another x', hardSwish(order, {other: (graph, x) => graph.node('Tanh', [x])}), ['tanh', 'relu6']],
    [
      'sigmoid of something else',
      (graph, x) => graph.node('Mul', [x, graph.node('Sigmoid', [graph.node('Tanh', [x])])]),
      ['tanh', 'sigmoid'],
    ],
    ['a sum with a sigmoid', (graph, x) => graph.node('AddV2', [x, graph.node('Sigmoid', [x])]), ['sigmoid']],
    [
      'max(x, 1.5 x)',
      (graph, x) => graph.node('Maximum', [x, graph.node('Mul', [x, number(graph, 1.5)])]),
      [],
    ],
    [
      'max(x, -x / 2)',
      (graph, x) => graph.node('Maximum', [x, graph.node('Mul', [x, number(graph, -0.5)])]),
      [],
    ],
    [
      'min(x, x / 4)',
      (graph, x) => graph.node('Minimum', [x, graph.node('Mul', [x, number(graph, 0.25)])]),
      [],
    ],
    [
      'max(x, a part for each channel)',
      (graph, x) => graph.node('Maximum', [x, graph.node('Mul', [x, graph.floats([3], [0.1, 0.2, 0.3])])]),
      [],
    ],
    [
      'max(x, x + 1/4)',
      (graph, x) => graph.node('Maximum', [x, graph.node('AddV2', [x, number(graph, 0.25)])]),
      [],
    ],
    ['x · x / 6', (graph, x) => graph.node('Mul', [graph.node('Mul', [x, x]), number(graph, 1 / 6)]), []],
  ];
  test.each(none)('%s', async (_name, build, activations) => {
    expect(await activationsOf(build)).toEqual(activations);
  });
});

test('a part that somebody else reads is there for them as well', async () => {
  const graph = new TfGraph();
  const x = graph.node('Tanh', [graph.input('x', [1, 4, 5, 3])]);
  const gate = graph.named('gate', 'Sigmoid', [x]);
  graph.node('Mul', [x, gate]);
  graph.node('AddV2', [gate, gate]);
  const model = await graph.load();
  expectSameClip(model, {}, {outputs: [...model.outputNodes, 'gate']});
});

test('whole numbers are no leaky ReLU: the model has them as they are', async () => {
  const graph = new TfGraph();
  const x = graph.input('x', [1, 4, 5, 3], INT32);
  const part = graph.node('Mul', [x, graph.integers([0], [])], {T: INT32});
  const largest = graph.node('Maximum', [x, part], {T: INT32});
  graph.node('Relu', [graph.node('Cast', [x], {SrcT: INT32, DstT: FLOAT})]);
  const model = await graph.load();
  expectSameClip(model, {}, {frames: 3, outputs: [...model.outputNodes, largest]});
  model.dispose();
});

/** The same values, seen as rows and as columns: a product of the two is spread over a square. */
function crossed(write: (graph: TfGraph, row: string, column: string) => string): Build {
  return (graph, x) => {
    const seen = (shape: number[]) => graph.node('Reshape', [x, graph.integers(shape)], {Tshape: INT32});
    return write(graph, seen([1, 60, 1]), seen([1, 1, 60]));
  };
}

test.each<[string, Build]>([
  ['swish', crossed((graph, row, column) => graph.node('Mul', [row, graph.node('Sigmoid', [column])]))],
  [
    'a leaky ReLU',
    crossed((graph, row, column) =>
      graph.node('Maximum', [row, graph.node('Mul', [column, number(graph, 0.5)])]),
    ),
  ],
])('two shapes of the same values are no %s', async (_name, build) => {
  expect(await activationsOf(build)).not.toContain('swish');
  expect(await activationsOf(build)).not.toContain('leakyRelu');
});
