/** `summary()`: the plan node by node, as tfjs prints a model, with what reuse adds to it. */
import {graphMacs, nodeMacs, planeOf, upsampleWindow, type Graph, type Node, type Shape} from '../graph';
import type {FrameReport} from './report';
import type {Wrapped} from './wrapped';

/** How far a pixel looks back into the input, and how many input pixels lie between two neighbours. */
export interface Reach {
  readonly size: readonly [number, number];
  readonly jump: readonly [number, number];
}

const POINT: Reach = {size: [1, 1], jump: [1, 1]};
const WHOLE: Reach = {size: [Infinity, Infinity], jump: [Infinity, Infinity]};

function windowReach(
  input: Reach,
  kernel: readonly number[],
  strides: readonly number[],
  dilations: readonly number[],
): Reach {
  const grow = (axis: 0 | 1) => input.size[axis] + (kernel[axis] - 1) * dilations[axis] * input.jump[axis];
  return {size: [grow(0), grow(1)], jump: [input.jump[0] * strides[0], input.jump[1] * strides[1]]};
}

/** The same reach, where `factors` outputs lie between two neighbours of the input. */
function scaled({size, jump}: Reach, factors: readonly number[]): Reach {
  return {size, jump: [jump[0] / factors[0], jump[1] / factors[1]]};
}

function nodeReach(node: Node, inputs: readonly Reach[], graph: Graph): Reach {
  const {op} = node;
  const widest = inputs.reduce(
    (a, b) => (b.size[0] * b.size[1] > a.size[0] * a.size[1] ? b : a),
    inputs[0] ?? POINT,
  );
  if (op.kind === 'conv2d' || op.kind === 'depthwiseConv2d' || op.kind === 'pool2d') {
    return windowReach(widest, op.window.kernel, op.window.strides, op.window.dilations);
  }
  if (op.kind === 'upsample2d') {
    const {kernel} = upsampleWindow(op, planeOf(graph.values[node.outputs[0]]));
    const taps = kernel.map((side, axis) => (side > op.factor[axis] ? 2 : 1));
    return scaled(windowReach(widest, taps, [1, 1], [1, 1]), op.factor);
  }
  if (op.kind === 'conv2dTranspose') {
    // Of the kernel's taps only every stride-th meets an output.
    const taps = op.kernel.map((side, axis) => Math.ceil(side / op.strides[axis]));
    return scaled(windowReach(widest, taps, [1, 1], [1, 1]), op.strides);
  }
  if (op.kind === 'resize2d' || op.kind === 'depthToSpace') {
    const [from, to] = [node.inputs[0], node.outputs[0]].map((id) => planeOf(graph.values[id]));
    const taps = op.kind === 'resize2d' ? [2, 2] : [1, 1];
    const factors = [to.height / from.height, to.width / from.width];
    return scaled(windowReach(widest, taps, [1, 1], [1, 1]), factors);
  }
  if (op.kind === 'dense' || op.kind === 'globalPool' || op.kind === 'external') return WHOLE;
  return widest;
}

/** The receptive field of every value in the input. */
export function reaches(graph: Graph): Reach[] {
  const all: Reach[] = graph.values.map(() => POINT);
  for (const node of graph.nodes) {
    const reach = nodeReach(
      node,
      node.inputs.map((id) => all[id]),
      graph,
    );
    node.outputs.forEach((id) => (all[id] = reach));
  }
  return all;
}

const denseMacs = new WeakMap<Graph, number>();

/** Multiply-adds of a dense frame. */
export function denseMacsOf(graph: Graph): number {
  const known = denseMacs.get(graph);
  if (known !== undefined) return known;
  const macs = graphMacs(graph);
  denseMacs.set(graph, macs);
  return macs;
}

/**
 * The input shapes of a model that has no sizes left open.
 * @param advice what to do where one is, for the error
 */
export function fixedShapes({inputs, rowwise}: Wrapped, advice: string): Shape[] {
  return inputs.map(({name, shape}) => {
    const sides = rowwise ? shape?.slice(1) : shape;
    if (sides?.every((side) => side !== null)) return sides;
    throw new Error(`The size of input '${name}' is open: ${advice}.`);
  });
}

const percent = (part: number, whole: number) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : '');
const count = (n: number) => n.toLocaleString('en-US');

/** Columns that need no frame. */
const STATIC = ['Node (op)', 'Output shape', 'Receptive field', 'MACs'];

export function summaryLines(name: string, graph: Graph, report: FrameReport | null): string[] {
  const reach = reaches(graph);
  const nodes = graph.nodes.filter(({op}) => op.kind !== 'reshape');
  const head = [...STATIC, 'Affected', 'Changed', 'Pruned', 'Computed', 'ms', 'By'];
  const rows = nodes.map((node, i) => {
    const {shape} = graph.values[node.outputs[0]];
    const layer = report?.layers[i];
    const {size} = reach[node.outputs[0]];
    return [
      `${node.name} (${node.op.kind})`,
      shape ? `[null,${shape.join(',')}]` : '?',
      size[0] === Infinity ? 'all' : `${size[0]}×${size[1]}`,
      count(nodeMacs(node, graph)),
      layer ? percent(layer.affected, layer.pixels) : '',
      layer ? percent(layer.changed, layer.pixels) : '',
      layer ? percent(layer.pruned, layer.pixels) : '',
      layer ? percent(layer.macs, layer.denseMacs) : '',
      layer ? layer.ms.toFixed(2) : '',
      layer ? layer.engine : '',
    ];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells: string[]) => cells.map((cell, i) => cell.padEnd(widths[i])).join('  ');
  const rule = '_'.repeat(widths.reduce((a, b) => a + b, 2 * (widths.length - 1)));
  const foot = report
    ? `Last frame: ${report.path} (${report.reason}), ${percent(report.macs, report.denseMacs) || '0 %'} of ${count(report.denseMacs)} MACs`
    : 'No frame yet';
  const reasons = (report?.layers ?? []).flatMap((layer) =>
    layer.why ? [`${layer.name}: ${layer.why}`] : [],
  );
  return [
    `Model with reuse: "${name}"`,
    rule,
    line(head),
    rule,
    ...rows.map(line),
    rule,
    ...reasons,
    foot,
    rule,
  ];
}
