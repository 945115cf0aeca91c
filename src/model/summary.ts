/** `summary()`: the plan node by node, as tfjs prints a model, with what reuse adds to it. */
import {computedNodes, nodeMacs, receptiveFields, type FieldSize, type Graph} from '../graph';
import type {FrameReport} from './report';

const percent = (part: number, whole: number) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : '');
const count = (n: number) => n.toLocaleString('en-US');

function fieldText(size: FieldSize): string {
  if (size.every((side) => side === Infinity)) return 'all';
  return size.map((side) => (side === Infinity ? 'all' : side)).join('×');
}

/** Columns that need no frame. */
const STATIC = ['Node (op)', 'Output shape', 'Receptive field', 'MACs'];

export function summaryLines(name: string, graph: Graph, report: FrameReport | null): string[] {
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
