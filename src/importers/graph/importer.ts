/**
 * A tf.GraphModel's nodes as a plan, from the outputs upwards: each node becomes nodes of the plan, a constant, or is left
 * to the model. Where a convolution reads something that is left to the model, that becomes one external node in the
 * middle of the plan; what is left at the end becomes one external node behind it.
 */
import {
  computedNodes,
  GraphBuilder,
  type DType,
  type Graph,
  type OpKind,
  type Shape,
  type ValueId,
  type Weight,
} from '../../graph';
import {fuse} from '../fuse';
import {isAsyncOp, isPureOp} from '../graph-ops';
import {nodesByOp, patternsByOp} from '../table';
import {hasChannelsFirst} from './channels';
import {constantOf, nameOf, weightOf, type Constant} from './constants';
import {withDilations} from './dilations';
import {nodesInFlow} from './flow';
import {frontierOf, UNFEEDABLE, type Frontier} from './frontier';
import {externalOp, takenBy, type Executable} from './frontier-op';
import {hasItsInputs} from './inputs';
import {probed, type Probes} from './probe';
import {Results, type Result} from './results';
import {refOf, type TfNode, type TfRef, type Topology} from './topology';
import {isOpaqueOperand, isView, type NodeTarget, type Opaque, type Operand} from './use';
import {readsInOrder, valueAsItLies, viewOf, type View} from './view';

export interface GraphInput {
  readonly name: string;
  /** The shape of the whole tensor. */
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Kinds for whose sake the model is asked for what they read: most of what a model computes is in them. */
const HEAVY: ReadonlySet<OpKind> = new Set(['conv2d', 'depthwiseConv2d', 'conv2dTranspose'] as const);

function isHeavy({op}: TfNode): boolean {
  const known = nodesByOp.get(op);
  return known !== undefined && HEAVY.has(known.kind);
}

/**
 * The plan of a model for inputs of these shapes.
 * @returns null where nothing of it can be computed by pixels, an input cannot be read as numbers, or an output has no number
 * @throws NeedsProbe
 */
export function importNodes(
  model: Executable,
  topology: Topology,
  inputs: readonly GraphInput[],
  outputs: readonly string[],
  probes: Probes,
): Graph | null {
  if (inputs.some(({shape, dtype}) => shape[0] !== 1 || dtype === 'bool')) return null;
  const refs = outputs.map(refOf);
  if (!refs.every(({output}) => Number.isInteger(output))) return null;
  return new Traversal(model, topology, inputs, refs, probes).graphOf(refs);
}

/** One import of a model: its nodes are visited once each, what they read before them. */
class Traversal {
  private readonly graph = new GraphBuilder();
  private readonly topology: Topology;
  private readonly results: Results;
  private readonly slots = new Map<Weight, number>();
  /** Nodes whose values the model has in another form. */
  private readonly dealt: ReadonlySet<string>;
  /** Nodes within branches and loops, which run sometimes, or several times a frame. */
  private readonly flow: ReadonlySet<string>;
  private readonly shapes: string;

  constructor(
    private readonly model: Executable,
    topology: Topology,
    inputs: readonly GraphInput[],
    outputs: readonly TfRef[],
    private readonly probes: Probes,
  ) {
    const integers = (ref: TfRef, shape?: Shape) => {
      const weight = weightOf(model, ref);
      if (!weight || (shape && shape.join() !== weight.shape.join())) return null;
      return Array.from(weight.values());
    };
    const dilated = withDilations(topology, integers, new Set(outputs.map(({node}) => node)));
    this.topology = dilated.topology;
    this.results = new Results(model, this.topology);
    this.dealt = dilated.within;
    this.flow = nodesInFlow(topology);
    this.shapes = inputs.map(({shape}) => shape.join()).join(' ');
    for (const input of inputs) this.addInput(input, integers);
  }

  /** The plan for these outputs; null where it holds nothing but the model. */
  graphOf(outputs: readonly TfRef[]): Graph | null {
    for (const {node} of outputs) this.visit(node);
    const values = outputs.map((ref) => this.outputValue(ref));
    const left = outputs.filter((_, i) => values[i] === null);
    const tail = left.length > 0 ? [...this.addTail(left)] : [];
    const graph = fuse(this.graph.build(values.map((id) => id ?? tail.shift()!)));
    return computedNodes(graph).some(({op}) => op.kind !== 'external') ? graph : null;
  }

  private addInput({name, shape, dtype}: GraphInput, integers: (ref: TfRef) => number[] | null): void {
    const {node} = refOf(name);
    const isFirst = hasChannelsFirst(node, shape, this.topology, integers);
    const plan = isFirst ? [shape[2], shape[3], shape[1]] : shape.slice(1);
    const value = this.graph.input(node, plan, 'float32', isFirst ? 'channelsFirst' : undefined);
    const view = viewOf(value, shape, isFirst ? [0, 3, 1, 2] : undefined);
    this.results.note(node, [view]);
    if (dtype !== 'float32') this.results.noteDType(node, dtype);
  }

  private visit(name: string): Result {
    const known = this.results.of(name);
    if (known !== undefined) return known;
    const node = this.topology.get(name)!;
    if (weightOf(this.model, {node: name, output: 0})) return this.results.note(name, 'constant');
    // A loop comes back to its own beginning: that is left to the model.
    this.results.note(name, 'unknown');
    for (const input of node.inputs) this.visit(input.node);
    for (const before of node.dependencies) this.visit(before);
    return this.results.note(name, this.resultOf(node));
  }

