/**
 * A tf.GraphModel's nodes as a plan. One walk from the outputs upwards: each node becomes nodes of the plan, a constant,
 * or is left to the model. Where a convolution reads something that is left to the model, that becomes one external node
 * in the middle of the plan; what is left at the end becomes one external node behind it.
 */
import type {DataType} from '@tensorflow/tfjs-core';
import {
  computedNodes,
  GraphBuilder,
  type DType,
  type Graph,
  type Shape,
  type ValueId,
  type Weight,
} from '../../graph';
import {fuse} from '../fuse';
import {isAsyncOp, isPureOp} from '../graph-ops';
import {hasChannelsFirst} from './channels';
import {constantOf, fold, nameOf, weightOf, type Constant} from './constants';
import {withDilations} from './dilations';
import {
  externalOp,
  frontierOf,
  isAsync,
  probe,
  probeAsync,
  takenBy,
  UNFEEDABLE,
  type Executable,
  type Frontier,
  type Probe,
} from './frontier';
import {hasItsInputs} from './inputs';
import {importers} from './ops';
import {nodesInFlow} from './flow';
import type {TfNode, TfRef, Topology} from './topology';
import {isOpaqueOperand, isView, type NodeUse, type Opaque, type Operand} from './use';
import {readsInOrder, valueAsItLies, viewOf, type View} from './view';

export interface GraphInput {
  readonly name: string;
  /** The shape of the whole tensor. */
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What the model was found to give at a node, by its name and the inputs' shapes: kept from one import to the next. */
export type Probes = Map<string, Probe | null>;

/** Thrown where the shape of a node's result has to be found by a run of the model that must be awaited. */
export class NeedsProbe extends Error {
  override name = 'NeedsProbe';

  constructor(
    node: string,
    /** Finds it out, and notes it. */
    readonly run: () => Promise<void>,
  ) {
    super(`The shape of '${node}' is known only once it is computed.`);
  }
}

/** Ops for whose sake the model is asked for what they read: most of what a model computes is in them. */
const HEAVY = new Set([
  'Conv2D',
  '_FusedConv2D',
  'DepthwiseConv2dNative',
  'FusedDepthwiseConv2dNative',
  'Conv2DBackpropInput',
]);

/**
 * The plan of a model for inputs of these shapes.
 * @returns null where nothing of it can be computed by pixels, or an input cannot be read as numbers
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
  const refs = outputs.map(parseRef);
  return new NodeWalk(model, topology, inputs, refs, probes).graphOf(refs);
}

function parseRef(name: string): TfRef {
  const [node, output = '0'] = name.split(':');
  return {node, output: Number(output)};
}

type Result = readonly Operand[] | 'constant' | 'unknown';

class NodeWalk {
  private readonly graph = new GraphBuilder();
  private readonly topology: Topology;
  private readonly results = new Map<string, Result>();
  private readonly constants = new Map<string, Constant>();
  private readonly rescued = new Map<string, View | null>();
  private readonly slots = new Map<Weight, number>();
  private readonly producers = new Map<Operand, TfNode>();
  private readonly dtypes = new Map<string, DataType>();
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
    const {node} = parseRef(name);
    const isFirst = hasChannelsFirst(node, shape, this.topology, integers);
    const plan = isFirst ? [shape[2], shape[3], shape[1]] : shape.slice(1);
    const value = this.graph.input(node, plan, 'float32', isFirst ? 'channelsFirst' : undefined);
    const view = viewOf(value, shape, isFirst ? [0, 3, 1, 2] : undefined);
    this.results.set(node, [view]);
    if (dtype !== 'float32') this.dtypes.set(node, dtype);
  }

  private visit(name: string): Result {
    const known = this.results.get(name);
    if (known !== undefined) return known;
    const node = this.topology.get(name)!;
    if (weightOf(this.model, {node: name, output: 0})) return this.note(name, 'constant');
    // A loop comes back to its own beginning: that is left to the model.
    this.note(name, 'unknown');
    for (const input of node.inputs) this.visit(input.node);
    for (const before of node.dependencies) this.visit(before);
    return this.note(name, this.resultOf(node));
  }

  private note(name: string, result: Result): Result {
    this.results.set(name, result);
    return result;
  }

  private resultOf(node: TfNode): Result {
    if (node.op === 'Placeholder' || node.op === 'PlaceholderWithDefault') return 'unknown';
    if (!node.dependencies.every((before) => this.isNothing(before))) return 'unknown';
    const operands = node.inputs.map((ref) => this.lookup(ref) ?? this.rescue(node, ref));
    if (!operands.every((operand) => operand !== null) || operands.some(isOpaqueOperand)) return 'unknown';
    if (node.op === 'Shape' && isView(operands[0])) return [shapeConstant(node, operands[0])];
    if (!operands.some(isView)) return isPureOp(node.op) && !isAsyncOp(node.op) ? 'constant' : 'unknown';
    if (this.readsIntegers(node))
      return node.op === 'Cast' ? (this.imported(node, operands) ?? 'unknown') : 'unknown';
    return this.imported(node, operands) ?? 'unknown';
  }

  /** Whether nothing can come of running a node that nobody reads: no more than of the nodes of the plan. */
  private isNothing(name: string): boolean {
    return this.results.get(name) !== 'unknown' || this.topology.get(name)!.op === 'NoOp';
  }

