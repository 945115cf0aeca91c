/**
 * A graph on the WebAssembly engine. One frame is one walk over the steps in order; regions stay in the heap, beside the
 * activations they belong to, and nothing is allocated on the way but what is handed out.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {ActivationCache} from '../../cache';
import type {Graph} from '../../graph';
import {gateOf, Region} from '../../region';
import type {
  CompileOptions,
  Delta,
  CostModel,
  Frame,
  NodeReport,
  Program,
  Recording,
  RecordOptions,
  RunOptions,
  RunResult,
} from '../engine';
import {
  checkRecordable,
  NO_GRADIENT,
  oddNodeOf,
  weightsUnsupportedReason,
  type OddNode,
} from '../shared/non-finite';
import {checkThresholds} from '../shared/thresholds';
import {Frames} from './frames/frames';
import type {Instance, Kernels} from './kernels';
import type {Heap, OutOfMemory} from './memory/heap';
import type {ValueLayout} from './memory/layout';
import {tensorOfOpaque} from './memory/opaque';
import {readValues} from './memory/read';
import {RollbackLog} from './memory/rollback-log';
import {StreamState} from './memory/state';
import {channelRms} from './memory/tolerances';
import {regionOf, reportNodes} from './results/report';
import {compileSteps} from './schedule/compile';
import {disposeCompiled, oddWeights, refreshWeights, type Compiled} from './schedule/compiled';
import {WasmCostModel} from './schedule/cost-model';
import {UNMONITORED, type Pass, type Monitors} from './schedule/pass';
import {Schedule} from './schedule/schedule';
import {planFor, type Plan} from './training/plan';
import {WasmRecording} from './training/recording';

/** A caller's word on what changed. What was compared is marked in the stream's masks instead. */
interface GivenDelta extends Delta {
  readonly given: readonly Region[];
}

const EVERYTHING: Delta = {share: 1, full: true};

const givenIn = (delta: Delta): readonly Region[] | null => (delta as Partial<GivenDelta>).given ?? null;

export class WasmProgram implements Program {
  readonly backend = tf.getBackend();
  readonly reads = 'values';
  readonly tellsChange = true;
  private readonly compiled: Compiled;
  private readonly inputs: readonly ValueLayout[];
  private readonly frames: Frames;
  private readonly schedule: Schedule;
  private readonly pixels: number;
  private readonly mustRun: boolean;
  /** Whether a node has to be awaited. */
  private readonly waits: boolean;
  private readonly kernels: Kernels;
  private readonly plans = new Map<string, Plan>();
  /** The node because of which frames that are not finite go to the model; null for none. */
  private readonly odd: OddNode | null;
  private weightsUnsupportedReason: string | null;
  /** What a new stream lacked when one was last asked for. */
  private shortage: OutOfMemory | null = null;
  readonly costModel: CostModel;

  constructor(
    readonly graph: Graph,
    options: CompileOptions,
    {kernels, msPerMac}: Instance,
    private readonly heap: Heap,
  ) {
    checkThresholds(graph, options.thresholds);
    this.kernels = kernels;
    this.compiled = compileSteps(graph, options, kernels, heap);
    this.odd = oddNodeOf(graph, {engine: 'wasm', backend: this.backend});
    this.weightsUnsupportedReason = weightsUnsupportedReason(oddWeights(this.compiled), this.odd);
    this.schedule = new Schedule(graph, this.compiled, options.thresholds);
    this.inputs = graph.inputs.map((id) => this.compiled.layouts[id]);
    this.frames = new Frames(
      this.compiled.place,
      this.inputs,
      graph.inputs,
      gateOf(options.inputThreshold),
      graph.inputs.map((id) => graph.values[id].layout),
    );
    this.pixels = this.inputs.reduce((sum, {height, width}) => sum + height * width, 0);
    this.mustRun = graph.nodes.some(({op}) => op.kind === 'external' && !op.pure);
    this.waits = graph.nodes.some(({op}) => op.kind === 'external' && op.applyAsync !== undefined);
    this.costModel = new WasmCostModel(this.compiled, graph.inputs, msPerMac, {
      stateIn: (cache) => this.stateIn(cache),
      mark: (state, delta) => {
        const given = givenIn(delta);
        if (given) this.frames.mark(state, given);
      },
      see: (cache, frame) => this.see(cache, frame),
    });
  }

