/** Frontiers: what the model is fed, what it runs, and what is said of that. */
import * as tf from '@tensorflow/tfjs-core';
import {constantOf, weightOf} from '../../../src/importers/graph/constants';
import {frontierOf, isAsync, labelOf, type Lookup} from '../../../src/importers/graph/frontier';
import {externalOp} from '../../../src/importers/graph/frontier-op';
import {probe, probeAsync} from '../../../src/importers/graph/probe';
import {readTopology, type Topology} from '../../../src/importers/graph/topology';
import {transposed, viewOf, type View} from '../../../src/importers/graph/view';
import {useBackend} from '../../backends';
import {TfGraph} from './tf-graph';

beforeAll(() => useBackend('cpu'));

const float = () => 'float32' as const;
const at = (node: string, output = 0) => ({node, output});

/** x → parts of it → their sum and a product → an argmax; a weight beside. */
async function load() {
  const graph = new TfGraph();
  const x = graph.input('x', [1, 2, 3, 4]);
  const parts = graph.named('parts', 'Split', [graph.integers([3], []), x], {num_split: 2});
  const sum = graph.named('sum', 'AddV2', [parts, `${parts}:1`]);
  const scaled = graph.named('scaled', 'Mul', [sum, graph.floats([2])]);
  graph.named('best', 'ArgMax', [scaled, graph.integers([3], [])]);
  const model = await graph.load();
  return {model, topology: readTopology(model)!};
}

/** What is known: views by name. */
const known =
  (views: Readonly<Record<string, View>>): Lookup =>
  ({node, output}) =>
    views[output === 0 ? node : `${node}:${output}`] ?? null;

const names = (nodes: readonly {name: string}[]) => nodes.map(({name}) => name).sort();

function frontier(topology: Topology, node: string, lookup: Lookup) {
  return frontierOf([at(node)], topology, lookup, float);
}

test('what is known is fed; what is not, runs', async () => {
  const {topology} = await load();
  const found = frontier(topology, 'best', known({sum: viewOf(7, [1, 2, 3, 2])}));
  expect(found.feeds).toMatchObject([{name: 'sum', dtype: 'float32', operand: {value: 7}}]);
  expect(names(found.nodes).filter((name) => !name.startsWith('Const'))).toEqual(['best', 'scaled']);
});

test('weights are the model’s own, and other constants are fed', async () => {
  const {model, topology} = await load();
  const size = constantOf(at('sum'), [1, 2, 3, 2], 'float32', new Float32Array(12));
  const lookup: Lookup = (ref) => (ref.node === 'sum' ? size : weightOf(model, ref));
  const found = frontier(topology, 'best', lookup);
  expect(found.constants).toEqual([size]);
  expect(names(found.nodes)).toEqual(['best', 'scaled']);
});

test('of a node of which two outputs would be fed by one reader, the node runs', async () => {
  const {topology} = await load();
  const part = viewOf(1, [1, 2, 3, 2]);
  const x = viewOf(0, [1, 2, 3, 4]);
  const found = frontier(topology, 'sum', known({parts: part, 'parts:1': part, x}));
  expect(found.feeds.map(({name}) => name)).toEqual(['x']);
  expect(names(found.nodes)).toContain('parts');
});

/** Two parts of a tensor, each with a reader of its own. */
async function loadParts() {
  const graph = new TfGraph();
  const x = graph.input('x', [1, 2, 3, 4]);
  const parts = graph.named('parts', 'Split', [graph.integers([3], []), x], {num_split: 2});
  const first = graph.named('first', 'Erf', [parts]);
  const second = graph.named('second', 'Abs', [`${parts}:1`]);
  graph.named('joined', 'Mul', [first, graph.named('root', 'Sqrt', [second])]);
  const model = await graph.load();
  return {model, topology: readTopology(model)!};
}

test('where two outputs of a node have readers of their own, those of the second run before', async () => {
  const {model, topology} = await loadParts();
  const lookup = known({parts: viewOf(1, [1, 2, 3, 2]), 'parts:1': viewOf(2, [1, 2, 3, 2])});
  const found = frontier(topology, 'joined', lookup);
  expect(found.feeds.map(({name}) => name).sort()).toEqual(['parts', 'parts:1']);
  expect(found.preludes).toEqual([{feed: 'parts:1', names: ['second']}]);
  const op = externalOp(model, found, ['joined'], [{shape: null}]);
  tf.tidy(() => {
    const x = tf.reshape(tf.range(-6, 18), [1, 2, 3, 4]);
    const parts = tf.split(x, 2, 3);
    const values: Record<string, tf.Tensor> = {parts: parts[0], 'parts:1': parts[1]};
    const [actual] = op.apply(found.feeds.map(({name}) => values[name]));
    expect([...actual.dataSync()]).toEqual([...(model.execute({x}, ['joined']) as tf.Tensor).dataSync()]);
  });
});