  /** Whether a node reads whole numbers or truth values, which the plan has as float32. */
  private readsIntegers({inputs}: TfNode): boolean {
    return inputs.some(({node}) => this.dtypes.has(node));
  }

  private imported(node: TfNode, operands: readonly Operand[]): Operand[] | null {
    const importer = Object.hasOwn(importers, node.op) ? importers[node.op] : undefined;
    if (importer === undefined || !hasItsInputs(node)) return null;
    const use: NodeUse = {
      node,
      operands,
      attributes: node.attributes,
      graph: this.graph,
      slot: (weight) => this.slotOf(weight),
      above: {
        nodeOf: (operand) => this.producers.get(operand) ?? null,
        operandsOf: ({inputs}) => inputs.flatMap((ref) => this.lookup(ref) ?? []),
      },
    };
    try {
      const views = importer(use)?.map((view) => ({...view})) ?? null;
      // Only the model itself computes with nothing.
      if (views?.some(({shape}) => shape.includes(0))) return null;
      views?.forEach((view) => this.producers.set(view, node));
      // The plan has truth values as 0 and 1.
      if (node.op === 'Equal') this.dtypes.set(node.name, 'bool');
      return views;
    } catch {
      // What the plan refuses is the model's to compute, or to refuse in its own words.
      return null;
    }
  }

  private slotOf(weight: Weight): number {
    const slot = this.slots.get(weight) ?? this.graph.weight(weight);
    this.slots.set(weight, slot);
    return slot;
  }

  private lookup(ref: TfRef): Operand | null {
    const result = this.results.get(ref.node);
    if (result === 'constant') return this.constantAt(ref);
    if (result === undefined || result === 'unknown') return this.rescued.get(nameOf(ref)) ?? null;
    return result[ref.output] ?? null;
  }

  private constantAt(ref: TfRef): Constant | null {
    const name = nameOf(ref);
    const known = this.constants.get(name) ?? weightOf(this.model, ref);
    const constant = known ?? this.folded(ref);
    if (constant) this.constants.set(name, constant);
    return constant;
  }

  private folded(ref: TfRef): Constant | null {
    const operands = this.topology.get(ref.node)!.inputs.map((input) => this.lookup(input));
    const fed = operands.filter(
      (operand) => operand !== null && 'tensor' in operand && operand.tensor === null,
    );
    try {
      return fold(this.model, [ref], fed as Constant[])[0];
    } catch {
      return null;
    }
  }

  /** Has the model compute what a convolution reads, as a node of the plan; null where that is no activation. */
  private rescue(reader: TfNode, ref: TfRef): View | null {
    if (!HEAVY.has(reader.op) || this.flow.has(ref.node)) return null;
    const name = nameOf(ref);
    const known = this.rescued.get(name);
    if (known !== undefined) return known;
    const view = this.external(ref, this.frontier([ref]));
    this.rescued.set(name, view);
    return view;
  }

  private external(ref: TfRef, frontier: Frontier): View | null {
    const name = nameOf(ref);
    const found = this.probed(name, frontier);
    if (found === null || found.dtype !== 'float32' || found.shape[0] !== 1 || found.shape.length !== 4)
      return null;
    if (found.shape.includes(0)) return null;
    const op = externalOp(this.model, frontier, [name], [{shape: found.shape.slice(1)}]);
    const inputs = takenBy(frontier).map(valueIn);
    return viewOf(this.graph.node(op, inputs, {name: ref.node})[0], found.shape);
  }

  private probed(name: string, frontier: Frontier): Probe | null {
    const key = `${name} ${this.shapes}`;
    const known = this.probes.get(key);
    if (known !== undefined) return known;
    if (isAsync(frontier)) {
      throw new NeedsProbe(name, async () => {
        this.probes.set(key, await probeAsync(this.model, frontier, name).catch(() => null));
      });
    }
    try {
      return probe(this.model, frontier, name);
    } catch {
      return null;
    }
  }

  private frontier(refs: readonly TfRef[]): Frontier {
    return frontierOf(
      refs,
      this.topology,
      (ref) => (this.isFeedable(ref) ? this.lookup(ref) : null),
      (node) => this.dtypes.get(node) ?? 'float32',
    );
  }

  /**
   * Whether the model takes a result in its place. Of comparisons and the like tfjs expects the dtype that they read: the
   * model computes them itself, if they are no weights of its own.
   */
  private isFeedable(ref: TfRef): boolean {
    if (this.dtypes.get(ref.node) === 'bool' || this.dealt.has(ref.node)) return false;
    return weightOf(this.model, ref) !== null || !UNFEEDABLE.has(this.topology.get(ref.node)!.op);
  }

  /** The value of an output that the plan has as it is handed out; null where the model has to make it. */
  private outputValue(ref: TfRef): ValueId | null {
    const operand = this.lookup(ref);
    if (operand === null || !isView(operand) || this.dtypes.has(ref.node)) return null;
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
