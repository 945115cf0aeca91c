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

  /** Compares every variable's `dataId`, which `assign` replaces, with the one last seen; whether any is another. */
  notice(): boolean {
    const {variables, dataIds} = this;
    let isSame = true;
    for (let i = 0; i < variables.length; i++) {
      const {dataId} = variables[i].read();
      if (dataId === dataIds[i]) continue;
      dataIds[i] = dataId;
      isSame = false;
    }
    if (!isSame) this.count++;
    return !isSame;
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
