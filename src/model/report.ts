/** What happened to the last frame, as callers see it. */
import {flag, object, onlyKnown} from '../checks';
import {threadsNow, type NodeReport, type ReportOptions} from '../engines';
import {computedNodes, graphMacs, type Graph, type Node} from '../graph';
import type {Path, StreamReport} from '../stream';

/** What one node of the plan did in the last frame. */
export interface LayerReport extends NodeReport {
  readonly name: string;
  readonly op: string;
  /** Pixels that were computed, and whose value stayed: they are no change for the nodes after it. */
  readonly pruned: number;
  /** Why the wrapped model computes the node, and no engine; null where one does. */
  readonly why: string | null;
}

/** What happened to the last frame: who computed it, how long it took, and how much of the model. */
export interface FrameReport {
  /** Share of the input's pixels that changed, 0 to 1; null where the frames were not compared. */
  readonly changed: number | null;
  /** Multiply-adds done, those of the pixels that the change truly reached, and those of a dense frame. */
  readonly macs: number;
  readonly affectedMacs: number;
  readonly denseMacs: number;
  readonly ms: number;
  /** 'incremental', 'prime' (computed in full by the engine, which fills the cache) or 'dense' (by the model itself). */
  readonly path: Path;
  readonly reason: string;
  /** Threads that the WebAssembly engine computes on; and where that is one, why, in words. */
  readonly threads: {readonly count: number; readonly reason: string | null};
  /** One entry a node, in order; empty where the model computed the frame. */
  readonly layers: LayerReport[];
}

function whyOf({op}: Node, {engine}: NodeReport): string | null {
  if (op.kind !== 'external' || engine !== 'model') return null;
  return `no engine has kernels for ${op.label}`;
}

/** @throws where an option of `report()` is misspelt or of another type */
export function checkReportOptions(options: ReportOptions): void {
  onlyKnown('report(): options', object('report(): options', options, '{times}'), ['times']);
  if (options.times !== undefined) flag('report(): times', options.times);
}

const sum = (layers: readonly LayerReport[], key: 'macs' | 'affectedMacs' | 'denseMacs') =>
  layers.reduce((total, layer) => total + layer[key], 0);

const denseMacs = new WeakMap<Graph, number>();

/** Multiply-adds of a dense frame. */
export function denseMacsOf(graph: Graph): number {
  const known = denseMacs.get(graph);
  if (known !== undefined) return known;
  const macs = graphMacs(graph);
  denseMacs.set(graph, macs);
  return macs;
}

/** @param reports of the nodes; none where the model computed the frame */
export function frameReport(
  {path, reason, changed, ms, nodes}: StreamReport,
  reports: readonly NodeReport[],
  graph: Graph,
  denseMacs: number,
): FrameReport {
  const computed = computedNodes(graph);
  const layers = reports.map((node, i) => ({
    name: computed[i].name,
    op: computed[i].op.kind,
    ...node,
    pruned: Math.max(0, node.computed - node.changed),
    why: whyOf(computed[i], node),
  }));
  const frame = {changed, denseMacs, ms, path, reason, threads: threadsNow(), layers};
  if (nodes === null) return {...frame, macs: denseMacs, affectedMacs: denseMacs};
  return {...frame, macs: sum(layers, 'macs'), affectedMacs: sum(layers, 'affectedMacs')};
}
