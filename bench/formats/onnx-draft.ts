/** An ONNX graph while it is made: nodes in their order and constants. Values are planes, channels first. */
import type {OnnxAttribute, OnnxNode, OnnxTensor, OnnxValue} from '../../examples/atari/onnx/writer';
import {planeOf, type Graph, type Plane, type Value, type ValueId} from '../../src/graph';

/** A value with its name and dimensions. */
export function onnxValue(value: Value): OnnxValue {
  const {height, width, channels} = planeOf(value);
  return {name: value.name, dims: [1, channels, height, width]};
}

export class OnnxDraft {
  readonly nodes: OnnxNode[] = [];
  readonly weights: OnnxTensor[] = [];

  constructor(readonly graph: Graph) {}

  of(id: ValueId): string {
    return this.graph.values[id].name;
  }

  plane(id: ValueId): Plane {
    return planeOf(this.graph.values[id]);
  }

  operate(
    op: string,
    inputs: readonly string[],
    output: string,
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): void {
    this.nodes.push({op, inputs, output, ...(attributes && {attributes})});
  }

  weight(tensor: OnnxTensor): string {
    this.weights.push(tensor);
    return tensor.name;
  }

  vector(name: string, values: Float32Array): string {
    return this.weight({name, dims: [values.length], values});
  }

  scalar(name: string, value: number): string {
    return this.weight({name, dims: [], values: Float32Array.of(value)});
  }

  integers(name: string, values: readonly number[]): string {
    return this.weight({name, dims: [values.length], values: BigInt64Array.from(values.map(BigInt))});
  }
}
