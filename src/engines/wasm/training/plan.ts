/** What a recording is made of: the rules, the cut points, and the backward pass through each node; or why there is none. */
import {readWeight, type Graph, type Node, type ValueId} from '../../../graph';
import type {RecordOptions} from '../../engine';
import {hasBackward, nodesBelow, noBackwardOf} from '../../shared/training/below';
import {rulesFor, type Rules} from '../../shared/training/rules';
import type {BackwardKernels} from '../backward-kernels';
import {backwardOf} from '../ops/backward';
import type {BackwardOp, BackwardSetting} from '../ops/shared/backward-op';
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
  readonly kernels: BackwardKernels;
  readonly rules: Rules;
  readonly cutPoints: readonly PlannedCutPoint[];
  /** The nodes whose pixels are computed, in the order of the frame. */
  readonly nodes: readonly BackwardNode[];
  /** Values of the inputs. */
  readonly inputs: readonly number[];
}

/** @throws where the gradient of a node cannot be had; names the node */
export function planFor(
  graph: Graph,
  compiled: Compiled,
  kernels: BackwardKernels,
  {weights, cutPoints}: RecordOptions,
): Plan {
  const rules = rulesFor(graph, weights);
  const all = cutPoints.map((id) => plannedCutPoint(graph, compiled, id));
  const below = nodesBelow(
    graph,
    all.map(({source}) => source),
  );
  // Before any memory is taken for them.
  const refused = below.find((node) => rules.active[node.id] && !(hasBackward(node) && throughPixels(node)));
  if (refused) throw new Error(noBackwardOf(refused));
  const nodes = below.flatMap((node) => backwardNodes(graph, compiled, kernels, rules, node));
  return {compiled, kernels, rules, cutPoints: all, nodes, inputs: graph.inputs};
}

/** The backward pass through a node that is computed pixel by pixel; null where there is none. */
function throughPixels({op}: Node): ((setting: BackwardSetting) => BackwardOp) | null {
  const backward = backwardOf(op.kind);
  return backward && 'backward' in backward ? backward.backward : null;
}

function backwardNodes(
  graph: Graph,
  compiled: Compiled,
  kernels: BackwardKernels,
  rules: Rules,
  node: Node,
): BackwardNode[] {
  const part = compiled.parts[node.id];
  const [output] = node.outputs;
  if (compiled.sources[output] !== output) return [];
  const readWeights = () =>
    Object.fromEntries(
      Object.entries(node.weights).map(([name, index]) => [name, readWeight(graph.weights[index])]),
    );
  const needsInput = node.inputs.map((id) => rules.needed[id]);
  const backward =
    part && rules.active[node.id]
      ? throughPixels(node)!({setting: part.setting, kernels, needsInput, readWeights})
      : null;
  return node.outputs.map((value) => ({node, part, value, backward}));
}

/** A dense layer or a global pool ends where its sums are; any other value is a cut point itself. */
function plannedCutPoint(graph: Graph, compiled: Compiled, id: ValueId): PlannedCutPoint {
  const {place, layouts, sources, parts} = compiled;
  const node = graph.nodes.find(({outputs}) => outputs.includes(id));
  const backward = node && backwardOf(node.op.kind);
  if (!(backward && 'cutPoint' in backward))
    return {...planeCutPoint(place, layouts[id]), source: sources[id], weights: {}};
  const {setting, reduction} = parts[node.id]!;
  const cutPoint = backward.cutPoint(setting, reduction!);
  return {...cutPoint, source: sources[node.inputs[0]], weights: node.weights};
}
