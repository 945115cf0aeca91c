/** What the changes of a node's inputs reach, by the rules of the graph. */
import {definitionOf, type Graph, type KnownForm, type Node, type ValueId} from '../../../graph';
import {Region} from '../../../region';

/** One for each value; 1×1 where the plane is not known before. */
export const noRegions = ({values}: Graph): Region[] =>
  values.map(({plane}) => Region.empty(plane?.height ?? 1, plane?.width ?? 1));

/** The outputs that read a changed pixel, of a node that is no external one. */
export function affectedBy({values}: Graph, node: Node, changed: readonly Region[]): Region {
  const form = (id: ValueId) => values[id] as KnownForm;
  return definitionOf(node.op).affected(node.op, node.inputs.map(form), form(node.outputs[0]), changed);
}

/** All regions that the inputs' regions reach, if every pixel reached changes. */
export function reachOf(graph: Graph, changed: readonly Region[]): readonly Region[] {
  const regions = noRegions(graph);
  graph.inputs.forEach((id, i) => (regions[id] = changed[i]));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((id) => regions[id]);
    if (inputs.every(({isEmpty}) => isEmpty)) continue;
    for (const id of node.outputs)
      regions[id] = node.op.kind === 'external' ? regions[id].fill() : affectedBy(graph, node, inputs);
  }
  return regions;
}
