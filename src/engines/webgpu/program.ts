/**
 * A graph on the WebGPU engine. A frame is one recording of passes, submitted once: the difference of the frames, then
 * node after node what a change reaches and its computation; what is changed stays on the device, and nobody on this side
 * knows how much it was. Nodes that compute themselves come between two passes.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {ActivationCache} from '../../cache';
import type {ExternalOp, Graph, Node} from '../../graph';
import {gateOf, Region} from '../../region';
import type {
  CompileOptions,
  Delta,
  Frame,
  NodeReport,
  Program,
  Recording,
  RunOptions,
  RunResult,
} from '../engine';
import {checkThresholds} from '../shared/thresholds';
import type {Call} from './calls';
import {compileGraph, type Compiled} from './compile';
import {checkDevice, currentBackend, pendingCommands, troubleWith, type WebGpuBackend} from './device';
import {ExternalTurn} from './external';
import {TakenInput} from './frames';
import {Offsets, type ValueLayout} from './layout';
import {Outbox} from './outbox';
import {FramePass, type Recorder} from './pass';
import {pipelinesOf, type Pipelines} from './pipelines';
import {readCounts, readRms, readState} from './readback';
import {regionOf, reportNodes} from './report';
import {bytesOf, controlWords, GpuState, type StateSizes} from './state';
import {Workspace} from './workspace';

interface GpuDelta extends Delta {
  /** The caller's own regions; null compares. */
  readonly given: readonly Region[] | null;
}

export class WebGpuProgram implements Program, Recorder {
  readonly backend = tf.getBackend();
  readonly reads = 'both';
  readonly costModel = null;
  readonly tellsChange = false;
  readonly gpu: WebGpuBackend;
  readonly pipelines: Pipelines;
  private readonly compiled: Compiled;
  private readonly inputs: readonly TakenInput[];
  private readonly externals = new Map<number, ExternalTurn>();
  private readonly outbox: Outbox;
  readonly workspace: Workspace;
  private readonly sizes: StateSizes;
  private shortage: string | null = null;

  constructor(
    readonly graph: Graph,
    options: CompileOptions,
  ) {
    checkThresholds(graph, options.thresholds);
    this.gpu = currentBackend()!;
    this.pipelines = pipelinesOf(this.gpu.device);
    this.compiled = compileGraph(graph, options.thresholds);
    const {layouts, sizes} = this.compiled;
    this.outbox = new Outbox(layouts);
    for (const id of graph.outputs) this.outbox.add(id);
    for (const step of this.compiled.steps) if (step.kind === 'external') this.addExternal(step.node);
    const [values, cleared, kept] = [offsetsFrom(sizes.values), offsetsFrom(sizes.masks), new Offsets()];
    const gate = gateOf(options.inputThreshold);
    this.inputs = graph.inputs.map((id) => {
      // Masks that are kept lie behind all that are cleared, wherever those end.
      return new TakenInput(layouts[id]!, gate, graph.values[id].layout, values, cleared, kept);
    });
    this.inputs.forEach((input) => input.placeKept(cleared.total));
    this.sizes = {
      values: values.total,
      cleared: cleared.total,
      masks: cleared.total + kept.total,
      control: controlWords(this.compiled),
      outbox: this.outbox.size,
    };
    this.workspace = this.allocating(() => new Workspace(this.gpu, graph, this.compiled, this.allCalls()));
  }

  get cacheBytes(): number {
    return bytesOf(this.sizes);
  }

  get isLost(): boolean {
    return currentBackend() !== this.gpu || troubleWith(this.gpu) !== null;
  }

  unsupportedReason(): string | null {
    return this.shortage;
  }

  refresh(): void {
    this.workspace.weights.refresh();
  }

  difference(cache: ActivationCache, _frame: Frame, changed: readonly Region[] | null): GpuDelta {
    const full = !this.stateIn(cache)?.valid;
    return {share: full ? 1 : null, full, given: full ? null : changed};
  }

  async differenceAsync(
    cache: ActivationCache,
    frame: Frame,
    changed: readonly Region[] | null,
  ): Promise<Delta> {
    return this.difference(cache, frame, changed);
  }

  regionsOf(delta: Delta): readonly Region[] {
    const {given, full} = delta as GpuDelta;
    if (given) return given;
    if (!full)
      throw new Error('The regions of a frame on the webgpu engine stay on the device; see report().');
    return this.graph.inputs.map((id) => {
      const {height, width} = this.layoutOf(id);
      return Region.full(height, width);
    });
  }

  /** Takes the frame into a copy of the activations, and reads the masks that this leaves. */
  async compare(cache: ActivationCache, frame: Frame): Promise<readonly Region[]> {
    const delta = this.difference(cache, frame, null);
    if (delta.full) return this.regionsOf(delta);
    const pass = this.begin(cache, frame, delta, {commit: false});
    pass.end();
    this.submit();
    const readback = await readState(this.gpu.device, pass.state);
    return this.graph.inputs.map((id) => regionOf(this.layoutOf(id), readback));
  }

