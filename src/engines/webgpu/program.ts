/**
 * A graph on the WebGPU engine. A frame is one recording of passes, submitted once: the difference of the frames, then
 * node after node what a change reaches and its computation; what is changed stays on the device, and nobody on this side
 * knows how much it was. Nodes that compute themselves come between two passes.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {ActivationCache} from '../../cache';
import type {Graph} from '../../graph';
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
import {handedOut} from '../shared/handed-out';
import {checkThresholds} from '../shared/thresholds';
import {Allocator} from './device/allocator';
import {currentBackend, troubleWith, type WebGpuBackend} from './device/backend';
import {pipelinesOf} from './device/pipelines';
import {partsOf, type Parts} from './frame/parts';
import type {FramePass} from './frame/pass';
import {FrameRunner} from './frame/runner';
import type {ValueLayout} from './memory/layout';
import {bytesOf, type GpuState} from './memory/state';
import {Streams} from './memory/streams';
import {Workspace} from './memory/workspace';
import {readCounts, readRms, readState} from './readback/read';
import {regionOf, reportNodes} from './readback/report';
import {compileGraph} from './schedule/compile';
import type {Compiled} from './schedule/compiled';

interface GpuDelta extends Delta {
  /** The caller's own regions; null compares. */
  readonly given: readonly Region[] | null;
}

const EVERYTHING: GpuDelta = {share: 1, full: true, given: null};

export class WebGpuProgram implements Program {
  readonly backend = tf.getBackend();
  readonly reads = 'both';
  readonly costModel = null;
  readonly tellsChange = false;
  private readonly gpu: WebGpuBackend;
  private readonly compiled: Compiled;
  private readonly parts: Parts;
  private readonly workspace: Workspace;
  private readonly allocator: Allocator;
  private readonly streams: Streams;
  private readonly runner: FrameRunner;

  constructor(
    readonly graph: Graph,
    {thresholds, inputThreshold}: CompileOptions,
  ) {
    checkThresholds(graph, thresholds);
    const gpu = currentBackend()!;
    const pipelines = pipelinesOf(gpu.device);
    const compiled = compileGraph(graph, thresholds);
    const parts = partsOf(graph, compiled, gateOf(inputThreshold));
    const {sizes, constants} = parts;
    const allocator = new Allocator(gpu.device);
    const workspace = allocator.make(() => new Workspace(gpu, graph, compiled, parts.calls));
    const resources = {gpu, pipelines, workspace};
    this.gpu = gpu;
    this.compiled = compiled;
    this.parts = parts;
    this.workspace = workspace;
    this.allocator = allocator;
    this.streams = new Streams(resources, allocator, sizes, constants);
    this.runner = new FrameRunner(graph, compiled.steps, parts, resources, this.streams);
  }

  get cacheBytes(): number {
    return bytesOf(this.parts.sizes);
  }

  get isLost(): boolean {
    return currentBackend() !== this.gpu || troubleWith(this.gpu) !== null;
  }

  unsupportedReason(): string | null {
    return this.allocator.shortage;
  }

  refresh(): void {
    this.workspace.weights.refresh();
  }

  difference(cache: ActivationCache, _frame: Frame, changed: readonly Region[] | null): GpuDelta {
    return this.streams.in(cache)?.valid ? {share: null, full: false, given: changed} : EVERYTHING;
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
    const pass = this.runner.begin(cache, frame, null, false);
    this.runner.send(pass);
    const readback = await readState(this.gpu.device, pass.state);
    return this.graph.inputs.map((id) => regionOf(this.layoutOf(id), readback));
  }

  catchUp(cache: ActivationCache): boolean {
    const frame = this.outdatedFrame(cache);
    try {
      if (frame) tf.dispose(this.run(cache, frame, EVERYTHING).outputs);
    } finally {
      tf.dispose(frame ?? []);
    }
    return this.streams.in(cache) !== null;
  }

  async catchUpAsync(cache: ActivationCache): Promise<boolean> {
    const frame = this.outdatedFrame(cache);
    try {
      if (frame) tf.dispose((await this.runAsync(cache, frame, EVERYTHING)).outputs);
    } finally {
      tf.dispose(frame ?? []);
    }
    return this.streams.in(cache) !== null;
  }

  run(cache: ActivationCache, frame: Frame, delta: Delta, options: RunOptions = {}): RunResult {
    if (options.out) throw new Error(NO_SYNC_READ);
    const {commit = true} = options;
    const pass = this.runner.begin(cache, frame, (delta as GpuDelta).given, commit);
    try {
      this.runner.run(pass);
      return this.finish(pass, options);
    } catch (error) {
      this.fail(cache, pass, commit);
      throw error;
    }
  }

  async runAsync(
    cache: ActivationCache,
    frame: Frame,
    delta: Delta,
    options: RunOptions = {},
  ): Promise<RunResult> {
    if (!this.runner.waits) return this.run(cache, frame, delta, options);
    const {commit = true} = options;
    const pass = this.runner.begin(cache, frame, (delta as GpuDelta).given, commit);
    try {
      await this.runner.runAsync(pass);
      return this.finish(pass, options);
    } catch (error) {
      this.fail(cache, pass, commit);
      throw error;
    }
  }

  async rms(cache: ActivationCache): Promise<ReadonlyMap<number, Float32Array>> {
    const state = this.streams.in(cache);
    return state?.valid ? readRms(this.gpu.device, this.graph, this.compiled, state) : new Map();
  }

  /** Multiply-adds that the kernels counted in the last frame, by node: see `debugging`. For tests. */
  async countedMacs(cache: ActivationCache): Promise<ReadonlyMap<number, number>> {
    const state = this.streams.in(cache);
    return state ? readCounts(this.gpu.device, this.compiled, state) : new Map();
  }

  record(): Recording {
    throw new Error(
      "record(): the webgpu engine computes no gradients. Wrap the model with {engine: 'tfjs'}, which records on this backend.",
    );
  }

  dispose(): void {
    this.parts.inputs.forEach((input) => input.dispose());
    this.workspace.dispose();
  }

  private layoutOf(id: number): ValueLayout {
    return this.compiled.layouts[id]!;
  }

  /** The frame that the cache has activations of other weights of; null where there is none such. */
  private outdatedFrame(cache: ActivationCache): tf.Tensor[] | null {
    const state = this.streams.outdatedIn(cache);
    return state && this.parts.inputs.map((input) => input.cached(this.gpu, state));
  }

  private finish(pass: FramePass, options: RunOptions): RunResult {
    const outputs = this.runner.finish(pass, handedOut(this.graph, options));
    return {
      outputs,
      report: () => null,
      reportAsync: ({times = false} = {}) => this.report(pass.state, times),
    };
  }

  /** @param times whether the next frame is to be timed */
  private async report(state: GpuState, times: boolean): Promise<NodeReport[] | null> {
    if (state.isDisposed) return null;
    if (times) state.asksTime = true;
    return reportNodes(this.graph, this.compiled, await readState(this.gpu.device, state));
  }

  /** What is half-written is of no use. */
  private fail(cache: ActivationCache, pass: FramePass, commit: boolean): void {
    this.runner.send(pass);
    if (commit && this.streams.isIn(cache, pass.state)) cache.clear();
  }
}

const NO_SYNC_READ =
  'run(): results on the webgpu backend cannot be read synchronously. Use predict() and await the data() of its result.';
