/**
 * A model's weights packed for the kernels in one buffer, once for all streams, and the notice of their change. They
 * never leave the device: tfjs's own ops fold and pad them there, and the results are copied.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {Graph, Node} from '../../../graph';
import {weightTensors, WeightVersions, type WeightTensors} from '../../shared/weights';
import {bufferOf, pendingCommands, type WebGpuBackend} from '../device/backend';

/** Where a node's packed weights lie, in vectors, and what fills that. */
export interface WeightBlock {
  readonly node: Node;
  readonly at: number;
  readonly vectors: number;
  readonly pack: (weights: WeightTensors) => tf.Tensor[];
}

export class PackedWeights {
  private readonly versions: WeightVersions;

  constructor(
    private readonly backend: WebGpuBackend,
    private readonly graph: Graph,
    private readonly blocks: readonly WeightBlock[],
    private readonly buffer: GPUBuffer,
  ) {
    this.versions = new WeightVersions(graph);
    this.fill();
  }

  /** Counts the changes noticed so far. */
  get version(): number {
    return this.versions.current;
  }

  refresh(): void {
    this.versions.update(this.fill);
  }

  private readonly fill = (): void => {
    if (this.blocks.length === 0) return;
    for (const block of this.blocks) tf.tidy(() => this.fillBlock(block));
    pendingCommands(this.backend);
    this.backend.submitQueue();
  };

  private fillBlock({node, at, vectors, pack}: WeightBlock): void {
    let to = 16 * at;
    for (const tensor of pack(weightTensors(node, this.graph))) {
      const from = bufferOf(this.backend, tensor);
      pendingCommands(this.backend).copyBufferToBuffer(from, 0, this.buffer, to, 4 * tensor.size);
      to += 4 * tensor.size;
    }
    if (to === 16 * (at + vectors)) return;
    throw new Error(`The weights of '${node.name}' take ${(to - 16 * at) / 4} values, not ${4 * vectors}.`);
  }
}
