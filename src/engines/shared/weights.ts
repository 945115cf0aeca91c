/** A model's weights: the notice of their change, and what they are as tensors. */
import * as tf from '@tensorflow/tfjs-core';
import {isVariable, type Graph, type Node, type VariableWeight, type Weight} from '../../graph';

/** A node's weights by name. */
export type WeightTensors = Readonly<Record<string, tf.Tensor>>;

/** Notices that variables were assigned. */
export class WeightVersions {
  private readonly variables: readonly VariableWeight[];
  private readonly dataIds: object[];
  private count = 0;

  constructor({weights}: Graph) {
    this.variables = weights.filter(isVariable);
    this.dataIds = this.variables.map((weight) => weight.read().dataId);
  }

  /** Counts the changes noticed so far. */
  get current(): number {
    return this.count;
  }

  /**
   * Where `assign` has replaced the `dataId` of a variable since, counts that, and has the new values taken over; says whether
   * it has. Where `take` fails, what was filled in before is of no use either, and the next call tries again.
   */
  update(take: () => void): boolean {
    if (this.areSame()) return false;
    this.count++;
    take();
    this.variables.forEach((weight, i) => (this.dataIds[i] = weight.read().dataId));
    return true;
  }

  private areSame(): boolean {
    const {variables, dataIds} = this;
    for (let i = 0; i < variables.length; i++) {
      if (variables[i].read().dataId !== dataIds[i]) return false;
    }
    return true;
  }
}

/** A weight as it is now: a variable's own tensor, or a fresh one of a constant's values. */
export function weightTensor(weight: Weight): tf.Tensor {
  return isVariable(weight) ? weight.read() : tf.tensor(weight.values(), [...weight.shape]);
}

/** All weights of a node, as they are now. */
export function weightTensors({weights}: Node, graph: Graph): WeightTensors {
  return Object.fromEntries(
    Object.entries(weights).map(([name, index]) => [name, weightTensor(graph.weights[index])]),
  );
}
