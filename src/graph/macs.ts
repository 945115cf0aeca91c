/** Multiply-adds of a dense frame. */
import {Region} from '../region';
import {definitionOf} from './definitions';
import type {KnownForm} from './forms';
import type {Graph, Node} from './types';

/** Those of one node; 0 where shapes are not known before it is computed. */
export function nodeMacs({op, inputs, outputs}: Node, graph: Graph): number {
  if ([...inputs, ...outputs].some((id) => graph.values[id].plane === null)) return 0;
  const form = (id: number) => graph.values[id] as KnownForm;
  const whole = (id: number) => Region.full(form(id).plane.height, form(id).plane.width);
  return definitionOf(op).macs(op, inputs.map(form), form(outputs[0]), inputs.map(whole), whole(outputs[0]));
}

export function graphMacs(graph: Graph): number {
  return graph.nodes.reduce((total, node) => total + nodeMacs(node, graph), 0);
}
