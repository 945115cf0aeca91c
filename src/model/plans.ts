/**
 * The programs of one wrapped model, by input shapes, outputs and backend. Streams of the model share them, and with
 * them the prepared weights; the last one to leave disposes them.
 */
import * as tf from '@tensorflow/tfjs-core';
import {tfjsEngine, type Program, type Threshold} from '../engines';
import type {Graph, Node, Shape} from '../graph';
import type {ResolvedOptions} from './options';
import type {Wrapped} from './wrapped';

export class Plans {
  private readonly programs = new Map<string, Program>();
  private users = 0;

  constructor(
    readonly wrapped: Wrapped,
    private readonly options: ResolvedOptions,
  ) {}

  join(): this {
    this.users++;
    return this;
  }

  leave(): void {
    this.users--;
    if (this.users === 0) this.clear();
  }

  /** The program for these shapes on the current backend; compiled at first use. */
  get(shapes: readonly Shape[], outputs: readonly string[]): Program {
    const backend = tf.getBackend();
    const key = JSON.stringify([shapes, outputs]);
    const found = this.programs.get(key);
    if (found?.backend === backend) return found;
    found?.dispose();
    const graph = this.wrapped.graph(shapes, outputs);
    const thresholds = thresholdsOf(graph, this.options.threshold);
    const program = tfjsEngine.compile(graph, {thresholds, inputThreshold: this.options.inputThreshold});
    this.programs.set(key, program);
    return program;
  }

  private clear(): void {
    this.programs.forEach((program) => program.dispose());
    this.programs.clear();
  }
}

/** Thresholds by node: those named, and the default for every other node with more than one pixel. */
function thresholdsOf(
  graph: Graph,
  {default: fallback, nodes}: ResolvedOptions['threshold'],
): Map<number, Threshold> {
  const thresholds = new Map<number, Threshold>();
  const answersTo = (node: Node) => [node.name, ...node.aliases];
  const computed = graph.nodes.filter(({op}) => op.kind !== 'reshape');
  const known = new Set(computed.flatMap(answersTo));
  const unknown = Object.keys(nodes).find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new Error(
      `threshold.nodes names '${unknown}', which the model does not have; it has ${[...known].join(', ')}.`,
    );
  }
  for (const node of computed) {
    // The last fused layer gives the node its final value, so its name comes first.
    const named = answersTo(node)
      .reverse()
      .find((name) => name in nodes);
    const plane = graph.values[node.outputs[0]].plane;
    const spatial = plane !== null && plane.height * plane.width > 1;
    const threshold = named !== undefined ? nodes[named] : spatial ? fallback : 0;
    if (threshold !== 0) thresholds.set(node.id, threshold);
  }
  return thresholds;
}
