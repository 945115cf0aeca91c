/**
 * The programs of one wrapped model, by input shapes, outputs and backend. Streams of the model share them, and with
 * them the prepared weights; the last one to leave disposes them.
 */
import {Compilation, type Engines, type Program, type Threshold} from '../engines';
import {lateAnswers} from '../importers';
import {computedNodes, definitionOf, type Graph, type Node, type Shape} from '../graph';
import type {ResolvedOptions} from './options';
import {costOf, isCheapTogether, placesOf} from './shared-plan';
import type {Wrapped} from './wrapped';

/** How a set of outputs is computed for inputs of some shapes. */
export interface Planned {
  readonly program: Program;
  /** Where the outputs are among the program's; null where they are all of them. */
  readonly places: readonly number[] | null;
}

/** A program as it was compiled, for one set of outputs or several. */
interface Compiled {
  readonly compilation: Compilation;
  readonly program: Program;
  /** Answers of the backend that had come late then: with another one, the graph may be another. */
  readonly answers: number;
  /** All outputs that it computes. */
  readonly computed: readonly string[];
}

/** What a plan is made for. */
interface Wanted {
  readonly shapes: readonly Shape[];
  readonly outputs: readonly string[];
  /** The model's revision that it is of. */
  readonly revision: number;
  /** Of these outputs by themselves, as `costOf` has it. */
  readonly cost: number;
}

interface Plan extends Wanted, Planned {
  readonly compiled: Compiled;
}

/** Who asks for programs, until it is disposed. */
interface User {
  dispose(): void;
}

/** Plans kept at most, the last ones used: each has packed weights of its own, and whoever sends crops has many sizes. */
const MOST_PLANS = 32;

export class Plans {
  private readonly plans = new Map<string, Plan>();
  private last: Plan | null = null;
  /** The streams that share these. */
  private readonly users = new Set<User>();
  /** Streams by the keys that callers gave them. */
  readonly byKey = new Map<string | number, User>();
  /** Requests for which everything is found out, or will be. */
  private readonly prepared = new Map<string, Promise<void>>();
  /** Plans that an episode is recorded with: kept, and given again, whatever becomes ready meanwhile. */
  private readonly pinned = new Set<Plan>();
  /** Programs of frames that are under way. */
  private readonly held: Program[] = [];

  constructor(
    readonly wrapped: Wrapped,
    private readonly options: ResolvedOptions,
    private readonly engines: Engines,
  ) {}

  join(user: User): this {
    this.users.add(user);
    return this;
  }

  leave(user: User): void {
    this.users.delete(user);
    for (const [key, stream] of this.byKey) if (stream === user) this.byKey.delete(key);
    if (this.users.size === 0) this.clear();
  }

  /** Ends all streams that share these. */
  end(): void {
    this.users.forEach((user) => user.dispose());
  }

  /** The plan for these shapes on the current backend; its program is compiled at first use. */
  get(shapes: readonly Shape[], outputs: readonly string[]): Planned {
    if (this.last && this.isUsable(this.last) && sameRequest(this.last, shapes, outputs)) return this.last;
    const key = this.keyOf(shapes, outputs);
    const found = this.plans.get(key);
    const known = [...this.pinned, ...(found ? [found] : [])].find(
      (plan) => this.isUsable(plan) && sameRequest(plan, shapes, outputs),
    );
    if (known) {
      this.last = known;
      // Those that were asked for last stand last.
      if (known === found) {
        this.plans.delete(key);
        this.plans.set(key, known);
      }
      return known;
    }
    const plan = this.plan(shapes, outputs);
    this.remove(key);
    this.plans.set(key, plan);
    this.last = plan;
    for (const oldest of this.plans.keys()) if (this.plans.size > MOST_PLANS) this.remove(oldest);
    return plan;
  }

  /** Finds out what `get` cannot, since it has to be awaited; to be called before it where that can be. */
  prepare(shapes: readonly Shape[], outputs: readonly string[]): Promise<void> {
    const key = this.keyOf(shapes, outputs);
    const known = this.prepared.get(key) ?? this.findOut(key, shapes, outputs);
    this.prepared.set(key, known);
    return known;
  }

  /** Keeps a program while a frame runs on it that is awaited, whatever becomes of its plan. */
  hold(program: Program): () => void {
    this.held.push(program);
    return () => {
      this.held.splice(this.held.indexOf(program), 1);
      this.disposeUnused(program);
    };
  }

  /** Keeps the program that was given last until the function returned is called. */
  pin(): () => void {
    const plan = this.last!;
    // One pin for each episode: streams of a model may record with the same program.
    const pin = {...plan};
    this.pinned.add(pin);
    return () => {
      if (this.pinned.delete(pin)) this.disposeUnused(pin.program);
    };
  }

  /** Whether a program may still be given, or is recorded with. */
  has(program: Program): boolean {
    return [...this.plans.values(), ...this.pinned].some((plan) => plan.program === program);
  }

  /** Whether this is the program that was asked for last, and would be given again. */
  isCurrent(program: Program): boolean {
    return this.last !== null && this.last.program === program && this.isUsable(this.last);
  }

