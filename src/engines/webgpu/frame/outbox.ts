/**
 * Activations on their way to callers and to nodes that compute themselves: their values one after the other, as tfjs has
 * them. Where pixels are whole vectors they lie like this already, and are copied from where they are.
 */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {ValueId} from '../../../graph';
import {newTensor, pendingCommands, type WebGpuBackend} from '../device/backend';
import type {ValueLayout} from '../memory/layout';
import type {GpuState} from '../memory/state';
import {call, workFor, type Call} from '../wgsl/call';
import {PACK} from '../wgsl/frame';
import type {Encoder} from './encoder';

export class Outbox {
  private readonly packs = new Map<ValueId, {readonly pack: Call; readonly into: number}>();
  private total = 0;

  constructor(private readonly layouts: readonly (ValueLayout | null)[]) {}

  /** Values that lie in the outbox together. */
  get size(): number {
    return this.total;
  }

  get calls(): readonly Call[] {
    return [...this.packs.values()].map(({pack}) => pack);
  }

  /** Gives a value that will be read a place. */
  add(id: ValueId): void {
    const layout = this.layouts[id];
    if (!layout || layout.channels % 4 === 0 || this.packs.has(id)) return;
    const {at: origin, vectors, channels, pixels} = layout;
    const count = pixels * channels;
    const pack = call(PACK, {origin, vectors, channels, count, into: this.total}, workFor(count));
    this.packs.set(id, {pack, into: this.total});
    this.total += count;
  }

  /** In a pass, once the value is as it is to be read. */
  pack(encoder: Encoder, id: ValueId): void {
    const found = this.packs.get(id);
    if (found) encoder.run(found.pack);
  }

  /** After the pass: a fresh tensor of the value. */
  tensor(backend: WebGpuBackend, state: GpuState, id: ValueId, shape: readonly number[]): Tensor {
    const {tensor, buffer} = newTensor(backend, shape, 'float32');
    const packed = this.packs.get(id);
    const bytes = 4 * tensor.size;
    const encoder = pendingCommands(backend);
    if (packed) encoder.copyBufferToBuffer(state.outbox, 4 * packed.into, buffer, 0, bytes);
    else encoder.copyBufferToBuffer(state.values, 16 * this.layouts[id]!.at, buffer, 0, bytes);
    return tensor;
  }
}
