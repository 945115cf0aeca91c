/** A model's weights made ready for the ops, and the notice of their change. */
import * as tf from '@tensorflow/tfjs-core';
import {planeOf, readWeight, type Graph, type Node} from '../../../graph';
import {areFinite} from '../../shared/non-finite';
import {ON_CPU} from '../../shared/on-cpu';
import {weightTensors, WeightVersions, type WeightTensors} from '../../shared/weights';
import {opOf} from '../ops';

export class PreparedWeights {
  private readonly versions: WeightVersions;
  private prepared: (WeightTensors | null)[] = [];

  constructor(private readonly graph: Graph) {
    this.versions = new WeightVersions(graph);
    this.prepare();
  }

  /** Counts the changes noticed so far. */
  get version(): number {
    return this.versions.current;
  }

  of(node: number): WeightTensors {
    return this.prepared[node] ?? {};
  }

  refresh(): void {
    this.versions.update(this.prepareAnew);
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

  private readonly prepareAnew = () => {
    this.dispose();
    this.prepare();
  };

  private prepare(): void {
    this.prepared = this.graph.nodes.map((node) => {
      const {op, inputs} = node;
      const {prepare} = opOf(op);
      if (!prepare) return null;
      return offTape(() => {
        const planes = inputs.map((id) => planeOf(this.graph.values[id]));
        const tensors = prepare(op, weightTensors(node, this.graph), planes);
        // What an op takes over unchanged is the model's own tensor: a second handle on it is ours to dispose.
        const own = Object.entries(tensors).map(
          ([name, tensor]) => [name, tf.keep(tf.clone(tensor))] as const,
        );
        return Object.fromEntries(own);
      });
    });
  }
}

/**
 * Runs what is no part of a gradient that the caller may be taking. Of what is on its tape tfjs keeps tensors, and after an
 * error for good.
 */
function offTape<T extends tf.TensorContainer>(work: () => T): T {
  const {state} = tf.engine();
  const {gradientDepth} = state;
  state.gradientDepth = 0;
  try {
    return tf.tidy(work);
  } finally {
    state.gradientDepth = gradientDepth;
  }
}
