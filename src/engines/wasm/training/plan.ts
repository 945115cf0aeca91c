/** What a recording is made of: the rules, the cut points, and the backward pass through each node; or why there is none. */
import {readWeight, type Graph, type Node, type ValueId} from '../../../graph';
import type {RecordOptions} from '../../engine';
import {hasBackward, nodesBelow, noBackwardOf} from '../../shared/training/below';
import {rulesFor, type Rules} from '../../shared/training/rules';
import {backwardOf, implementationOf} from '../ops';
import type {BackwardOp} from '../ops/shared/backward-op';
import type {CutPoint} from '../ops/shared/cut-point';
import type {Compiled, Part} from '../schedule/compiled';
import {planeCutPoint} from './plane-cut-point';

/** A value that a node computes, and the backward pass through the node; null where nobody wants what lies below. */
export interface BackwardNode {
  readonly node: Node;
  /** Null for a node that computes itself; no gradient passes through it. */
  readonly part: Part | null;
  readonly value: ValueId;
  readonly backward: BackwardOp | null;
}

/** A cut point, and where in the graph it is. */
export interface PlannedCutPoint extends CutPoint {
  /** The value whose pixels it uses. */
  readonly source: number;
  /** Its weights by name, as the graph's nodes have them. */
  readonly weights: Readonly<Record<string, number>>;
}

/** What is the same for all recordings of a program with the same weights and cut points. */
export interface Plan {
  readonly compiled: Compiled;
  readonly rules: Rules;
  readonly cutPoints: readonly PlannedCutPoint[];
  /** The nodes whose pixels are computed, in the order of the frame. */
  readonly nodes: readonly BackwardNode[];
  /** Values of the inputs. */
  readonly inputs: readonly number[];
}

/** @throws where the gradient of a node cannot be had; names the node */
export function planFor(graph: Graph, compiled: Compiled, {weights, cutPoints}: RecordOptions): Plan {
  const rules = rulesFor(graph, weights);
  const all = cutPoints.map((id) => plannedCutPoint(graph, compiled, id));
  const below = nodesBelow(
    graph,
    all.map(({source}) => source),
  );
  // Before any memory is taken for them.
  const refused = below.find(
    (node) => rules.active[node.id] && !(hasBackward(node) && backwardOf(node.op.kind)),
  );
  if (refused) throw new Error(noBackwardOf(refused));
  const nodes = below.flatMap((node) => backwardNodes(graph, compiled, rules, node));
  return {compiled, rules, cutPoints: all, nodes, inputs: graph.inputs};
}

function backwardNodes(graph: Graph, compiled: Compiled, rules: Rules, node: Node): BackwardNode[] {
  const part = compiled.parts[node.id];
  if (node.op.kind === 'reshape' && part === null) return [];
  const readWeights = () =>
    Object.fromEntries(
      Object.entries(node.weights).map(([name, index]) => [name, readWeight(graph.weights[index])]),
    );
  const needsInput = node.inputs.map((id) => rules.needed[id]);
  const backward =
    part && rules.active[node.id]
      ? backwardOf(node.op.kind)!({setting: part.setting, needsInput, readWeights})
      : null;
  return node.outputs.map((value) => ({node, part, value, backward}));
}

/** A dense layer or a global pool ends where its sums are; any other value is a cut point itself. */
function plannedCutPoint(graph: Graph, compiled: Compiled, id: ValueId): PlannedCutPoint {
  const {place, layouts, sources, parts} = compiled;
  const node = graph.nodes.find(({outputs}) => outputs.includes(id));
  const implementation = node && implementationOf(node.op.kind);
  if (!(implementation && 'cutPoint' in implementation))
    return {...planeCutPoint(place, layouts[id]), source: sources[id], weights: {}};
  const {setting, reduction} = parts[node.id]!;
  const cutPoint = implementation.cutPoint(setting, reduction!);
  return {...cutPoint, source: sources[node.inputs[0]], weights: node.weights};
}
