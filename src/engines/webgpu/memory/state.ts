/** What a stream keeps on the device between two frames: its activations, its masks, and what the last frame did. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {CacheContent} from '../../../cache';
import type {ValueId} from '../../../graph';
import {tellsTime, Timer} from '../device/timer';
import type {Resources} from './workspace';

export interface StateSizes {
  readonly values: number;
  /** Words of masks that every frame clears, and of all. */
  readonly cleared: number;
  readonly masks: number;
  /** Words of the control records. */
  readonly control: number;
  /** Values of outputs on their way to callers. */
  readonly outbox: number;
}

export const bytesOf = ({values, masks, control, outbox}: StateSizes): number =>
  Math.max(16, 16 * values) + 4 * masks + 4 * control + Math.max(16, 4 * outbox);

export class GpuState implements CacheContent {
  readonly values: GPUBuffer;
  readonly masks: GPUBuffer;
  readonly control: GPUBuffer;
  readonly outbox: GPUBuffer;
  readonly regions: GPUBindGroup;
  readonly ops: GPUBindGroup;
  readonly outputs: GPUBindGroup;
  /** Values of the model's own nodes that are no activations. */
  readonly opaque = new Map<ValueId, Tensor>();
  /** Whether the activations are those of a frame. */
  valid = false;
  /** Whether the buffers were given back. */
  isDisposed = false;
  /** Whether the next frame is to be timed, and the timer of the last one, where it was. */
  asksTime = false;
  timed: Timer | null = null;
  private timer: Timer | null = null;
  private readonly sources = new WeakMap<object, GPUBindGroup>();
  private shadowed: GpuState | null = null;

  constructor(
    /** The program that fills it: another one's cache is of no use. */
    readonly owner: object,
    readonly weightsVersion: number,
    private readonly resources: Resources,
    private readonly sizes: StateSizes,
  ) {
    const {STORAGE, COPY_SRC, COPY_DST, INDIRECT} = GPUBufferUsage;
    const {gpu, pipelines, workspace} = resources;
    const buffer = (size: number, usage: number) =>
      gpu.device.createBuffer({size: Math.max(16, size), usage});
    this.values = buffer(16 * sizes.values, STORAGE | COPY_SRC | COPY_DST);
    this.masks = buffer(4 * sizes.masks, STORAGE | COPY_SRC | COPY_DST);
    this.control = buffer(4 * sizes.control, STORAGE | COPY_SRC | COPY_DST | INDIRECT);
    this.outbox = buffer(4 * sizes.outbox, STORAGE | COPY_SRC);
    const {parameters, tables, packed, list, scratch} = workspace;
    const {values, masks, control, outbox} = this;
    const bind = (layout: 'region' | 'op' | 'output', ...buffers: GPUBuffer[]) =>
      pipelines.bind(
        layout,
        parameters,
        buffers.map((one) => ({buffer: one})),
      );
    this.regions = bind('region', masks, control, list, tables);
    this.ops = bind('op', values, masks, control, list, packed, tables, scratch);
    this.outputs = bind('output', values, outbox);
  }

  get bytes(): number {
    return bytesOf(this.sizes) + this.spareBytes;
  }

  get spareBytes(): number {
    return (this.timer?.results.size ?? 0) + (this.shadowed?.bytes ?? 0);
  }

  /** The bindings of a frame that lies in this buffer or texture: made once for each. */
  groupFor(source: GPUBuffer | GPUTexture): GPUBindGroup {
    const found = this.sources.get(source);
    if (found) return found;
    const {values, masks, control} = this;
    const {pipelines, workspace} = this.resources;
    const own = [values, masks, control].map((buffer) => ({buffer}));
    const isBuffer = source instanceof GPUBuffer;
    const resource = isBuffer ? {buffer: source} : source.createView();
    const layout = isBuffer ? 'source' : 'picture';
    const group = pipelines.bind(layout, workspace.parameters, [...own, resource]);
    this.sources.set(source, group);
    return group;
  }

  get hasShadow(): boolean {
    return this.shadowed !== null;
  }

  /** A copy to compute variants on; its buffers are kept for the next one. */
  shadow(encoder: GPUCommandEncoder): GpuState {
    this.shadowed ??= new GpuState(this.owner, this.weightsVersion, this.resources, this.sizes);
    const {shadowed} = this;
    encoder.copyBufferToBuffer(this.values, 0, shadowed.values, 0, this.values.size);
    shadowed.valid = this.valid;
    return shadowed;
  }

  /** Once for each frame that is asked for its times, where the device can tell them. */
  takeTimer(): Timer | null {
    const {device} = this.resources.gpu;
    const isTimed = this.asksTime && tellsTime(device);
    if (isTimed) this.timer ??= new Timer(device, this.sizes.control);
    this.asksTime = false;
    this.timed = isTimed ? this.timer : null;
    return this.timed;
  }

  /** Replaces what is kept of an opaque value. */
  keep(id: ValueId, tensor: Tensor): void {
    this.opaque.get(id)?.dispose();
    this.opaque.set(id, tensor);
  }

  dispose(): void {
    this.isDisposed = true;
    [this.values, this.masks, this.control, this.outbox].forEach((buffer) => buffer.destroy());
    this.opaque.forEach((tensor) => tensor.dispose());
    this.opaque.clear();
    this.timer?.dispose();
    this.shadowed?.dispose();
    this.shadowed = null;
  }
}
