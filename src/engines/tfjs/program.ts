/**
 * A graph on the portable engine: a frame runs the nodes in order. For each, the region its inputs'
 * changes reach is computed and written into the cached activation; the pixels whose value changed go on.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {ActivationCache} from '../../cache';
import {isAwaited, type Graph, type KnownForm, type ValueId} from '../../graph';
import type {Region} from '../../region';
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
import {
  checkRecordable,
  NO_GRADIENT,
  oddNodeOf,
  weightsUnsupportedReason,
  type OddNode,
} from '../shared/non-finite';
import {handedOut} from '../shared/handed-out';
import {checkThresholds} from '../shared/thresholds';
import {holdsOdd, holdsOddSoon} from './frame/finite';
import {CachedInputs, type RegionDelta} from './frame/inputs';
import {memoryFor} from './memory/memories';
import {RollbackLog, type Memory} from './memory/memory';
import {Pass, type Monitors} from './frame/pass';
import {reportOf} from './frame/report';
import {Slots} from './state/slots';
import {PortableState} from './state/state';
import {PortableRecording} from './training/recording';
import {PreparedWeights} from './state/weights';

export class PortableProgram implements Program {
  readonly backend = tf.getBackend();
  readonly reads = 'tensors';
  readonly costModel = null;
  readonly tellsChange = true;
  private readonly memory: Memory;
  private readonly weights: PreparedWeights;
  private readonly inputs: CachedInputs;
  private readonly slots: Slots;
  /** The node because of which frames that are not finite go to the model; null for none. */
  private readonly odd: OddNode | null;
  private weightsUnsupportedReason: string | null;

  constructor(
    readonly graph: Graph,
    private readonly options: CompileOptions,
  ) {
    checkThresholds(graph, options.thresholds);
    this.memory = memoryFor(this.backend);
    this.weights = new PreparedWeights(graph);
    this.inputs = new CachedInputs(graph, this.memory, options.inputThreshold);
    this.slots = new Slots(graph, this.memory);
    this.odd = oddNodeOf(graph, {engine: 'tfjs', backend: this.backend});
    this.weightsUnsupportedReason = weightsUnsupportedReason(this.weights.odd(), this.odd);
  }

  get cacheBytes(): number {
    return this.slots.bytes + this.inputs.bytesHere;
  }

  unsupportedReason(): null {
    return null;
  }

  refresh(): void {
    const {version} = this.weights;
    this.weights.refresh();
    if (this.weights.version !== version)
      this.weightsUnsupportedReason = weightsUnsupportedReason(this.weights.odd(), this.odd);
  }

  difference(cache: ActivationCache, frame: Frame, changed: readonly Region[] | null): Delta {
    const delta = this.inputs.difference(this.stateIn(cache), tensorsOf(frame), changed);
    const {odd} = this;
    const isOdd = odd !== null && holdsOdd(tensorsOf(frame), delta, odd.odd);
    return this.judged(delta, isOdd);
  }

  async differenceAsync(
    cache: ActivationCache,
    frame: Frame,
    changed: readonly Region[] | null,
  ): Promise<Delta> {
    const delta = await this.inputs.differenceAsync(() => this.stateIn(cache), tensorsOf(frame), changed);
    const {odd} = this;
    const isOdd = odd !== null && (await holdsOddSoon(tensorsOf(frame), delta, odd.odd));
    return this.judged(delta, isOdd);
  }

  gradientUnsupportedReason(frame: Frame, seen?: {readonly delta: Delta}): string | null {
    const delta = seen ? (seen.delta as RegionDelta) : this.inputs.difference(null, tensorsOf(frame), null);
    if (!holdsOdd(tensorsOf(frame), delta, 'non-finite')) return this.weightsUnsupportedReason;
    return this.odd?.reason ?? NO_GRADIENT;
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

  catchUp(cache: ActivationCache): boolean {
    tf.tidy(() => {
      const frame = this.frameAnew(cache);
      if (frame) this.run(cache, frame, this.difference(cache, frame, null));
    });
    return this.stateIn(cache) !== null;
  }

  async catchUpAsync(cache: ActivationCache): Promise<boolean> {
    const frame = this.frameAnew(cache);
    if (frame) {
      try {
        const delta = await this.differenceAsync(cache, frame, null);
        tf.dispose((await this.runAsync(cache, frame, delta)).outputs);
      } finally {
        tf.dispose(frame);
      }
    }
    return this.stateIn(cache) !== null;
  }

  run(cache: ActivationCache, frame: Frame, delta: Delta, options: RunOptions = {}): RunResult {
    const {commit = true} = options;
    const rollbackLog = commit ? null : new RollbackLog();
    const recording = (options.recording ?? null) as PortableRecording | null;
    recording?.begin(this.regionsOf(delta));
    return guarded(cache, rollbackLog, () => {
      const pass = this.begin(cache, frame, delta as RegionDelta, {rollbackLog, recording});
      tf.tidy(() => this.graph.nodes.forEach((node) => tf.tidy(() => pass.run(node))));
      const result = this.finish(pass, rollbackLog, options);
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
    const rollbackLog = (options.commit ?? true) ? null : new RollbackLog();
    const monitors = {rollbackLog, recording: null};
    try {
      const pass = this.begin(cache, frame, delta as RegionDelta, monitors);
      for (const node of this.graph.nodes) {
        if (isAwaited(node) && pass.mustRun(node)) await pass.runAwaited(node);
        else tf.tidy(() => pass.run(node));
      }
      return this.finish(pass, rollbackLog, options);
    } catch (error) {
      takeBack(cache, rollbackLog);
      throw error;
    }
  }

  record(cache: ActivationCache, options: RecordOptions): Recording {
    this.refresh();
    checkRecordable(this.weights.odd());
    const {graph, memory, weights} = this;
    const {sources} = this.slots;
    return new PortableRecording({graph, memory, weights, sources}, cache, options);
  }

  dispose(): void {
    this.weights.dispose();
  }

  private stateIn(cache: ActivationCache): PortableState | null {
    const state = cache.content(PortableState);
    return state?.owner === this && state.weightsVersion === this.weights.version ? state : null;
  }

  /** @param isOdd whether what changed holds a value that is not the engine's to compute */
  private judged(delta: RegionDelta, isOdd: boolean): Delta {
    const unsupportedReason = isOdd ? this.odd!.reason : this.weightsUnsupportedReason;
    return unsupportedReason === null ? delta : {...delta, unsupportedReason};
  }

  /** The frame that the cache has activations of other weights of; null where there is none such. */
  private frameAnew(cache: ActivationCache): tf.Tensor[] | null {
    const state = cache.content(PortableState);
    if (state?.owner !== this || this.stateIn(cache)) return null;
    return this.graph.inputs.map((id) => this.memory.copy(state.slots.get(id)!.tensor));
  }

  /** Makes sure there is a state, and brings the cached inputs up to the frame. */
  private begin(cache: ActivationCache, frame: Frame, delta: RegionDelta, monitors: Monitors): Pass {
    const {rollbackLog, recording} = monitors;
    if (delta.full && rollbackLog) throw new Error('commit: false needs a committed frame in the cache.');
    const state = this.stateIn(cache) ?? new PortableState(this, this.weights.version);
    if (state.slots.size === 0) this.slots.fill(state);
    if (cache.content(PortableState) !== state) cache.hold(state);
    const {graph, memory, weights, slots, options} = this;
    const {thresholds} = options;
    const pass = new Pass({graph, memory, weights, slots, thresholds}, state, delta.full, monitors);
    const {regions} = pass;
    this.graph.inputs.forEach((id, i) => recording?.save(id, state.slots.get(id)!, delta.regions[i]));
    tf.tidy(() => this.inputs.update(state, tensorsOf(frame), delta, {regions, rollbackLog}));
    return pass;
  }

  private finish(pass: Pass, rollbackLog: RollbackLog | null, options: RunOptions): RunResult {
    const {out} = options;
    const ids = handedOut(this.graph, options);
    const outputs = tf.tidy(() => {
      if (!out) return ids.map((id) => this.copyOut(id, pass.state));
      out.set(this.tensorOf(ids[0], pass.state).dataSync());
      return [];
    });
    tf.tidy(() => rollbackLog?.rollback());
    const forms = this.graph.values.map(({shape, plane}) => ({shape, plane}) as KnownForm);
    const report = () => pass.traces.map((trace) => reportOf(trace, forms));
    return {outputs, report, reportAsync: async () => report()};
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

/** An error in mid-frame leaves the cache as it was (where a rollback log can tell) or empty, never half-written. */
function takeBack(cache: ActivationCache, rollbackLog: RollbackLog | null): void {
  if (!rollbackLog) cache.clear();
  else if (cache.isEmpty) rollbackLog.drop();
  else tf.tidy(() => rollbackLog.rollback());
}

function guarded<T>(cache: ActivationCache, rollbackLog: RollbackLog | null, work: () => T): T {
  try {
    return work();
  } catch (error) {
    takeBack(cache, rollbackLog);
    throw error;
  }
}
