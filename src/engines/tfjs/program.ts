/**
 * A graph on the portable engine: one frame is one walk over the nodes in order. For each, the region its inputs'
 * changes reach is computed and written into the cached activation; the pixels whose value changed go on.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {ActivationCache} from '../../cache';
import {
  planeOf,
  ruleOf,
  type ExternalOp,
  type Graph,
  type KnownForm,
  type Node,
  type ValueId,
} from '../../graph';
import {Region} from '../../region';
import type {
  CompileOptions,
  Delta,
  Frame,
  Program,
  Recording,
  RecordOptions,
  RunOptions,
  RunResult,
} from '../engine';
import {checkThresholds, tolerancesOf} from '../thresholds';
import {externalInputs, storeOutput} from './external';
import {CachedInputs, type RegionDelta} from './inputs';
import {memoryFor} from './memories';
import {Journal, type Memory, type Tolerance} from './memory';
import {kernelOf} from './ops';
import {reportOf, type NodeTrace} from './report';
import {Slots} from './slots';
import {PortableState} from './state';
import {Step, type Operand} from './step';
import {PortableRecording} from './training/recording';
import {PreparedWeights} from './weights';

/** Who is told what a frame overwrites. */
interface Watchers {
  readonly journal: Journal | null;
  readonly recording: PortableRecording | null;
}

/** One frame on its way through the nodes. */
interface Pass extends Watchers {
  readonly state: PortableState;
  readonly full: boolean;
  readonly regions: Region[];
  readonly traces: NodeTrace[];
}

export class PortableProgram implements Program {
  readonly backend = tf.getBackend();
  readonly reads = 'tensors';
  readonly foresight = null;
  readonly tellsChange = true;
  private readonly memory: Memory;
  private readonly weights: PreparedWeights;
  private readonly inputs: CachedInputs;
  private readonly slots: Slots;

  constructor(
    readonly graph: Graph,
    private readonly options: CompileOptions,
  ) {
    checkThresholds(graph, options.thresholds);
    this.memory = memoryFor(this.backend);
    this.weights = new PreparedWeights(graph);
    this.inputs = new CachedInputs(graph, this.memory, options.inputThreshold);
    this.slots = new Slots(graph, this.memory);
  }

  get cacheBytes(): number {
    return this.slots.bytes + this.inputs.bytesHere;
  }

  refresh(): void {
    this.weights.refresh();
  }

  difference(cache: ActivationCache, frame: Frame, changed: readonly Region[] | null): Delta {
    return this.inputs.difference(this.stateIn(cache), tensorsOf(frame), changed);
  }

  async differenceAsync(
    cache: ActivationCache,
    frame: Frame,
    changed: readonly Region[] | null,
  ): Promise<Delta> {
    return this.inputs.differenceAsync(() => this.stateIn(cache), tensorsOf(frame), changed);
  }

  regionsOf(delta: Delta): readonly Region[] {
    return (delta as RegionDelta).regions;
  }

  async compare(cache: ActivationCache, frame: Frame): Promise<readonly Region[]> {
    return this.regionsOf(await this.differenceAsync(cache, frame, null));
  }

  async rms(cache: ActivationCache): Promise<ReadonlyMap<number, Float32Array>> {
    const state = this.stateIn(cache);
    const found = (state ? this.graph.nodes : []).flatMap(({id, outputs}) => {
      const {plane} = this.graph.values[outputs[0]];
      const slot = state!.slots.get(this.slots.sources[outputs[0]]);
      if (outputs.length !== 1 || plane === null || !slot) return [];
      const pixels = () => tf.cast(tf.reshape(slot.tensor, [-1, plane.channels]), 'float32');
      return [{id, rms: tf.tidy(() => tf.sqrt(tf.mean(tf.square(pixels()), 0)))}];
    });
    const values = await Promise.all(found.map(({rms}) => rms.data<'float32'>()));
    // Copies: the cpu backend hands out its own memory.
    return new Map(found.map(({id, rms}, i) => (rms.dispose(), [id, values[i].slice()])));
  }

  run(cache: ActivationCache, frame: Frame, delta: Delta, options: RunOptions = {}): RunResult {
    const {commit = true, out} = options;
    const journal = commit ? null : new Journal();
    const recording = (options.recording ?? null) as PortableRecording | null;
    recording?.begin(this.regionsOf(delta));
    return guarded(cache, journal, () => {
      const pass = this.begin(cache, frame, delta as RegionDelta, {journal, recording});
      tf.tidy(() => this.graph.nodes.forEach((node) => tf.tidy(() => this.runNode(node, pass, null))));
      const result = this.finish(pass, out);
      recording?.end(pass.state);
      return result;
    });
  }