  catchUp(cache: ActivationCache): boolean {
    const frame = this.frameAnew(cache);
    if (frame) tf.dispose([frame, this.run(cache, frame, this.difference(cache, frame, null)).outputs]);
    return this.stateIn(cache) !== null;
  }

  async catchUpAsync(cache: ActivationCache): Promise<boolean> {
    const frame = this.frameAnew(cache);
    if (frame) {
      const {outputs} = await this.runAsync(cache, frame, this.difference(cache, frame, null));
      tf.dispose([frame, outputs]);
    }
    return this.stateIn(cache) !== null;
  }

  run(cache: ActivationCache, frame: Frame, delta: Delta, options: RunOptions = {}): RunResult {
    if (options.out) throw new Error(NO_SYNC_READ);
    const pass = this.begin(cache, frame, delta as GpuDelta, options);
    try {
      for (const step of this.compiled.steps) {
        if (step.kind === 'computed') pass.run(step);
        else tf.tidy(() => this.runExternal(step.node, pass));
      }
      return this.finish(pass);
    } catch (error) {
      this.fail(cache, pass, options);
      throw error;
    }
  }

  async runAsync(
    cache: ActivationCache,
    frame: Frame,
    delta: Delta,
    options: RunOptions = {},
  ): Promise<RunResult> {
    if (!this.graph.nodes.some(isAwaited)) return this.run(cache, frame, delta, options);
    const pass = this.begin(cache, frame, delta as GpuDelta, options);
    try {
      for (const step of this.compiled.steps) {
        if (step.kind === 'computed') pass.run(step);
        else if (isAwaited(step.node)) await this.runAwaited(step.node, pass);
        else tf.tidy(() => this.runExternal(step.node, pass));
      }
      return this.finish(pass);
    } catch (error) {
      this.fail(cache, pass, options);
      throw error;
    }
  }

  async rms(cache: ActivationCache): Promise<ReadonlyMap<number, Float32Array>> {
    const state = this.stateIn(cache);
    return state?.valid ? readRms(this.gpu.device, this.graph, this.compiled, state) : new Map();
  }

  /** Multiply-adds that the kernels counted in the last frame, by node: see `debugging`. For tests. */
  async countedMacs(cache: ActivationCache): Promise<ReadonlyMap<number, number>> {
    const state = this.stateIn(cache);
    return state ? readCounts(this.gpu.device, this.compiled, state) : new Map();
  }

  record(): Recording {
    throw new Error(
      "record(): the webgpu engine computes no gradients. Wrap the model with {engine: 'tfjs'}, which records on this backend.",
    );
  }

  dispose(): void {
    this.inputs.forEach((input) => input.dispose());
    this.workspace.dispose();
  }

  private addExternal(node: Node<ExternalOp>): void {
    const {layouts, tolerances, relative} = this.compiled;
    for (const id of node.inputs) this.outbox.add(id);
    const calls = relative.get(node.id) ?? [];
    this.externals.set(node.id, new ExternalTurn(node, this.graph, layouts, tolerances, calls, this.outbox));
  }

  private allCalls(): Call[] {
    return [
      ...this.inputs.flatMap((input) => input.calls),
      ...this.compiled.steps.flatMap((step) => (step.kind === 'computed' ? step.calls : [])),
      ...[...this.externals.values()].flatMap((turn) => turn.calls),
      ...this.outbox.calls,
    ];
  }

  private layoutOf(id: number): ValueLayout {
    return this.compiled.layouts[id]!;
  }

  private stateIn(cache: ActivationCache): GpuState | null {
    const state = cache.content(GpuState);
    return state?.owner === this && state.weightsVersion === this.workspace.weights.version ? state : null;
  }

  /** The frame that the cache has activations of other weights of; null where there is none such. */
  private frameAnew(cache: ActivationCache): tf.Tensor[] | null {
    const state = cache.content(GpuState);
    if (state?.owner !== this || this.stateIn(cache)) return null;
    return this.inputs.map((input) => input.cached(this.gpu, state));
  }

  private allocate(cache: ActivationCache): GpuState {
    // What is there is of no use any more, and its room may be needed.
    cache.clear();
    const {gpu, pipelines, workspace, sizes} = this;
    const {version} = workspace.weights;
    const state = this.allocating(() => new GpuState(this, version, gpu.device, pipelines, workspace, sizes));
    cache.hold(state);
    for (const {at, known} of this.compiled.tolerances.values())
      if (known) gpu.queue.writeBuffer(state.values, 16 * at, known as BufferSource);
    for (const {tolerances} of this.inputs)
      if (tolerances)
        gpu.queue.writeBuffer(state.values, 16 * tolerances.at, tolerances.values as BufferSource);
    return state;
  }

