/** How the ops of a graph model are specified: small graphs, each wholly in the plan, and right on every backend. Not a test. */
import {useBackend, type BackendName} from '../../../backends';
import {sides} from '../../../promises/helpers';
import {turnOf} from '../../../scale';
import {expectSameClip, externals, graphOf} from '../playing';
import {TfGraph} from '../tf-graph';

/** A name, and what builds the graph. */
export type Case = readonly [name: string, build: (graph: TfGraph) => void];

export function modelOf(build: Case[1]) {
  const graph = new TfGraph();
  build(graph);
  return graph.load();
}

/**
 * Every op of these graphs is in the plan, and each frame of a clip gives what the model itself gives.
 * @param only the one backend on which tfjs itself computes them
 */
export function specify(cases: readonly Case[], only?: BackendName): void {
  describe('in the plan, with nothing left to the model', () => {
    beforeAll(() => useBackend('cpu'));
    test.each(cases)('%s', async (_name, build) => {
      const model = await modelOf(build);
      expect(externals(graphOf(model))).toEqual([]);
      model.dispose();
    });
  });

  const these = sides.filter(({backend}) => !only || backend === only);
  describe.each(these)('on $backend, with engine $engine', (side) => {
    const {backend, engine} = side;
    beforeAll(() => useBackend(backend));
    test.each(only ? cases : turnOf(cases, side, sides))('%s', async (_name, build) => {
      const model = await modelOf(build);
      expectSameClip(model, {engine});
      model.dispose();
    });
  });
}

/** Graphs that are left to the model, in part at least, and right all the same. */
export function specifyLeft(cases: readonly Case[]): void {
  describe.each(sides)('left to the model, on $backend, with engine $engine', ({backend, engine}) => {
    beforeAll(() => useBackend(backend));
    test.each(cases)('%s', async (_name, build) => {
      const model = await modelOf(build);
      expect(externals(graphOf(model))).not.toEqual([]);
      expectSameClip(model, {engine});
      model.dispose();
    });
  });
}
