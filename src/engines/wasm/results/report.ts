/** What each node did in a frame, worked out from a stream's masks and counts when somebody asks. */
import {computedNodes, definitionOf, type Graph, type KnownForm, type Node} from '../../../graph';
import {Region} from '../../../region';
import type {NodeReport} from '../../engine';
import {formOf} from '../../shared/opaque';
import type {Heap} from '../memory/heap';
import type {ValueLayout} from '../memory/layout';
import {regionOf} from '../memory/read';
import type {StreamState} from '../memory/state';
import type {Compiled} from '../schedule/compiled';
import {ExternalStep} from '../schedule/external-step';

export function reportNodes(
  graph: Graph,
  state: StreamState,
  {layouts, sources, steps}: Compiled,
  heap: Heap,
): NodeReport[] {
  const makers = new Map(steps.flatMap(({node}) => node.outputs.map((id) => [id, node] as const)));
  const left = new Set<Node>(steps.flatMap((step) => (step instanceof ExternalStep ? [step.node] : [])));
  return computedNodes(graph).map((node) => ({
    ...reportNode(node, makers.get(sources[node.outputs[0]])!, graph, state, layouts, sources, heap),
    engine: left.has(node) ? 'model' : 'wasm',
  }));
}

/** @param maker the node whose step computes it: another one where that has absorbed it */
function reportNode(
  node: Node,
  maker: Node,
  graph: Graph,
  state: StreamState,
  layouts: readonly ValueLayout[],
  sources: readonly number[],
  heap: Heap,
): Omit<NodeReport, 'engine'> {
  const form = (id: number) => formOf(graph.values[id]);
  const inputs = node.inputs.map(form);
  const output = form(node.outputs[0]);
  const definition = definitionOf(node.op);
  const whole = ({plane}: KnownForm) => Region.full(plane.height, plane.width);
  const denseMacs = definition.macs(node.op, inputs, output, inputs.map(whole), whole(output));
  const pixels = output.plane.height * output.plane.width;
  const affected = state.affected[maker.id];
  const computed = state.computed[maker.id];
  return {
    pixels,
    affected,
    computed,
    changed: state.changed[maker.outputs[0]],
    macs: denseMacs * Math.min(1, computed / pixels),
    affectedMacs: denseMacs * affectedShare(node, graph, state, sources, affected, pixels),
    denseMacs,
    ms: state.ms[node.id],
    region: regionOf(heap, state, layouts[node.outputs[0]], state.changed[sources[node.outputs[0]]]),
  };
}

function affectedShare(
  {op, inputs}: Node,
  graph: Graph,
  state: StreamState,
  sources: readonly number[],
  affected: number,
  pixels: number,
): number {
  if (definitionOf(op).countedBy === 'outputs' || affected === 0) return affected / pixels;
  const {height, width} = graph.values[inputs[0]].plane!;
  return state.changed[sources[inputs[0]]] / (height * width);
}
