/**
 * Runs a program's frames: one recording of passes, submitted once. Inputs are taken over, the steps follow in order, and
 * outputs are copied; nodes that compute themselves come between two passes.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {ActivationCache} from '../../../cache';
import {
  isAwaited,
  type AwaitedOp,
  type ExternalOp,
  type Graph,
  type Node,
  type ValueId,
} from '../../../graph';
import type {Region} from '../../../region';
import type {Frame} from '../../engine';
import {checkDevice, pendingCommands} from '../device/backend';
import type {Streams} from '../memory/streams';
import type {Resources} from '../memory/workspace';
import type {Step} from '../schedule/compiled';
import type {Parts} from './parts';
import {FramePass} from './pass';

export class FrameRunner {
  /** Whether a node has to be awaited. */
  readonly waits: boolean;

  constructor(
    private readonly graph: Graph,
    private readonly steps: readonly Step[],
    private readonly parts: Parts,
    private readonly resources: Resources,
    private readonly streams: Streams,
  ) {
    this.waits = steps.some(({node}) => isAwaited(node));
  }

  /**
   * Takes the frame over.
   * @param given the caller's own regions; null compares
   * @param commit whether the cache moves on to this frame, or a copy does
   */
  begin(cache: ActivationCache, frame: Frame, given: readonly Region[] | null, commit: boolean): FramePass {
    checkDevice();
    const {streams, resources, parts} = this;
    const known = streams.in(cache);
    if (!known?.valid && !commit) throw new Error('commit: false needs a committed frame in the cache.');
    const {gpu, workspace} = resources;
    const own = known ?? streams.allocate(cache);
    const full = !own.valid;
    const sources = parts.inputs.map((input, i) => input.source(gpu, frame[i]));
    const encoder = pendingCommands(gpu);
    const state = commit ? own : streams.shadowOf(own, encoder);
    const reset = full ? workspace.resets.full : workspace.resets.reuse;
    encoder.copyBufferToBuffer(reset, 0, state.control, 0, reset.size);
    encoder.clearBuffer(state.masks, 0, 4 * parts.sizes.cleared);
    const pass = new FramePass(resources, state, full, state.takeTimer());
    const into = pass.encoder();
    parts.inputs.forEach((input, i) => {
      const region = full ? null : (given?.[i] ?? null);
      const calls = input.prepare(gpu, workspace, state, sources[i], region);
      for (const one of calls) into.run(one, sources[i].from);
    });
    return pass;
  }

  run(pass: FramePass): void {
    for (const step of this.steps) this.runStep(step, pass);
  }

  async runAsync(pass: FramePass): Promise<void> {
    for (const step of this.steps) {
      if (isAwaited(step.node)) await this.runAwaited(step.node, pass);
      else this.runStep(step, pass);
    }
  }

  /** Behind all steps: the outputs that are handed out, and everything is submitted. */
  finish(pass: FramePass, ids: readonly ValueId[]): tf.Tensor[] {
    const {graph, resources} = this;
    const {outbox} = this.parts;
    const {state} = pass;
    const encoder = pass.encoder();
    for (const id of ids) outbox.pack(encoder, id);
    pass.finish();
    const outputs = ids.map((id) => {
      const kept = state.opaque.get(id);
      if (kept) return tf.clone(kept);
      return outbox.tensor(resources.gpu, state, id, [1, ...graph.values[id].shape!]);
    });
    this.submit();
    state.valid = true;
    return outputs;
  }

  /** Sends what is recorded, wherever the frame is: before buffers that it names are given back, or masks are read. */
  send(pass: FramePass): void {
    pass.end();
    this.submit();
  }

  private runStep(step: Step, pass: FramePass): void {
    if (step.kind === 'computed') pass.run(step);
    else tf.tidy(() => this.runExternal(step.node, pass));
  }

  private runExternal(node: Node<ExternalOp>, pass: FramePass): void {
    const outputs = node.op.apply(this.inputsOf(node, pass));
    this.take(node, pass, outputs);
  }

  /** What is recorded is sent before the wait: others may record meanwhile. */
  private async runAwaited(node: Node<AwaitedOp>, pass: FramePass): Promise<void> {
    const inputs = this.inputsOf(node, pass);
    let outputs: tf.Tensor[] = [];
    try {
      this.submit();
      outputs = await node.op.applyAsync(inputs);
      checkDevice();
      this.take(node, pass, outputs);
    } finally {
      tf.dispose([inputs, outputs]);
    }
  }

  private inputsOf({id}: Node, pass: FramePass): tf.Tensor[] {
    const external = this.parts.externals.get(id)!;
    external.readInputs(pass.encoder());
    pass.end();
    return external.inputs(this.resources.gpu, pass.state);
  }

  private take({id}: Node, pass: FramePass, outputs: readonly tf.Tensor[]): void {
    const external = this.parts.externals.get(id)!;
    external.take(this.resources.gpu, pass.state, outputs, pass.full, () => pass.encoder());
  }

  private submit(): void {
    const {gpu} = this.resources;
    pendingCommands(gpu);
    gpu.submitQueue();
  }
}
