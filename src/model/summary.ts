/** `summary()`: the plan node by node, as tfjs prints a model, with what reuse adds to it. */
import type {Program} from '../engines';
import {computedNodes, nodeMacs, receptiveFields, type FieldSize, type Graph} from '../graph';
import type {Plans} from './plans';
import type {FrameReport} from './report';
import {fixedShapes, type Wrapped} from './wrapped';

const percent = (part: number, whole: number) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : '');
const count = (n: number) => n.toLocaleString('en-US');

function fieldText(size: FieldSize): string {
  if (size.every((side) => side === Infinity)) return 'all';
  return size.map((side) => (side === Infinity ? 'all' : side)).join('×');
}

/** Columns that need no frame. */
const STATIC = ['Node (op)', 'Output shape', 'Receptive field', 'MACs'];

/** What a summary is of. */
export interface Summarizable {
  readonly wrapped: Wrapped;
  readonly plans: Plans;
  /** Of the last frame; null before the first one. */
  readonly last: {readonly program: Program} | null;
  readonly report: FrameReport | null;
}

/** @throws where there was no frame, and the size of an input is open */
export function summaryOf({wrapped, plans, last, report}: Summarizable): string[] {
  const {program} = last ?? plans.get(fixedShapes(wrapped, 'predict a frame first'), wrapped.outputNames);
  return summaryLines(wrapped.name, program.graph, report);
}

function summaryLines(name: string, graph: Graph, report: FrameReport | null): string[] {
  const fields = receptiveFields(graph);
  const nodes = computedNodes(graph);
  const head = [...STATIC, 'Affected', 'Changed', 'Pruned', 'Computed', 'ms', 'By'];
  const rows = nodes.map((node, i) => {
    const {shape} = graph.values[node.outputs[0]];
    const layer = report?.layers[i];
    return [
      `${node.name} (${node.op.kind})`,
      shape ? `[null,${shape.join(',')}]` : '?',
      fieldText(fields[node.outputs[0]]),
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
    : 'No frame to tell of';
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