  get cacheBytes(): number {
    return this.compiled.bytes;
  }

  /** What a stream has of this program already has room, whatever it was filled with. */
  unsupportedReason(cache: ActivationCache): string | null {
    if (this.ownIn(cache)) return null;
    const {heap, compiled, shortage} = this;
    if (shortage && !shortage.isOver) return shortage.message;
    this.shortage = heap.makeRoom(compiled.bytes) ? null : heap.shortage(compiled.bytes);
    return this.shortage && this.shortage.message;
  }

  refresh(): void {
    const {weights} = this.compiled;
    const {version} = weights;
    refreshWeights(this.compiled);
    if (weights.version !== version)
      this.weightsUnsupportedReason = weightsUnsupportedReason(oddWeights(this.compiled), this.odd);
  }

  difference(cache: ActivationCache, frame: Frame, changed: readonly Region[] | null): Delta {
    const state = this.stateIn(cache);
    if (state === null) {
      const unsupportedReason = this.unsupportedReasonIn(null, frame);
      return unsupportedReason === null ? EVERYTHING : {...EVERYTHING, unsupportedReason};
    }
    if (changed && state.valid) return this.givenDelta(state, frame, changed);
    const {delta} = state;
    const count = this.frames.compare(state, frame);
    delta.share = count / this.pixels;
    delta.full = !state.valid;
    delta.unsupportedReason =
      count === 0 ? this.weightsUnsupportedReason : this.unsupportedReasonIn(state, frame);
    return delta;
  }

  async differenceAsync(
    cache: ActivationCache,
    frame: Frame,
    changed: readonly Region[] | null,
  ): Promise<Delta> {
    return this.difference(cache, frame, changed);
  }

  gradientUnsupportedReason(
    frame: Frame,
    seen?: {readonly cache: ActivationCache; readonly delta: Delta},
  ): string | null {
    const state = seen && !seen.delta.full ? this.stateIn(seen.cache) : null;
    const given = seen && givenIn(seen.delta);
    if (state && given) this.look(state, frame, given);
    const unsupportedReason = this.frames.holdsOdd(state, frame, 'non-finite')
      ? (this.odd?.reason ?? NO_GRADIENT)
      : this.weightsUnsupportedReason;
    // One that is not refused is run next, and is read already.
    if (!seen || unsupportedReason !== null) this.frames.done();
    return unsupportedReason;
  }

  catchUp(cache: ActivationCache): boolean {
    const state = this.ownIn(cache);
    const pass = state && this.passAnew(state);
    try {
      if (pass) this.schedule.run(pass);
    } catch (error) {
      cache.clear();
      throw error;
    }
    return state !== null;
  }

  async catchUpAsync(cache: ActivationCache): Promise<boolean> {
    const state = this.ownIn(cache);
    const pass = state && this.passAnew(state);
    try {
      if (pass) await this.schedule.runAsync(pass);
    } catch (error) {
      if (this.ownIn(cache) === state) cache.clear();
      throw error;
    }
    return state !== null && state.at !== 0;
  }

  run(cache: ActivationCache, frame: Frame, delta: Delta, options: RunOptions = {}): RunResult {
    const {commit = true, out} = options;
    const recording = options.recording as WasmRecording | undefined;
    const recorder = recording?.begin() ?? null;
    const rollbackLog = commit ? null : new RollbackLog(this.kernels, this.heap);
    const known = this.stateIn(cache);
    if (!known?.valid && rollbackLog) throw new Error('commit: false needs a committed frame in the cache.');
    let state = known;
    const opaque = known && new Map(known.opaque);
    try {
      state ??= this.allocate(cache);
      this.compute(state, frame, delta, {rollbackLog, recorder});
      recording?.end(state);
      return this.resultOf(state, out);
    } catch (error) {
      if (recorder && recording!.undo(state!, error)) {
        this.schedule.reduceAnew(state!);
        throw recording!.noSpace;
      }
      // What is half-written is of no use; what a rollback log knows is put back below.
      if (!rollbackLog) cache.clear();
      throw error;
    } finally {
      this.frames.done();
      rollbackLog?.rollback();
      if (rollbackLog) known!.opaque = opaque!;
    }
  }