test.each([
  [
    'is a comparison, whose result is no feed',
    (graph: TfGraph) => graph.named('second', 'Greater', ['parts:1', 'limit']),
  ],
  [
    'has a second output that is read',
    (graph: TfGraph) => {
      graph.named('second', 'Split', ['axis', 'parts:1'], {num_split: 2});
      return graph.named('half', 'Abs', ['second:1']);
    },
  ],
])('where a reader %s, the node runs', async (_name, add) => {
  const graph = new TfGraph();
  const x = graph.input('x', [1, 2, 3, 4]);
  graph.named('limit', 'Identity', [graph.floats([], [0])]);
  graph.named('axis', 'Identity', [graph.integers([3], [])]);
  graph.named('parts', 'Split', ['axis', x], {num_split: 2});
  const read = add(graph);
  graph.named('first', 'Erf', ['parts']);
  graph.named('both', 'Pack', ['first', read], {N: 2, axis: 0});
  const topology = readTopology(await graph.load())!;
  const part = viewOf(1, [1, 2, 3, 2]);
  const found = frontier(topology, 'both', known({parts: part, 'parts:1': part, x: viewOf(0, [1, 2, 3, 4])}));
  expect(found.preludes).toEqual([]);
  expect(names(found.nodes)).toContain('parts');
});

test('what is asked for and known is fed and handed out, in the order of axes that it has', async () => {
  const {model, topology} = await load();
  const view = transposed(viewOf(0, [1, 3, 2, 4]), [0, 2, 1, 3]);
  const found = frontier(topology, 'x', known({x: view}));
  expect(found.nodes).toEqual([]);
  const op = externalOp(model, found, ['x'], [{shape: null}]);
  expect(op.pure).toBe(true);
  tf.tidy(() => {
    const plan = tf.reshape(tf.range(0, 24), [1, 3, 2, 4]);
    const [actual] = op.apply([plan]);
    expect(actual.shape).toEqual([1, 2, 3, 4]);
    expect([...actual.dataSync()]).toEqual([...tf.transpose(plan, [0, 2, 1, 3]).dataSync()]);
  });
});

test('a label names a few of the ops', async () => {
  const {topology} = await load();
  expect(labelOf(frontier(topology, 'best', known({sum: viewOf(7, [1, 2, 3, 2])})))).toBe('ArgMax, Mul');
});

test('the op feeds each value in the order and shape that the model knows', async () => {
  const {model, topology} = await load();
  const view = transposed(viewOf(0, [1, 3, 2, 4]), [0, 2, 1, 3]);
  const found = frontier(topology, 'scaled', known({x: view}));
  const op = externalOp(model, found, ['scaled'], [{shape: null}]);
  expect(op).toMatchObject({pure: true, batched: true, rowwise: false});
  tf.tidy(() => {
    const plan = tf.reshape(tf.range(0, 24), [1, 3, 2, 4]);
    const x = tf.transpose(plan, [0, 2, 1, 3]);
    const [actual] = op.apply([plan]);
    const expected = [model.execute({x}, ['scaled'])].flat()[0];
    expect([...actual.dataSync()]).toEqual([...expected.dataSync()]);
  });
});

test('shape and dtype are found by a run on zeros, which leaves nothing behind', async () => {
  const {model, topology} = await load();
  const found = frontier(topology, 'best', known({x: viewOf(0, [1, 2, 3, 4])}));
  const before = tf.memory().numTensors;
  expect(probe(model, found, 'best')).toEqual({shape: [1, 2, 3], dtype: 'int32'});
  expect(await probeAsync(model, found, 'best')).toEqual({shape: [1, 2, 3], dtype: 'int32'});
  expect(tf.memory().numTensors).toBe(before);
});

test('ops that have to be awaited, and ops that are not pure', async () => {
  const graph = new TfGraph();
  const x = graph.input('x', [1, 2, 3, 4]);
  const positive = graph.node('Greater', [x, graph.floats([], [0])]);
  graph.named('where', 'Where', [positive]);
  const size = graph.integers([1, 2, 3, 4]);
  const noise = graph.node('RandomUniform', [size], {dtype: {type: 'DT_FLOAT'}, seed: 0});
  graph.named('noisy', 'AddV2', [x, noise]);
  const model = await graph.load();
  const topology = readTopology(model)!;
  const lookup = known({x: viewOf(0, [1, 2, 3, 4])});
  const where = frontier(topology, 'where', lookup);
  expect(isAsync(where)).toBe(true);
  expect(externalOp(model, where, ['where'], [{shape: null}]).applyAsync).toBeDefined();
  const noisy = frontier(topology, 'noisy', lookup);
  expect(isAsync(noisy)).toBe(false);
  const op = externalOp(model, noisy, ['noisy'], [{shape: null}]);
  expect(op.pure).toBe(false);
  expect(op.applyAsync).toBeUndefined();
});
