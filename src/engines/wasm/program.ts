/**
 * A graph on the WebAssembly engine. One frame is one schedule of steps in order; regions stay in the heap, beside the
 * activations they belong to, and nothing is allocated on the way but what is handed out.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {ActivationCache} from '../../cache';
import {isAwaited, isImpure, type Graph} from '../../graph';
import {gateOf, type Region} from '../../region';
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
import {checkThresholds} from '../shared/thresholds';
import {Differences, givenIn} from './frames/differences';
import {Frames} from './frames/frames';
import type {Instance} from './kernels';
import type {Heap} from './memory/heap';
import type {ValueLayout} from './memory/layout';
import {RollbackLog} from './memory/rollback-log';
import type {StreamState} from './memory/state';
import {Streams} from './memory/streams';
import type {FrameRecording, Training} from './recorder';
import {readOutputs, rmsByNode} from './results/outputs';
import {reportNodes} from './results/report';
import {compileSteps} from './schedule/compile';
import {disposeCompiled, refreshWeights, type Compiled} from './schedule/compiled';
import {WasmCostModel} from './schedule/cost-model';
import {UNMONITORED, type Pass, type Monitors} from './schedule/pass';
import {Schedule} from './schedule/schedule';
import {wantedThreads} from './threads';

export class WasmProgram implements Program {
  readonly backend = tf.getBackend();
  readonly reads = 'values';
  readonly tellsChange = true;
  readonly costModel: CostModel;
  private readonly compiled: Compiled;
  private readonly streams: Streams;
  private readonly inputs: readonly ValueLayout[];
  private readonly frames: Frames;
  private readonly differences: Differences;
  private readonly schedule: Schedule;
  private readonly mustRun: boolean;
  /** Whether a node has to be awaited. */
  private readonly waits: boolean;

  constructor(
    readonly graph: Graph,
    options: CompileOptions,
    private readonly instance: Instance,
    private readonly heap: Heap,
    private readonly training: Training | null,
  ) {
    checkThresholds(graph, options.thresholds);
    const threads = instance.pool ? wantedThreads() : 1;
    this.compiled = compileSteps(graph, options, instance.kernels, heap, threads);
    this.streams = new Streams(
      graph,
      heap,
      this.compiled.weights,
      this.compiled.bytes,
      this.compiled.layouts,
    );
    this.schedule = new Schedule(graph, this.compiled, options.thresholds);
    this.inputs = graph.inputs.map((id) => this.compiled.layouts[id]);
    this.frames = new Frames(
      this.compiled.place,
      this.inputs,
      graph.inputs,
      gateOf(options.inputThreshold),
      graph.inputs.map((id) => graph.values[id].layout),
    );
    this.differences = new Differences(graph, this.backend, this.compiled, this.inputs, this.frames);
    this.mustRun = graph.nodes.some(isImpure);
    this.waits = graph.nodes.some(isAwaited);
    this.costModel = new WasmCostModel(this.compiled, graph.inputs, instance.msPerMac, {
      stateIn: (cache) => this.streams.currentIn(cache),
      mark: (state, delta) => {
        const given = givenIn(delta);
        if (given) this.frames.mark(state, given);
      },
      see: (cache, frame) => this.see(cache, frame),
    });
  }

  get isLost(): boolean {
    return this.instance.isLost === true;
  }

  get isOutgrown(): boolean {
    return this.instance.pool !== undefined && this.compiled.place.scratch.threads < wantedThreads();
  }

  get cacheBytes(): number {
    return this.compiled.bytes;
  }

  unsupportedReason(cache: ActivationCache): string | null {
    return this.streams.shortageFor(cache);
  }

  refresh(): void {
    if (refreshWeights(this.compiled)) this.differences.refresh();
  }

  difference(cache: ActivationCache, frame: Frame, changed: readonly Region[] | null): Delta {
    return this.differences.between(this.streams.currentIn(cache), frame, changed);
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
    const state = seen && !seen.delta.full ? this.streams.currentIn(seen.cache) : null;
    return this.differences.gradientUnsupportedReason(state, frame, seen?.delta ?? null);
  }

  catchUp(cache: ActivationCache): boolean {
    const state = this.streams.ownIn(cache);
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
    const state = this.streams.ownIn(cache);
    const pass = state && this.passAnew(state);
    try {
      if (pass) await this.schedule.runAsync(pass);
    } catch (error) {
      if (this.streams.ownIn(cache) === state) cache.clear();
      throw error;
    }
    return state !== null && state.at !== 0;
  }

  run(cache: ActivationCache, frame: Frame, delta: Delta, options: RunOptions = {}): RunResult {
    const {commit = true} = options;
    const recording = options.recording as FrameRecording | undefined;
    const recorder = recording?.begin() ?? null;
    const rollbackLog = commit ? null : new RollbackLog(this.instance.kernels, this.heap);
    const known = this.streams.currentIn(cache);
    if (!known?.valid && rollbackLog) throw new Error('commit: false needs a committed frame in the cache.');
    let state = known;
    const opaque = rollbackLog && new Map(known!.opaque);
    try {
      state ??= this.streams.allocate(cache);
      const pass = this.begin(state, frame, delta, {rollbackLog, recorder});
      if (pass) this.schedule.run(pass);
      recording?.end(state);
      return this.resultOf(state, options);
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
      if (opaque) known!.opaque = opaque;
    }
  }

  record(cache: ActivationCache, options: RecordOptions): Recording {
    this.refresh();
    // An entry without training has no `record()` that would lead here.
    return this.training!.record(this.graph, this.compiled, this.instance, cache, options);
  }

  async runAsync(
    cache: ActivationCache,
    frame: Frame,
    delta: Delta,
    options: RunOptions = {},
  ): Promise<RunResult> {
    if (!this.waits) return this.run(cache, frame, delta, options);
    const {commit = true} = options;
    const rollbackLog = commit ? null : new RollbackLog(this.instance.kernels, this.heap);
    const known = this.streams.currentIn(cache);
    if (!known?.valid && rollbackLog) throw new Error('commit: false needs a committed frame in the cache.');
    const state = known ?? this.streams.allocate(cache);
    const opaque = rollbackLog && new Map(state.opaque);
    try {
      // What must be awaited is never recorded.
      const pass = this.begin(state, frame, delta, {rollbackLog, recorder: null});
      this.frames.done();
      if (pass) await this.schedule.runAsync(pass);
      return this.resultOf(state, options);
    } catch (error) {
      this.frames.done();
      if (!rollbackLog && this.streams.currentIn(cache) === state) cache.clear();
      throw error;
    } finally {
      // Where the cache was emptied meanwhile, there is nothing to put back.
      if (state.at === 0) rollbackLog?.drop();
      else rollbackLog?.rollback();
      if (opaque) state.opaque = opaque;
    }
  }

  async rms(cache: ActivationCache): Promise<ReadonlyMap<number, Float32Array>> {
    const state = this.streams.currentIn(cache);
    if (!state?.valid) return new Map();
    return rmsByNode(this.graph, this.compiled, state);
  }

  regionsOf(delta: Delta): readonly Region[] {
    return this.differences.regionsOf(delta);
  }

  async compare(cache: ActivationCache, frame: Frame): Promise<readonly Region[]> {
    return this.regionsOf(this.difference(cache, frame, null));
  }

  dispose(): void {
    disposeCompiled(this.compiled);
  }

  /** The pass that computes the cached frame with the weights as they are; null where that is done. */
  private passAnew(state: StreamState): Pass | null {
    const {version} = this.compiled.weights;
    if (state.valid && state.weightsVersion === version) return null;
    state.restart(version);
    // All is marked now.
    this.frames.done();
    this.inputs.forEach((layout, i) => {
      this.instance.kernels.fillMask(state.at + layout.mask, layout.height, layout.width);
      state.changed[this.graph.inputs[i]] = layout.height * layout.width;
    });
    return {state, full: true, ...UNMONITORED};
  }

  /** Takes the frame over; null where nothing has to be computed. */
  private begin(state: StreamState, frame: Frame, delta: Delta, monitors: Monitors): Pass | null {
    // Weights that another stream noticed after the comparison leave nothing to build on.
    const full = delta.full || !state.valid;
    const isSame = !full && delta.share === 0;
    const changed = isSame ? 0 : this.frames.take(state, frame, full, full ? null : givenIn(delta), monitors);
    if (changed === 0 && !full) state.rest();
    return changed > 0 || full || this.mustRun ? {state, full, ...monitors} : null;
  }

  private see(cache: ActivationCache, frame: Frame): void {
    const known = this.streams.currentIn(cache);
    const state = known ?? this.streams.allocate(cache);
    // What is marked as changed is all that the last frame seen lacks, unless activations hang on an older one.
    const marked = known !== null && !state.valid;
    state.valid = false;
    this.frames.take(state, frame, !marked, null, UNMONITORED);
    this.frames.done();
  }

  private report(state: StreamState): NodeReport[] | null {
    if (state.at === 0) return null;
    return reportNodes(this.graph, state, this.compiled, this.heap);
  }

  private resultOf(state: StreamState, options: RunOptions): RunResult {
    const report = () => this.report(state);
    return {
      outputs: readOutputs(this.graph, this.compiled, state, options),
      report,
      reportAsync: async () => report(),
    };
  }
}