  record(cache: ActivationCache, options: RecordOptions): Recording {
    this.refresh();
    checkRecordable(oddWeights(this.compiled));
    return new WasmRecording(this.planOf(options), cache, options);
  }

  async runAsync(
    cache: ActivationCache,
    frame: Frame,
    delta: Delta,
    options: RunOptions = {},
  ): Promise<RunResult> {
    if (!this.waits) return this.run(cache, frame, delta, options);
    const {commit = true, out} = options;
    const rollbackLog = commit ? null : new RollbackLog(this.kernels, this.heap);
    const known = this.stateIn(cache);
    if (!known?.valid && rollbackLog) throw new Error('commit: false needs a committed frame in the cache.');
    const state = known ?? this.allocate(cache);
    const opaque = rollbackLog && new Map(state.opaque);
    try {
      // What must be awaited is never recorded.
      const pass = this.begin(state, frame, delta, {rollbackLog, recorder: null});
      this.frames.done();
      if (pass) await this.schedule.runAsync(pass);
      return this.resultOf(state, out);
    } catch (error) {
      this.frames.done();
      if (!rollbackLog && this.stateIn(cache) === state) cache.clear();
      throw error;
    } finally {
      // Where the cache was emptied meanwhile, there is nothing to put back.
      if (state.at === 0) rollbackLog?.drop();
      else rollbackLog?.rollback();
      if (opaque) state.opaque = opaque;
    }
  }

  async rms(cache: ActivationCache): Promise<ReadonlyMap<number, Float32Array>> {
    const state = this.stateIn(cache);
    if (!state?.valid) return new Map();
    const {layouts} = this.compiled;
    return new Map(
      this.graph.nodes
        .filter(({outputs}) => outputs.length === 1 && this.graph.values[outputs[0]].plane !== null)
        .map(({id, outputs}) => [id, channelRms(this.heap, state.at, layouts[outputs[0]])]),
    );
  }

  regionsOf(delta: Delta): readonly Region[] {
    const given = givenIn(delta);
    if (given) return given;
    if (delta.full) return this.inputs.map(({height, width}) => Region.full(height, width));
    const {state} = delta as StreamState['delta'];
    return this.inputs.map((layout) => regionOf(this.heap, state, layout, layout.height * layout.width));
  }

  async compare(cache: ActivationCache, frame: Frame): Promise<readonly Region[]> {
    return this.regionsOf(this.difference(cache, frame, null));
  }

  dispose(): void {
    disposeCompiled(this.compiled);
  }

  private givenDelta(state: StreamState, frame: Frame, given: readonly Region[]): GivenDelta {
    const area = given.reduce((sum, region) => sum + region.area, 0);
    const delta = {share: area / this.pixels, full: false, given};
    if (this.odd) this.look(state, frame, given);
    return {...delta, unsupportedReason: this.unsupportedReasonIn(state, frame)};
  }

  /** Marks the pixels that a caller says have changed, and reads them. */
  private look(state: StreamState, frame: Frame, given: readonly Region[]): void {
    this.frames.mark(state, given);
    this.frames.stageWithin(frame, given);
  }

  /**
   * Why the engine would compute something else of a frame than the model. What is cached of the input holds nothing of the
   * kind, so that only what changed has to be looked at.
   * @param state in which the changed pixels are marked; null where all are
   */
  private unsupportedReasonIn(state: StreamState | null, frame: Frame): string | null {
    const {odd} = this;
    if (odd && this.frames.holdsOdd(state, frame, odd.odd)) return odd.reason;
    return this.weightsUnsupportedReason;
  }

  /** Made once for the same weights and cut points: it has room of its own in the heap. */
  private planOf(options: RecordOptions): Plan {
    const key = `${[...options.weights].join()} ${options.cutPoints.join()}`;
    const plan = this.plans.get(key) ?? planFor(this.graph, this.compiled, options);
    this.plans.set(key, plan);
    return plan;
  }