  async runAsync(
    cache: ActivationCache,
    frame: Frame,
    delta: Delta,
    options: RunOptions = {},
  ): Promise<RunResult> {
    if (!this.graph.nodes.some(isAwaited)) return this.run(cache, frame, delta, options);
    const journal = (options.commit ?? true) ? null : new Journal();
    const watchers = {journal, recording: null};
    try {
      const pass = this.begin(cache, frame, delta as RegionDelta, watchers);
      for (const node of this.graph.nodes) {
        if (isAwaited(node) && this.mustRun(node, pass)) await this.runAwaited(node, pass);
        else tf.tidy(() => this.runNode(node, pass, null));
      }
      return this.finish(pass, options.out);
    } catch (error) {
      takeBack(cache, journal);
      throw error;
    }
  }

  record(cache: ActivationCache, options: RecordOptions): Recording {
    this.refresh();
    const {graph, memory, weights} = this;
    const {sources} = this.slots;
    const reach = (changed: readonly Region[]) => this.reach(changed);
    return new PortableRecording({graph, memory, weights, sources, reach}, cache, options);
  }

  dispose(): void {
    this.weights.dispose();
  }

  private stateIn(cache: ActivationCache): PortableState | null {
    const state = cache.content(PortableState);
    return state?.owner === this && state.weightsVersion === this.weights.version ? state : null;
  }

  /** Makes sure there is a state, and brings the cached inputs up to the frame. */
  private begin(cache: ActivationCache, frame: Frame, delta: RegionDelta, watchers: Watchers): Pass {
    const {journal, recording} = watchers;
    if (delta.full && journal) throw new Error('commit: false needs a committed frame in the cache.');
    const state = this.stateIn(cache) ?? new PortableState(this, this.weights.version);
    if (state.slots.size === 0) this.slots.fill(state);
    if (cache.content(PortableState) !== state) cache.hold(state);
    const regions = this.graph.values.map(({plane}) => Region.empty(plane?.height ?? 1, plane?.width ?? 1));
    const pass: Pass = {state, full: delta.full, ...watchers, regions, traces: []};
    this.graph.inputs.forEach((id, i) => recording?.save(id, state.slots.get(id)!, delta.regions[i]));
    tf.tidy(() => this.inputs.update(state, tensorsOf(frame), delta, {regions, journal}));
    return pass;
  }

  /** A node that has to wait for its results, on what the nodes before it have made of the frame. */
  private async runAwaited(node: Node<ExternalOp>, pass: Pass): Promise<void> {
    const operands = () => externalInputs(this.graph, node, this.memory, this.operands(node, pass.state));
    const inputs = tf.tidy(() => operands().map((x) => this.memory.copy(x)));
    let outputs: tf.Tensor[] = [];
    try {
      outputs = await node.op.applyAsync!(inputs);
      tf.tidy(() => this.runNode(node, pass, outputs));
    } finally {
      inputs.forEach((tensor) => tensor.dispose());
      outputs.forEach((tensor) => tensor.dispose());
    }
  }

  private finish(pass: Pass, out: Float32Array | undefined): RunResult {
    const outputs = tf.tidy(() => {
      if (!out) return this.graph.outputs.map((id) => this.copyOut(id, pass.state));
      out.set(this.tensorOf(this.graph.outputs[0], pass.state).dataSync());
      return [];
    });
    tf.tidy(() => pass.journal?.rollback());
    const forms = this.graph.values.map(({shape, plane}) => ({shape, plane}) as KnownForm);
    const report = () => pass.traces.map((trace) => reportOf(trace, forms));
    return {outputs, report, reportAsync: async () => report()};
  }

  private mustRun(node: Node, {full, regions}: Pass): boolean {
    const impure = node.op.kind === 'external' && !node.op.pure;
    return full || impure || node.inputs.some((id) => !regions[id].isEmpty);
  }

  /** @param given what an external node was found to give, where that had to be awaited */
  private runNode(node: Node, pass: Pass, given: tf.Tensor[] | null): void {
    const changed = node.inputs.map((id) => pass.regions[id]);
    if (node.op.kind === 'reshape') {
      pass.regions[node.outputs[0]] = this.affected(node, changed);
      return;
    }
    const trace: NodeTrace = {node, changed, affected: null, computed: 0, written: null, ms: 0};
    pass.traces.push(trace);
    if (!this.mustRun(node, pass)) return;
    const start = performance.now();
    if (node.op.kind === 'external') this.runExternal(node as Node<ExternalOp>, pass, trace, given);
    else this.runComputed(node, pass, trace);
    trace.ms = performance.now() - start;
  }

  private runComputed(node: Node, pass: Pass, trace: NodeTrace): void {
    const output = node.outputs[0];
    const slot = pass.state.slots.get(output)!;
    const affected = pass.full ? fullRegion(slot.plane) : this.affected(node, trace.changed);
    if (affected.isEmpty) return;
    pass.recording?.save(output, slot, affected);
    const written = pass.regions[output];
    const step = new Step(
      node,
      this.memory,
      this.operands(node, pass.state),
      slot,
      this.weights.of(node.id),
      pass.state.partials.get(node.id) ?? null,
      trace.changed,
      affected,
      pass.full ? null : this.toleranceOf(node, pass.state),
      pass.journal,
      written,
    );
    kernelOf(node.op)!.update(step);
    if (pass.full) {
      written.fill();
      this.calibrate(node, pass.state);
    }
    if (pass.recording) pass.regions[output] = pass.recording.broken(output, slot, written);
    trace.affected = affected;
    trace.computed = step.computed;
    trace.written = written;
  }

