/** Making a graph ready: lays out a stream's block, and makes the steps of a frame from its nodes. */
import {getBackend} from '@tensorflow/tfjs-core';
import {
  definitionOf,
  planeOf,
  samePlane,
  sizeOf,
  type Activation,
  type ExternalOp,
  type Graph,
  type Node,
  type TimeDistributed,
} from '../../../graph';
import type {CompileOptions} from '../../engine';
import {sourcesOf} from '../../shared/sources';
import type {Kernels} from '../kernels';
import type {Heap} from '../memory/heap';
import {layValues, Offsets, type ValueLayout} from '../memory/layout';
import type {Workplace} from '../memory/place';
import {Scratch} from '../memory/scratch';
import {PackedWeights} from '../memory/weights';
import {computes, implementationOf} from '../ops';
import {ELEMENT_COST, type PixelOp, type Setting} from '../ops/shared/op';
import {absorbedIn, sourcesWith, type Absorbed} from './absorbed';
import {disposeCompiled, type Compiled, type Part} from './compiled';
import {ExternalStep} from './external-step';
import {NestedGraph} from './nested';
import {PixelStep} from './pixel-step';
import {ReduceStep} from './reduce-step';
import type {Step} from './step';
import {tileableNodes} from './tiles';
import {TimeDistributedStep} from './time-distributed-step';
import {topKWords, TopKStep} from './top-k-step';
import {unsupportedReason} from './unsupported';

/** @param threads that may compute a list of tiles */
export function compileSteps(
  graph: Graph,
  options: CompileOptions,
  kernels: Kernels,
  heap: Heap,
  threads: number,
): Compiled {
  const offsets = new Offsets();
  const absorbed = absorbedIn(graph, options.thresholds);
  const sources = sourcesWith(absorbed, sourcesOf(graph, samePlane));
  const layouts = layValues(graph, sources, offsets);
  const tolerances = new Map(
    [...options.thresholds].flatMap(([node]) =>
      graph.nodes[node].outputs.map((id) => [id, offsets.take(layouts[id].pixelBytes)] as const),
    ),
  );
  const externals = graph.nodes.filter(isExternal).flatMap(({outputs}) => outputs);
  const buffers = [...graph.inputs, ...externals].map((id) => layouts[id]);
  // All that is shared is of no use without the activations of a stream.
  if (!heap.makeRoom(offsets.bytes)) throw heap.shortage(offsets.bytes);
  const tileable = tileableNodes(graph);
  const scratch = new Scratch(
    heap,
    layouts,
    buffers,
    reachOf(graph),
    threads,
    tileBytesOf(tileable, layouts, kernels),
  );
  const weights = new PackedWeights(graph, heap, kernels);
  const place = {kernels, heap, scratch};
  const nested: Compiled[] = [];
  try {
    const bufferOf = (id: number) => scratch.frames[graph.inputs.length + externals.indexOf(id)];
    const context = {
      graph,
      place,
      absorbed,
      sources,
      layouts,
      tileable,
      tolerances,
      weights,
      offsets,
      bufferOf,
      nested,
    };
    const parts = graph.nodes.map((node) => partOf(node, context));
    const steps = graph.nodes.flatMap((node) => stepOf(node, parts[node.id], context) ?? []);
    const {bytes} = offsets;
    return {place, weights, sources, layouts, steps, parts, tolerances, bytes, nested};
  } catch (error) {
    disposeCompiled({place, weights, nested});
    throw error;
  }
}

const EXACT: CompileOptions = {thresholds: new Map(), inputThreshold: 0};

interface Context {
  readonly graph: Graph;
  readonly place: Workplace;
  readonly absorbed: Absorbed;
  readonly sources: readonly number[];
  readonly layouts: readonly ValueLayout[];
  readonly tileable: ReadonlySet<Node>;
  readonly tolerances: ReadonlyMap<number, number>;
  readonly weights: PackedWeights;
  readonly offsets: Offsets;
  readonly bufferOf: (value: number) => number;
  readonly nested: Compiled[];
}

const isExternal = (node: Node): node is Node<ExternalOp> => node.op.kind === 'external';

/** Null for what runs through the model, for a reshape that only sees the same pixels under another shape, and for what is absorbed. */
function partOf(node: Node, context: Context): Part | null {
  const implementation = implementationOf(node.op.kind);
  if (implementation === null || context.sources[node.outputs[0]] !== node.outputs[0]) return null;
  const setting = settingOf(node, context);
  if ('forward' in implementation) {
    const op = implementation.forward(setting);
    const absorbed = context.absorbed.get(node.outputs[0])?.op.activation ?? null;
    return {setting, op: absorbed ? followedBy(absorbed, op, setting) : op, reduction: null, absorbed};
  }
  const op = implementation.reduce(setting);
  const partials = context.offsets.take(4 * op.partialFloats);
  return {setting, op: null, reduction: {op, partials}, absorbed: null};
}