  /** A device says only later that it had no memory: from then on frames are the model's. */
  private allocating<T>(make: () => T): T {
    const {device} = this.gpu;
    device.pushErrorScope('out-of-memory');
    const made = make();
    void device.popErrorScope().then(
      (error) => {
        if (error) this.shortage = `the GPU had no memory left for it (${error.message})`;
      },
      // The device was lost, which is noticed elsewhere.
      () => undefined,
    );
    return made;
  }

  private shadowOf(state: GpuState, encoder: GPUCommandEncoder): GpuState {
    return state.hasShadow ? state.shadow(encoder) : this.allocating(() => state.shadow(encoder));
  }

  /** Takes the frame over. */
  private begin(
    cache: ActivationCache,
    frame: Frame,
    delta: GpuDelta,
    {commit = true}: RunOptions,
  ): FramePass {
    checkDevice();
    const known = this.stateIn(cache);
    if (!known?.valid && !commit) throw new Error('commit: false needs a committed frame in the cache.');
    const {gpu, workspace} = this;
    const own = known ?? this.allocate(cache);
    const full = !own.valid;
    const sources = this.inputs.map((input, i) => input.source(gpu, frame[i]));
    const encoder = pendingCommands(gpu);
    const state = commit ? own : this.shadowOf(own, encoder);
    const reset = full ? workspace.resets.full : workspace.resets.reuse;
    encoder.copyBufferToBuffer(reset, 0, state.control, 0, reset.size);
    encoder.clearBuffer(state.masks, 0, 4 * this.sizes.cleared);
    const pass = new FramePass(this, state, full, state.takeTimer(this.compiled));
    const into = pass.encoder();
    this.inputs.forEach((input, i) => {
      const region = full ? null : (delta.given?.[i] ?? null);
      const calls = input.prepare(gpu, workspace, state, sources[i], region);
      for (const one of calls) into.run(one, sources[i].from);
    });
    return pass;
  }

  private inputsOf(turn: ExternalTurn, pass: FramePass): tf.Tensor[] {
    turn.readInputs(pass.encoder());
    pass.end();
    return turn.inputs(this.gpu, pass.state);
  }

  private runExternal(node: Node<ExternalOp>, pass: FramePass): void {
    const turn = this.externals.get(node.id)!;
    const outputs = node.op.apply(this.inputsOf(turn, pass));
    turn.take(this.gpu, pass.state, outputs, pass.full, () => pass.encoder());
  }

  /** What is recorded is sent before the wait: others may record meanwhile. */
  private async runAwaited(node: Node<ExternalOp>, pass: FramePass): Promise<void> {
    const turn = this.externals.get(node.id)!;
    const inputs = this.inputsOf(turn, pass);
    let outputs: tf.Tensor[] = [];
    try {
      this.submit();
      outputs = await node.op.applyAsync!(inputs);
      checkDevice();
      turn.take(this.gpu, pass.state, outputs, pass.full, () => pass.encoder());
    } finally {
      tf.dispose([inputs, outputs]);
    }
  }

  private finish(pass: FramePass): RunResult {
    const {gpu, graph, outbox} = this;
    const {state} = pass;
    const encoder = pass.encoder();
    for (const id of graph.outputs) outbox.pack(encoder, id);
    pass.finish();
    const outputs = graph.outputs.map((id) => {
      const kept = state.opaque.get(id);
      if (kept) return tf.clone(kept);
      return outbox.tensor(gpu, state, id, [1, ...graph.values[id].shape!]);
    });
    this.submit();
    state.valid = true;
    return {outputs, report: () => null, reportAsync: ({times = false} = {}) => this.report(state, times)};
  }

  /** @param times whether the next frame is to be timed */
  private async report(state: GpuState, times: boolean): Promise<NodeReport[] | null> {
    if (state.isDisposed) return null;
    if (times) state.asksTime = true;
    return reportNodes(this.graph, this.compiled, await readState(this.gpu.device, state));
  }

  /** What is recorded is sent before buffers it names are given back. What is half-written is of no use. */
  private fail(cache: ActivationCache, pass: FramePass, {commit = true}: RunOptions): void {
    pass.end();
    this.submit();
    if (commit && cache.content(GpuState) === pass.state) cache.clear();
  }

  private submit(): void {
    pendingCommands(this.gpu);
    this.gpu.submitQueue();
  }
}

const NO_SYNC_READ =
  'run(): results on the webgpu backend cannot be read synchronously. Use predict() and await the data() of its result.';

const isAwaited = (node: Node): node is Node<ExternalOp> =>
  node.op.kind === 'external' && node.op.applyAsync !== undefined;

function offsetsFrom(total: number): Offsets {
  const offsets = new Offsets();
  offsets.take(total);
  return offsets;
}
