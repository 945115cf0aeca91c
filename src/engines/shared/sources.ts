/** Which values lie in the same memory. */
import {planeOf, type Graph, type Plane, type ValueId} from '../../graph';

/**
 * The value whose memory each value is: its own, or the one that a reshape sees under another shape.
 * @param seesSame whether a reshape from one plane to another only looks at what is there
 */
export function sourcesOf(graph: Graph, seesSame: (from: Plane, to: Plane) => boolean): ValueId[] {
  const sources = graph.values.map(({id}) => id);
  for (const {op, inputs, outputs} of graph.nodes) {
    if (op.kind !== 'reshape') continue;
    const [from, to] = [graph.values[inputs[0]], graph.values[outputs[0]]];
    if (seesSame(planeOf(from), planeOf(to))) sources[to.id] = sources[from.id];
  }
  return sources;
}