  private runExternal(node: Node<ExternalOp>, pass: Pass, trace: NodeTrace, given: tf.Tensor[] | null): void {
    for (const id of pass.recording ? node.outputs : []) {
      const slot = pass.state.slots.get(id);
      if (slot) pass.recording!.save(id, slot, fullRegion(slot.plane));
    }
    const outputs =
      given ?? node.op.apply(externalInputs(this.graph, node, this.memory, this.operands(node, pass.state)));
    const tolerance = pass.full ? null : this.toleranceOf(node, pass.state);
    node.outputs.forEach((id, i) => {
      const context = {
        state: pass.state,
        memory: this.memory,
        full: pass.full,
        tolerance,
        journal: pass.journal,
      };
      pass.regions[id] = storeOutput(node, this.graph.values[id], outputs[i], context);
    });
    if (pass.full) this.calibrate(node, pass.state);
    const region = pass.regions[node.outputs[0]];
    trace.affected = Region.full(region.height, region.width);
    trace.computed = region.height * region.width;
    trace.written = region;
  }

  /** All regions that the inputs' regions reach, if every pixel reached changes. */
  private reach(changed: readonly Region[]): readonly Region[] {
    const regions = this.graph.values.map(({plane}) => Region.empty(plane?.height ?? 1, plane?.width ?? 1));
    this.graph.inputs.forEach((id, i) => (regions[id] = changed[i]));
    for (const node of this.graph.nodes) {
      const inputs = node.inputs.map((id) => regions[id]);
      if (inputs.every(({isEmpty}) => isEmpty)) continue;
      for (const id of node.outputs)
        regions[id] = node.op.kind === 'external' ? regions[id].fill() : this.affected(node, inputs);
    }
    return regions;
  }

  private affected(node: Node, changed: readonly Region[]): Region {
    const form = (id: ValueId) => this.graph.values[id] as KnownForm;
    return ruleOf(node.op).affected(node.op, node.inputs.map(form), form(node.outputs[0]), changed);
  }

  private operands(node: Node, state: PortableState): Operand[] {
    return node.inputs.map((id) => {
      const value = this.graph.values[id];
      const dynamic = state.dynamic.get(this.slots.sources[id]);
      if (dynamic) return {tensor: dynamic, plane: {height: 1, width: 1, channels: dynamic.size}};
      return {tensor: state.slots.get(this.slots.sources[id])!.tensor, plane: planeOf(value)};
    });
  }

  private toleranceOf(node: Node, state: PortableState): Tolerance | null {
    const threshold = this.options.thresholds.get(node.id);
    if (threshold === undefined || threshold === 0) return null;
    return typeof threshold === 'number' ? threshold : (state.tolerances.get(node.id) ?? null);
  }

  private calibrate(node: Node, state: PortableState): void {
    const threshold = this.options.thresholds.get(node.id);
    const slot = state.slots.get(node.outputs[0]);
    if (typeof threshold !== 'object' || !slot || state.tolerances.has(node.id)) return;
    const known = tolerancesOf(threshold);
    state.tolerances.set(node.id, known ?? this.memory.relativeTolerance(slot, threshold.relative));
  }

  private copyOut(id: ValueId, state: PortableState): tf.Tensor {
    const copy = this.memory.copy(this.tensorOf(id, state));
    const {shape} = this.graph.values[id];
    return shape === null ? copy : tf.reshape(copy, [1, ...shape]);
  }

  /** The cached tensor of a value. */
  private tensorOf(id: ValueId, state: PortableState): tf.Tensor {
    return state.dynamic.get(id) ?? state.slots.get(this.slots.sources[id])!.tensor;
  }
}

/** Whoever made the frame looked at `reads`. */
function tensorsOf(frame: Frame): readonly tf.Tensor[] {
  return frame as readonly tf.Tensor[];
}

function fullRegion({height, width}: {height: number; width: number}): Region {
  return Region.full(height, width);
}

/** An error in mid-frame leaves the cache as it was (where a journal can tell) or empty, never half-written. */
function isAwaited(node: Node): node is Node<ExternalOp> {
  return node.op.kind === 'external' && node.op.applyAsync !== undefined;
}

function takeBack(cache: ActivationCache, journal: Journal | null): void {
  if (journal) tf.tidy(() => journal.rollback());
  else cache.clear();
}

function guarded<T>(cache: ActivationCache, journal: Journal | null, work: () => T): T {
  try {
    return work();
  } catch (error) {
    takeBack(cache, journal);
    throw error;
  }
}
