/**
 * A model's weights packed for the kernels in one buffer, once for all streams, and the notice of their change. They
 * never leave the device: tfjs's own ops fold and pad them there, and the results are copied.
 */
import * as tf from '@tensorflow/tfjs-core';
import {isVariable, type Graph, type Node, type VariableWeight} from '../../graph';
import {weightTensor} from '../tfjs/weights';
import {bufferOf, pendingCommands, type WebGpuBackend} from './device';
import type {WeightTensors} from './ops/op';

/** Room for a node's weights, in vectors, and what fills it. */
export interface WeightBlock {
  readonly node: Node;
  readonly at: number;
  readonly vectors: number;
  readonly pack: (weights: WeightTensors) => tf.Tensor[];
}

export class PackedWeights {
  private readonly variables: readonly VariableWeight[];
  private dataIds: object[];
  private current = 0;

  constructor(
    private readonly backend: WebGpuBackend,
    private readonly graph: Graph,
    private readonly blocks: readonly WeightBlock[],
    private readonly buffer: GPUBuffer,
  ) {
    this.variables = graph.weights.filter(isVariable);
    this.dataIds = this.readIds();
    this.fill();
  }

  /** Counts the changes noticed so far. */
  get version(): number {
    return this.current;
  }

  /** Compares every variable's `dataId`, which `assign` replaces, with the one last seen. */
  refresh(): void {
    const {variables, dataIds} = this;
    let same = true;
    for (let i = 0; i < variables.length && same; i++) same = variables[i].read().dataId === dataIds[i];
    if (same) return;
    this.dataIds = this.readIds();
    this.fill();
    this.current++;
  }

  private fill(): void {
    if (this.blocks.length === 0) return;
    for (const block of this.blocks) tf.tidy(() => this.fillBlock(block));
    pendingCommands(this.backend);
    this.backend.submitQueue();
  }

  private fillBlock({node, at, vectors, pack}: WeightBlock): void {
    const read = Object.entries(node.weights).map(
      ([name, index]) => [name, weightTensor(this.graph.weights[index])] as const,
    );
    let to = 16 * at;
    for (const tensor of pack(Object.fromEntries(read))) {
      const from = bufferOf(this.backend, tensor);
      pendingCommands(this.backend).copyBufferToBuffer(from, 0, this.buffer, to, 4 * tensor.size);
      to += 4 * tensor.size;
    }
    if (to === 16 * (at + vectors)) return;
    throw new Error(`The weights of '${node.name}' take ${(to - 16 * at) / 4} values, not ${4 * vectors}.`);
  }

  private readIds(): object[] {
    return this.variables.map((weight) => weight.read().dataId);
  }
}
