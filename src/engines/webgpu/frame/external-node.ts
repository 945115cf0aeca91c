/** A node that computes itself, densely: its inputs leave the cache as tensors, and its outputs come back into it. */
import * as tf from '@tensorflow/tfjs-core';
import type {ExternalOp, Graph, Node, ValueId} from '../../../graph';
import {checkPlanned} from '../../shared/unplanned';
import {bufferOf, type WebGpuBackend} from '../device/backend';
import type {ValueLayout} from '../memory/layout';
import type {GpuState} from '../memory/state';
import type {Compiled, ExternalStep} from '../schedule/compiled';
import {call, workFor, type Call} from '../wgsl/call';
import {NO_TOLERANCE} from '../wgsl/commit';
import {TAKE_BUFFER} from '../wgsl/frame';
import type {Encoder} from './encoder';
import {takenInto} from './input';
import type {Outbox} from './outbox';

/** Its outputs are compared with the last ones, to carry the change on. It runs in every frame: nothing here knows what reached it. */
export class ExternalNode {
  readonly node: Node<ExternalOp>;
  private readonly takes: ReadonlyMap<ValueId, Call>;
  /** Work out tolerances from a whole frame. */
  private readonly relative: readonly Call[];

  constructor(
    {node, relative}: ExternalStep,
    private readonly graph: Graph,
    {layouts, tolerances}: Compiled,
    private readonly outbox: Outbox,
  ) {
    this.node = node;
    this.relative = relative;
    this.takes = new Map(
      node.outputs.flatMap((id) => {
        const layout = layouts[id];
        return layout ? [[id, takeOf(layout, tolerances.get(id)?.at ?? NO_TOLERANCE)] as const] : [];
      }),
    );
  }

  get calls(): readonly Call[] {
    return [...this.takes.values(), ...this.relative];
  }

  /** Before the pass ends: the inputs, on their way out. */
  readInputs(encoder: Encoder): void {
    for (const id of this.node.inputs) this.outbox.pack(encoder, id);
  }

  /** After the pass: the inputs as tensors, as the layer or model expects them. */
  inputs(backend: WebGpuBackend, state: GpuState): tf.Tensor[] {
    const {op, inputs} = this.node;
    return inputs.map((id) => {
      const kept = state.opaque.get(id);
      if (kept) return tf.clone(kept);
      const shape = this.graph.values[id].shape!;
      return this.outbox.tensor(backend, state, id, op.batched ? [1, ...shape] : shape);
    });
  }

  /** Keeps what came out: activations are compared and copied in a pass, the others stay tensors. */
  take(
    backend: WebGpuBackend,
    state: GpuState,
    outputs: readonly tf.Tensor[],
    full: boolean,
    pass: () => Encoder,
  ): void {
    const {node, graph, takes} = this;
    if (state.isDisposed)
      throw new Error(`The cache was cleared while '${node.name}' was computed; predict the frame again.`);
    node.outputs.forEach((id, i) => checkPlanned(node, outputs[i], graph.values[id].shape));
    const sources = node.outputs.map((id, i) => (takes.has(id) ? bufferOf(backend, outputs[i]) : null));
    const encoder = pass();
    node.outputs.forEach((id, i) => {
      const source = sources[i];
      if (source) encoder.run(takes.get(id)!, source);
      else state.keep(id, tf.keep(tf.clone(outputs[i])));
    });
    if (full) this.relative.forEach((one) => encoder.run(one));
  }
}

function takeOf(layout: ValueLayout, tolerance: number): Call {
  const form = {format: 0, pixelStride: layout.channels, channelStride: 1};
  const parameters = {...takenInto(layout), gate: 0xffffffff, tolerance, copies: 1, ...form};
  return call(TAKE_BUFFER, parameters, workFor(layout.pixels));
}