/** An op that only copies, and an activation of what it copied. */
function followedBy(activation: Activation, {reach, compute, cost}: PixelOp, {output}: Setting): PixelOp {
  return {reach, compute, activation, cost: cost + ELEMENT_COST * output.channels};
}

function stepOf(node: Node, part: Part | null, context: Context): Step | null {
  const {place, absorbed, sources, layouts, tolerances, graph} = context;
  const targetOf = (id: number) => {
    const given = absorbed.get(id)?.outputs[0] ?? id;
    return {node, output: layouts[id], tolerance: tolerances.get(given) ?? null};
  };
  const inputSources = node.inputs.map((id) => sources[id]);
  if (isExternal(node)) {
    const inputs = node.inputs.map((id) => layouts[id]);
    const {known} = node.op;
    if (known?.kind === 'topK') {
      const target = targetOf(node.outputs[0]);
      const buffer = context.weights.table(new Array<number>(topKWords(known)).fill(0));
      return new TopKStep(place, node, known, inputSources[0], inputs[0], target, buffer);
    }
    if (known && canTakeApart(known, inputs[0])) return stepByStep(node, known, context);
    const buffers = node.outputs.map(context.bufferOf);
    return new ExternalStep(
      place,
      node,
      graph.values,
      inputSources,
      inputs,
      node.outputs.map(targetOf),
      buffers,
    );
  }
  if (part === null) return null;
  const [output] = node.outputs;
  const {setting, op, reduction} = part;
  if (op) return new PixelStep(place, targetOf(output), op, inputSources, output);
  return new ReduceStep(place, targetOf(output), reduction!, setting.inputs[0], inputSources[0], output);
}

/** Whether the steps of a window lie one after the other, and this engine can compute them. */
function canTakeApart({graph}: TimeDistributed, {isTight}: ValueLayout): boolean {
  return isTight && unsupportedReason(graph, getBackend()) === null;
}

function stepByStep(node: Node<ExternalOp>, known: TimeDistributed, context: Context): Step {
  const {graph, place, sources, layouts, tolerances, offsets, bufferOf, nested} = context;
  const compiled = compileSteps(known.graph, EXACT, place.kernels, place.heap, place.scratch.threads);
  nested.push(compiled);
  const [source, output] = [sources[node.inputs[0]], node.outputs[0]];
  const target = {node, output: layouts[output], tolerance: tolerances.get(output) ?? null};
  const bytesOf = (id: number) => 4 * sizeOf(graph.values[id].shape!);
  return new TimeDistributedStep(place, node, known.steps, target, {
    nested: new NestedGraph(known.graph, compiled),
    source,
    input: layouts[node.inputs[0]],
    buffer: bufferOf(output),
    block: offsets.take(compiled.bytes),
    inputs: offsets.take(bytesOf(node.inputs[0])),
    outputs: offsets.take(bytesOf(output)),
  });
}

function settingOf(node: Node, {graph, place, layouts, tileable, weights}: Context): Setting {
  return {
    node,
    op: node.op,
    ...place,
    inputs: node.inputs.map((id) => layouts[id]),
    output: layouts[node.outputs[0]],
    weightShapes: Object.fromEntries(
      Object.entries(node.weights).map(([name, index]) => [name, graph.weights[index].shape]),
    ),
    mayTile: tileable.has(node),
    weights: (floats, pack) => weights.reserve(node, floats, pack),
    table: (values) => weights.table(values),
  };
}

/** Of the largest: a list of all tiles, and what a thread needs. */
function tileBytesOf(nodes: ReadonlySet<Node>, layouts: readonly ValueLayout[], kernels: Kernels) {
  const most = (bytesOf: (input: ValueLayout, output: ValueLayout) => number) =>
    Math.max(0, ...[...nodes].map(({inputs, outputs}) => bytesOf(layouts[inputs[0]], layouts[outputs[0]])));
  return {
    listBytes: most((_, {height, width}) => kernels.tileListBytes(height, width)),
    threadBytes: most((input, output) => kernels.winogradBytes(input.channels, output.channels)),
  };
}

/** How far at most a row of a mask is moved, or read past its ends: as far as an op reads there, or as the widest is wide. */
function reachOf({nodes, values}: Graph): number {
  const planeAt = (id: number) => planeOf(values[id]);
  const past = nodes.flatMap(({op, inputs, outputs}) => {
    if (!computes(op.kind)) return [];
    const [planes, output] = [inputs.map(planeAt), planeAt(outputs[0])];
    return planes.flatMap((input, index) => {
      const reads = definitionOf(op).reads(op, {axis: 1, input, output, index, inputs: planes});
      return [reads(0), reads(output.width - 1)].map((taps) =>
        taps === 'all' ? 0 : Math.abs(taps.first) + taps.count * taps.step,
      );
    });
  });
  return Math.max(0, ...past, ...values.map(({plane}) => plane?.width ?? 0));
}
