/** A model's weights made ready for the ops, and the notice of their change. */
import * as tf from '@tensorflow/tfjs-core';
import {isVariable, planeOf, readWeight, type Graph, type Node, type Weight} from '../../graph';
import {areFinite} from '../non-finite';
import {ON_CPU} from '../on-cpu';
import {kernelOf} from './ops';
import type {Prepared} from './step';

/** A weight as it is now: a variable's own tensor, or a fresh one of a constant's values. */
export function weightTensor(weight: Weight): tf.Tensor {
  return isVariable(weight) ? weight.read() : tf.tensor(weight.values(), [...weight.shape]);
}

export class PreparedWeights {
  private dataIds: object[];
  private prepared: (Prepared | null)[] = [];
  private current = 0;

  constructor(private readonly graph: Graph) {
    this.dataIds = this.readIds();
    this.prepare();
  }

  /** Counts the changes noticed so far. */
  get version(): number {
    return this.current;
  }

  of(node: number): Prepared {
    return this.prepared[node] ?? {};
  }

  /** Compares every variable's `dataId`, which `assign` replaces, with the one last seen. */
  refresh(): void {
    const ids = this.readIds();
    if (ids.every((id, i) => id === this.dataIds[i])) return;
    this.dispose();
    this.dataIds = ids;
    this.prepare();
    this.current++;
  }

  dispose(): void {
    for (const tensors of this.prepared) {
      if (tensors) Object.values(tensors).forEach((tensor) => tensor.dispose());
    }
    this.prepared = [];
  }

  /** Nodes of whose weights some are not finite, and the names of these; as far as they can be read without a wait. */
  odd(): (readonly [Node, readonly string[]])[] {
    if (!ON_CPU.has(tf.getBackend())) return [];
    const {nodes, weights} = this.graph;
    const isOdd = ([, index]: [string, number]) => !areFinite(readWeight(weights[index]));
    return nodes.map((node) => [
      node,
      Object.entries(node.weights)
        .filter(isOdd)
        .map(([name]) => name),
    ]);
  }

  private readIds(): object[] {
    return this.graph.weights.filter(isVariable).map((weight) => weight.read().dataId);
  }

  private prepare(): void {
    this.prepared = this.graph.nodes.map(({op, weights, inputs}) => {
      const kernel = kernelOf(op);
      if (!kernel?.prepare) return null;
      return tf.tidy(() => {
        const read = Object.entries(weights).map(
          ([name, index]) => [name, weightTensor(this.graph.weights[index])] as const,
        );
        const planes = inputs.map((id) => planeOf(this.graph.values[id]));
        const tensors = kernel.prepare!(op, Object.fromEntries(read), planes);
        // What an op takes over unchanged is the model's own tensor: a second handle on it is ours to dispose.
        const own = Object.entries(tensors).map(
          ([name, tensor]) => [name, tf.keep(tf.clone(tensor))] as const,
        );
        return Object.fromEntries(own);
      });
    });
  }
}
