/** What all streams of a program share on the device: parameters, tables, weights, the list, scratch, and resets. */
import type {Graph} from '../../../graph';
import type {WebGpuBackend} from '../device/backend';
import type {Pipelines} from '../device/pipelines';
import {RECORD_WORDS, type Call} from '../wgsl/call';
import {PARAMETER_BYTES, writeParameters} from '../wgsl/kernel';
import {PackedWeights, type WeightBlock} from './weights';

/** What a plan has for all streams, in plain data. */
export interface SharedData {
  readonly weightBlocks: readonly WeightBlock[];
  readonly tables: readonly number[];
  /** Workgroups in y of each control record's dispatch. */
  readonly groups: readonly number[];
  /** Vectors of scratch and of weights; pixels listed at most. */
  readonly sizes: {readonly scratch: number; readonly weights: number; readonly list: number};
}

/** What all frames of a program are computed with. */
export interface Resources {
  readonly gpu: WebGpuBackend;
  readonly pipelines: Pipelines;
  readonly workspace: Workspace;
}

export class Workspace {
  readonly parameters: GPUBuffer;
  readonly tables: GPUBuffer;
  readonly packed: GPUBuffer;
  readonly list: GPUBuffer;
  readonly scratch: GPUBuffer;
  /** What a frame's control buffer starts as: of a frame in full, and of one that reuses. */
  readonly resets: {readonly full: GPUBuffer; readonly reuse: GPUBuffer};
  readonly weights: PackedWeights;
  private readonly offsets = new Map<Call, number>();

  constructor(
    private readonly backend: WebGpuBackend,
    graph: Graph,
    {sizes, tables, groups, weightBlocks}: SharedData,
    calls: readonly Call[],
  ) {
    const {STORAGE, COPY_DST, UNIFORM} = GPUBufferUsage;
    this.parameters = this.buffer(PARAMETER_BYTES * Math.max(1, calls.length), UNIFORM | COPY_DST);
    this.tables = this.buffer(4 * tables.length, STORAGE | COPY_DST);
    this.packed = this.buffer(16 * sizes.weights, STORAGE | COPY_DST);
    this.list = this.buffer(4 * sizes.list, STORAGE);
    this.scratch = this.buffer(16 * sizes.scratch, STORAGE);
    this.resets = {full: this.reset(groups, 1), reuse: this.reset(groups, 0)};
    calls.forEach((one, i) => this.offsets.set(one, PARAMETER_BYTES * i));
    const bytes = new ArrayBuffer(PARAMETER_BYTES * Math.max(1, calls.length));
    calls.forEach(({kernel, parameters}, i) =>
      writeParameters(kernel, parameters, bytes, PARAMETER_BYTES * i),
    );
    backend.queue.writeBuffer(this.parameters, 0, bytes);
    if (tables.length > 0)
      backend.queue.writeBuffer(
        this.tables,
        0,
        Uint32Array.from(tables, (v) => v >>> 0),
      );
    this.weights = new PackedWeights(backend, graph, weightBlocks, this.packed);
  }

  /** Where a call's parameters lie. */
  offsetOf(one: Call): number {
    return this.offsets.get(one)!;
  }

  /** Gives a call other parameters, for what is submitted from now on. */
  rewrite(one: Call, parameters: Call['parameters']): void {
    const bytes = new ArrayBuffer(PARAMETER_BYTES);
    writeParameters(one.kernel, parameters, bytes, 0);
    this.backend.queue.writeBuffer(this.parameters, this.offsetOf(one), bytes);
  }

  dispose(): void {
    const {parameters, tables, packed, list, scratch, resets} = this;
    [parameters, tables, packed, list, scratch, resets.full, resets.reuse].forEach((one) => one.destroy());
  }

  private reset(groups: readonly number[], full: number): GPUBuffer {
    const words = new Uint32Array(RECORD_WORDS * groups.length);
    groups.forEach((y, i) => words.set([0, y, 1, 0], RECORD_WORDS * i));
    words[0] = full;
    const buffer = this.buffer(words.byteLength, GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST);
    this.backend.queue.writeBuffer(buffer, 0, words);
    return buffer;
  }

  /** No buffer is empty: kernels are given all of them, whether they read them or not. */
  private buffer(size: number, usage: number): GPUBuffer {
    return this.backend.device.createBuffer({size: Math.max(16, size), usage});
  }
}