  /** Whether a plan would be made alike now; one that is pinned only has to be usable. */
  private isUsable({compiled: {compilation, answers}, program, revision}: Plan): boolean {
    if (revision !== this.wrapped.revision()) return false;
    if (compilation.isCurrent && answers === lateAnswers()) return true;
    return compilation.isUsable && this.isPinned(program);
  }

  private async findOut(key: string, shapes: readonly Shape[], outputs: readonly string[]): Promise<void> {
    try {
      if (await this.wrapped.prepare(shapes, outputs)) this.remove(key);
    } catch (error) {
      this.prepared.delete(key);
      throw error;
    }
  }

  /** Forgets a plan, if there is one and no episode is recorded with it. */
  private remove(key: string): void {
    const plan = this.plans.get(key);
    if (!plan || this.isPinned(plan.program)) return;
    this.plans.delete(key);
    if (this.last === plan) this.last = null;
    this.disposeUnused(plan.program);
  }

  private disposeUnused(program: Program): void {
    if (this.has(program) || this.held.includes(program)) return;
    program.dispose();
  }

  private isPinned(program: Program): boolean {
    return [...this.pinned].some((pin) => pin.program === program);
  }

  private plan(shapes: readonly Shape[], outputs: readonly string[]): Plan {
    const revision = this.wrapped.revision();
    for (const [key, plan] of this.plans) if (plan.revision !== revision) this.remove(key);
    const graph = this.wrapped.graph(shapes, outputs);
    const wanted = {shapes, outputs: [...outputs], revision, cost: costOf(graph)};
    return planOf(wanted, this.shared(wanted) ?? this.compile(graph, wanted.outputs));
  }

  /** A program that computes these outputs together with others, for which it takes the place of theirs; null where none should. */
  private shared({shapes, outputs, cost}: Wanted): Compiled | null {
    const others = [...this.plans.values()].filter(
      (plan) => this.isUsable(plan) && !this.isPinned(plan.program) && sameShapes(plan.shapes, shapes),
    );
    for (const compiled of new Set(others.map((other) => other.compiled))) {
      const users = others.filter((other) => other.compiled === compiled);
      // A name that was asked for twice stands there twice.
      const isWider = outputs.some((name) => !compiled.computed.includes(name));
      const computed = [...new Set([...compiled.computed, ...outputs])];
      const graph = isWider ? this.wrapped.graph(shapes, computed) : compiled.program.graph;
      if (!isCheapTogether(costOf(graph), [cost, ...users.map((user) => user.cost)])) continue;
      if (!isWider) return compiled;
      const wider = this.compile(graph, computed);
      users.forEach((user) => this.plans.set(this.keyOf(user.shapes, user.outputs), planOf(user, wider)));
      this.disposeUnused(compiled.program);
      return wider;
    }
    return null;
  }

  private compile(graph: Graph, computed: readonly string[]): Compiled {
    const {engine: wanted, threshold, inputThreshold} = this.options;
    const compilation = new Compilation(this.engines, wanted, graph, {
      thresholds: thresholdsOf(graph, threshold, this.wrapped.hasNode),
      inputThreshold,
    });
    return {compilation, program: compilation.program, answers: lateAnswers(), computed};
  }

  private keyOf(shapes: readonly Shape[], outputs: readonly string[]): string {
    return JSON.stringify([this.wrapped.revision(), shapes, outputs]);
  }

  private clear(): void {
    const all = [...this.plans.values(), ...this.pinned].map(({program}) => program);
    this.plans.clear();
    this.pinned.clear();
    this.last = null;
    new Set(all).forEach((program) => this.disposeUnused(program));
  }
}

function planOf({shapes, outputs, revision, cost}: Wanted, compiled: Compiled): Plan {
  const {program, computed} = compiled;
  return {shapes, outputs, revision, cost, compiled, program, places: placesOf(outputs, computed)};
}

function sameRequest(plan: Plan, shapes: readonly Shape[], outputs: readonly string[]): boolean {
  return sameItems(plan.outputs, outputs) && sameShapes(plan.shapes, shapes);
}

function sameShapes(a: readonly Shape[], b: readonly Shape[]): boolean {
  return a.length === b.length && a.every((shape, i) => sameItems(shape, b[i]));
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
  const computed = computedNodes(graph);
  const known = new Set(computed.flatMap(answersTo));
  const unknown = [...nodes.keys()].find((name) => !known.has(name) && !hasNode(name));
  if (unknown !== undefined) {
    throw new Error(
      `threshold.nodes names '${unknown}', which the model does not have; it has ${[...known].join(', ')}.`,
    );
  }
  for (const node of computed) {
    // The last fused layer gives the node its final value, so its name comes first.
    const named = answersTo(node)
      .reverse()
      .find((name) => nodes.has(name));
    const plane = graph.values[node.outputs[0]].plane;
    const spatial = plane !== null && plane.height * plane.width > 1;
    const isCopy = definitionOf(node.op).effect(node.op) === 'copy';
    const threshold = named !== undefined ? nodes.get(named)! : spatial && !isCopy ? fallback : 0;
    if (threshold !== 0) thresholds.set(node.id, threshold);
  }
  return thresholds;
}
