/**
 * The programs of one wrapped model, by input shapes, outputs and backend. Streams of the model share them, and with
 * them the prepared weights; the last one to leave disposes them.
 */
import * as tf from '@tensorflow/tfjs-core';
import {engineFor, enginesReady, type Program, type Threshold} from '../engines';
import {isCopy, type Graph, type Node, type Shape} from '../graph';
import type {ResolvedOptions} from './options';
import type {Wrapped} from './wrapped';

/** A program, and what it was made for. */
interface Plan {
  readonly program: Program;
  /** Engines that were ready then: with another one, the choice may be another. */
  readonly engines: number;
  readonly shapes: readonly Shape[];
  readonly outputs: readonly string[];
}

export class Plans {
  private readonly plans = new Map<string, Plan>();
  private last: Plan | null = null;
  private users = 0;
  /** Requests for which everything was found out. */
  private readonly prepared = new Set<string>();
  /** Plans that an episode is recorded with: kept, and given again, whatever becomes ready meanwhile. */
  private readonly pinned = new Set<Plan>();

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
    if (this.last && this.isUsable(this.last) && sameRequest(this.last, shapes, outputs))
      return this.last.program;
    const key = keyOf(shapes, outputs);
    const found = this.plans.get(key);
    const known = [...this.pinned, ...(found ? [found] : [])].find(
      (plan) => this.isUsable(plan) && sameRequest(plan, shapes, outputs),
    );
    if (known) {
      this.last = known;
      return known.program;
    }
    const plan = this.compile(shapes, outputs);
    if (found && !this.isPinned(found.program)) found.program.dispose();
    this.plans.set(key, plan);
    this.last = plan;
    return plan.program;
  }

  /** Finds out what `get` cannot, since it has to be awaited; to be called before it where that can be. */
  async prepare(shapes: readonly Shape[], outputs: readonly string[]): Promise<void> {
    const key = keyOf(shapes, outputs);
    if (this.prepared.has(key)) return;
    const isNew = await this.wrapped.prepare(shapes, outputs);
    this.prepared.add(key);
    const plan = this.plans.get(key);
    if (!isNew || !plan || this.isPinned(plan.program)) return;
    this.plans.delete(key);
    if (this.last?.program === plan.program) this.last = null;
    plan.program.dispose();
  }

  /** Keeps the program that was given last until the function returned is called. */
  pin(): () => void {
    const plan = this.last!;
    // One pin for each episode: streams of a model may record with the same program.
    const pin = {...plan};
    this.pinned.add(pin);
    return () => {
      if (!this.pinned.delete(pin)) return;
      const {program} = pin;
      const isInUse = [...this.plans.values(), ...this.pinned].some((other) => other.program === program);
      if (!isInUse) program.dispose();
    };
  }

  /** Whether this is the program that was asked for last, and would be given again. */
  isCurrent(program: Program): boolean {
    return this.last !== null && this.last.program === program && this.isUsable(this.last);
  }

  /** Whether a plan is for the backend that is current, and for the engine that would be taken there now. */
  private isUsable({engines, program}: Plan): boolean {
    if (program.backend !== tf.getBackend() || program.isLost) return false;
    return engines === enginesReady() || this.isPinned(program);
  }

  private isPinned(program: Program): boolean {
    return [...this.pinned].some((pin) => pin.program === program);
  }

  private compile(shapes: readonly Shape[], outputs: readonly string[]): Plan {
    const graph = this.wrapped.graph(shapes, outputs);
    const {engine: wanted, threshold, inputThreshold} = this.options;
    const engine = engineFor(wanted, tf.getBackend(), graph);
    const program = engine.compile(graph, {
      thresholds: thresholdsOf(graph, threshold, this.wrapped.hasNode),
      inputThreshold,
    });
    return {program, engines: enginesReady(), shapes, outputs: [...outputs]};
  }

  private clear(): void {
    const all = [...this.plans.values(), ...this.pinned].map(({program}) => program);
    new Set(all).forEach((program) => program.dispose());
    this.plans.clear();
    this.pinned.clear();
    this.last = null;
  }
}

const keyOf = (shapes: readonly Shape[], outputs: readonly string[]): string =>
  JSON.stringify([shapes, outputs]);

function sameRequest(plan: Plan, shapes: readonly Shape[], outputs: readonly string[]): boolean {
  return (
    sameItems(plan.outputs, outputs) &&
    plan.shapes.length === shapes.length &&
    plan.shapes.every((shape, i) => sameItems(shape, shapes[i]))
  );
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Thresholds by node: those named, and the default for every other node that computes more than one pixel. */
function thresholdsOf(
  graph: Graph,
  {default: fallback, nodes}: ResolvedOptions['threshold'],
  hasNode: Wrapped['hasNode'],
): Map<number, Threshold> {
  const thresholds = new Map<number, Threshold>();
  const answersTo = (node: Node) => [node.name, ...node.aliases];
  const computed = graph.nodes.filter(({op}) => op.kind !== 'reshape');
  const known = new Set(computed.flatMap(answersTo));
  const unknown = Object.keys(nodes).find((name) => !known.has(name) && !hasNode(name));
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
    const threshold = named !== undefined ? nodes[named] : spatial && !isCopy(node.op) ? fallback : 0;
    if (threshold !== 0) thresholds.set(node.id, threshold);
  }
  return thresholds;
}
