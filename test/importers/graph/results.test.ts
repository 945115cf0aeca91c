/** What is known of nodes: which node is behind what another one reads, as patterns see it. */
import {Results} from '../../../src/importers/graph/results';
import {readTopology} from '../../../src/importers/graph/topology';
import {viewOf} from '../../../src/importers/graph/view';
import {useBackend} from '../../backends';
import {TfGraph} from './tf-graph';

beforeAll(() => useBackend('cpu'));

/** A product of x and one that reads the node `gate`, by this name. */
async function load(name: string) {
  const graph = new TfGraph();
  const x = graph.input('x', [1, 4, 5, 3]);
  graph.named('gate', 'Sigmoid', [x]);
  graph.named('product', 'Mul', [x, name]);
  const model = await graph.load();
  const topology = readTopology(model)!;
  return {topology, results: new Results(model, topology), product: topology.get('product')!};
}

test.each([
  ['gate', 'Sigmoid'],
  ['gate:0', 'Sigmoid'],
  ['gate:1', undefined],
])('behind %s, which the plan does not have: %s', async (name, op) => {
  const {results, product} = await load(name);
  const [, gate] = results.readsOf(product);
  expect(gate.operand).toBeNull();
  expect(gate.node?.op).toBe(op);
});

test('what the plan has is known by the output that is read', async () => {
  const {results, topology, product} = await load('gate:1');
  const views = [viewOf(1, [1, 4, 5, 3]), viewOf(2, [1, 4, 5, 3])];
  results.note('gate', views);
  results.noteImported(topology.get('gate')!, views);
  expect(results.readsOf(product)[1]).toEqual({operand: views[1], node: topology.get('gate')});
});