  private resultOf(node: TfNode): Result {
    if (node.op === 'Placeholder' || node.op === 'PlaceholderWithDefault') return 'unknown';
    if (!node.dependencies.every((before) => this.isNothing(before))) return 'unknown';
    return this.matched(node) ?? this.resultOfOperands(node);
  }

  /** What the patterns give that the node is the last of; null where it is none. */
  private matched(node: TfNode): Operand[] | null {
    for (const pattern of patternsByOp.get(node.op) ?? []) {
      const operands = this.imported(node, (target) =>
        pattern({...target, readsOf: (above) => this.results.readsOf(above)}),
      );
      if (operands) return operands;
    }
    return null;
  }

  private resultOfOperands(node: TfNode): Result {
    const operands = node.inputs.map((ref) => this.results.lookup(ref) ?? this.rescue(node, ref));
    if (!operands.every((operand) => operand !== null) || operands.some(isOpaqueOperand)) return 'unknown';
    if (node.op === 'Shape' && isView(operands[0])) return [shapeConstant(node, operands[0])];
    if (!operands.some(isView)) return isPureOp(node.op) && !isAsyncOp(node.op) ? 'constant' : 'unknown';
    if (this.readsIntegers(node) && node.op !== 'Cast') return 'unknown';
    const known = nodesByOp.get(node.op);
    return (known && this.imported(node, (target) => known.importer({...target, operands}))) ?? 'unknown';
  }

  /** Whether nothing can come of running a node that nobody reads: no more than of the nodes of the plan. */
  private isNothing(name: string): boolean {
    return this.results.of(name) !== 'unknown' || this.topology.get(name)!.op === 'NoOp';
  }

  /** Whether a node reads whole numbers or truth values, which the plan has as float32. */
  private readsIntegers({inputs}: TfNode): boolean {
    return inputs.some(({node}) => this.results.dtypeOf(node) !== 'float32');
  }

  /** What adding a node to the plan gives; null where the model has to compute it. */
  private imported(
    node: TfNode,
    add: (target: NodeTarget) => readonly (View | Opaque)[] | null,
  ): Operand[] | null {
    const known = nodesByOp.get(node.op);
    if (known === undefined || !hasItsInputs(node, known.inputs)) return null;
    const {graph} = this;
    const slot = (weight: Weight) => this.slotOf(weight);
    try {
      const operands = add({node, attributes: node.attributes, graph, slot})?.map((operand) => ({
        ...operand,
      }));
      // Only the model itself computes with nothing.
      if (!operands || operands.some(({shape}) => shape.includes(0))) return null;
      this.results.noteImported(node, operands);
      return operands;
    } catch {
      // What the plan rejects is the model's to compute, or to reject in its own words.
      return null;
    }
  }

  private slotOf(weight: Weight): number {
    const slot = this.slots.get(weight) ?? this.graph.weight(weight);
    this.slots.set(weight, slot);
    return slot;
  }

  /** Has the model compute what a convolution reads, as a node of the plan; null where that is no activation. */
  private rescue(reader: TfNode, ref: TfRef): View | null {
    if (!isHeavy(reader) || this.flow.has(ref.node)) return null;
    return this.results.rescue(ref, () => this.external(ref, this.frontier([ref])));
  }

  private external(ref: TfRef, frontier: Frontier): View | null {
    const name = nameOf(ref);
    const found = probed(this.model, this.probes, `${name} ${this.shapes}`, name, frontier);
    if (found === null || found.dtype !== 'float32' || found.shape[0] !== 1 || found.shape.length !== 4)
      return null;
    if (found.shape.includes(0)) return null;
    const op = externalOp(this.model, frontier, [name], [{shape: found.shape.slice(1)}]);
    const inputs = takenBy(frontier).map(valueIn);
    return viewOf(this.graph.node(op, inputs, {name: ref.node})[0], found.shape);
  }

  private frontier(refs: readonly TfRef[]): Frontier {
    return frontierOf(
      refs,
      this.topology,
      (ref) => (this.isFeedable(ref) ? this.results.lookup(ref) : null),
      (node) => this.results.dtypeOf(node),
    );
  }

  /**
   * Whether the model takes a result in its place. Of comparisons and the like tfjs expects the dtype that they read: the
   * model computes them itself, if they are no weights of its own.
   */
  private isFeedable(ref: TfRef): boolean {
    if (this.results.dtypeOf(ref.node) === 'bool' || this.dealt.has(ref.node)) return false;
    return weightOf(this.model, ref) !== null || !UNFEEDABLE.has(this.topology.get(ref.node)!.op);
  }

  /** The value of an output that the plan has as it is handed out; null where the model has to make it. */
  private outputValue(ref: TfRef): ValueId | null {
    const operand = this.results.lookup(ref);
    if (operand === null || !isView(operand) || this.results.dtypeOf(ref.node) !== 'float32') return null;
    if (!readsInOrder(operand) || operand.shape[0] !== 1) return null;
    return valueAsItLies(this.graph, viewOf(operand.value, operand.shape));
  }

  private addTail(refs: readonly TfRef[]): ValueId[] {
    const frontier = this.frontier(refs);
    const op = externalOp(
      this.model,
      frontier,
      refs.map(nameOf),
      refs.map(() => ({shape: null})),
    );
    const inputs = takenBy(frontier).map(valueIn);
    return this.graph.node(op, inputs, {name: refs.map(nameOf).join(', ')});
  }
}

const valueIn = (operand: View | Opaque): ValueId => (isView(operand) ? operand.value : operand.opaque);

function shapeConstant({name}: TfNode, {shape}: View): Constant {
  return constantOf({node: name, output: 0}, [shape.length], 'int32', Int32Array.from(shape));
}
