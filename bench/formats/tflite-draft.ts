/** A TensorFlow Lite model while it is made: tensors by the values of a graph, constants, and operators in their order. */
import {planeOf, type Graph, type Value, type ValueId} from '../../src/graph';
import type {OperatorName} from './tflite-schema';
import type {TfliteModel, TfliteOperator, TfliteTensor} from './tflite-writer';

type Options = NonNullable<TfliteOperator['options']>;

/** The shape of a value with the batch in front. A vector of the graph is a row, a plane's channels are the last axis. */
export function tfliteShape({shape, name}: Value): number[] {
  if (shape === null) throw new Error(`'${name}' has no shape before it is computed.`);
  return [1, ...shape];
}

export class TfliteDraft {
  private readonly tensors = new Map<string, TfliteTensor>();
  private readonly operators: TfliteOperator[] = [];
  /** Values that lie in another one's tensor. */
  private readonly stands = new Map<ValueId, string>();

  constructor(readonly graph: Graph) {}

  /** The name of a value's tensor. */
  of(id: ValueId): string {
    return this.stands.get(id) ?? this.graph.values[id].name;
  }

  plane(id: ValueId): ReturnType<typeof planeOf> {
    return planeOf(this.graph.values[id]);
  }

  shapeOf(name: string): readonly number[] {
    return this.tensors.get(name)!.shape;
  }

  tensor(tensor: TfliteTensor): string {
    this.tensors.set(tensor.name, tensor);
    return tensor.name;
  }

  constant(name: string, shape: readonly number[], values: Float32Array | Int32Array): string {
    return this.tensor({name, shape, values, type: values instanceof Int32Array ? 'int32' : 'float32'});
  }

  /** Whole numbers in one axis, or row by row. */
  integers(name: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant(name, shape, Int32Array.from(values));
  }

  operate(op: OperatorName, inputs: readonly string[], output: string, options?: Options): void {
    this.operators.push({op, inputs, output, options});
  }

  /** The tensor of a value that is computed. */
  output(id: ValueId, shape: readonly number[] = tfliteShape(this.graph.values[id])): string {
    return this.tensor({name: this.graph.values[id].name, shape});
  }

  /** Has a value lie where another tensor does. */
  letStand(id: ValueId, tensor: string): void {
    this.stands.set(id, tensor);
  }

  finish(inputs: readonly string[]): TfliteModel {
    const {operators, graph} = this;
    const outputs = graph.outputs.map((id) => this.of(id));
    return {tensors: [...this.tensors.values()], operators, inputs, outputs};
  }
}