  /** What a stream has of this program, whatever weights it was filled with. */
  private ownIn(cache: ActivationCache): StreamState | null {
    const state = cache.content(StreamState);
    return state?.owner === this ? state : null;
  }

  private stateIn(cache: ActivationCache): StreamState | null {
    const state = this.ownIn(cache);
    return state?.weightsVersion === this.compiled.weights.version ? state : null;
  }

  /** The pass that computes the cached frame with the weights as they are; null where that is done. */
  private passAnew(state: StreamState): Pass | null {
    const {version} = this.compiled.weights;
    if (state.valid && state.weightsVersion === version) return null;
    state.restart(version);
    this.inputs.forEach((layout, i) => {
      this.kernels.fillMask(state.at + layout.mask, layout.height, layout.width);
      state.changed[this.graph.inputs[i]] = layout.height * layout.width;
    });
    return {state, full: true, ...UNMONITORED};
  }

  private allocate(cache: ActivationCache): StreamState {
    // What is there is of no use any more, and its room may be needed.
    cache.clear();
    const {weights, bytes} = this.compiled;
    const {values, nodes} = this.graph;
    const state = new StreamState(this, weights.version, this.heap, bytes, values.length, nodes.length);
    cache.hold(state);
    return state;
  }

  private compute(state: StreamState, frame: Frame, delta: Delta, monitors: Monitors): void {
    const pass = this.begin(state, frame, delta, monitors);
    if (pass) this.schedule.run(pass);
  }

  /** Takes the frame over; null where nothing has to be computed. */
  private begin(state: StreamState, frame: Frame, delta: Delta, monitors: Monitors): Pass | null {
    // Weights that another stream noticed after the comparison leave nothing to build on.
    const full = delta.full || !state.valid;
    const given = full ? null : givenIn(delta);
    if (given) this.look(state, frame, given);
    const changed = this.take(state, frame, full, given !== null, monitors);
    if (changed > 0 || full || this.mustRun) return {state, full, ...monitors};
    state.rest();
    return null;
  }

  /** Brings the cached input up to the frame; returns how many of its pixels changed. */
  private take(state: StreamState, frame: Frame, full: boolean, given: boolean, monitors: Monitors): number {
    const ids = this.graph.inputs;
    let changed = 0;
    for (let i = 0; i < ids.length; i++) {
      state.changed[ids[i]] = this.frames.take(state, frame, i, full, given, monitors);
      changed += state.changed[ids[i]];
    }
    return changed;
  }

  private see(cache: ActivationCache, frame: Frame): void {
    const known = this.stateIn(cache);
    const state = known ?? this.allocate(cache);
    // What is marked as changed is all that the last frame seen lacks, unless activations hang on an older one.
    const marked = known !== null && !state.valid;
    state.valid = false;
    this.take(state, frame, !marked, false, UNMONITORED);
    this.frames.done();
  }

  private report(state: StreamState): NodeReport[] | null {
    if (state.at === 0) return null;
    return reportNodes(this.graph, state, this.compiled, this.heap);
  }

  private resultOf(state: StreamState, out: Float32Array | undefined): RunResult {
    const report = () => this.report(state);
    return {outputs: this.read(state, out), report, reportAsync: async () => report()};
  }

  /** Copies of the outputs. */
  private read(state: StreamState, out: Float32Array | undefined): tf.Tensor[] {
    const {layouts} = this.compiled;
    if (out) {
      const [id] = this.graph.outputs;
      const kept = state.opaque.get(id);
      if (kept) out.set(kept.values);
      else readValues(this.heap, state.at, layouts[id], out);
      return [];
    }
    return this.graph.outputs.map((id) => this.tensorOf(state, id));
  }

  private tensorOf(state: StreamState, id: number): tf.Tensor {
    const kept = state.opaque.get(id);
    if (kept) return tensorOfOpaque(kept);
    const values = readValues(this.heap, state.at, this.compiled.layouts[id]);
    return tf.tensor(values, [1, ...this.graph.values[id].shape!], 'float32');
  }
}
