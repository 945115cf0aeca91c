/**
 * What is computed: the plain data that every importer produces and every engine compiles.
 *
 * A graph holds values (one activation each, without a batch axis) and nodes (one op each) in an order in which they
 * can be computed. It holds no numbers of a model: a weight is a named slot, read when it is needed.
 */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Op} from './definitions';
import type {Plane, Shape} from './plane';

export type ValueId = number;
export type DType = 'float32' | 'int32' | 'bool';

/** One activation. `shape` and `plane` are null where they are known only once it has been computed. */
export interface Value {
  readonly id: ValueId;
  readonly name: string;
  readonly shape: Shape | null;
  readonly plane: Plane | null;
  readonly dtype: DType;
  /** How an input comes in, where not with its channels last: `shape` and `plane` are those of the plan all the same. */
  readonly layout?: Layout;
}

/** Channels before the rows, as `data_format: 'NCHW'` has them. */
export type Layout = 'channelsFirst';

/** One use of an op. `weights` maps the op's own names (filter, bias, …) to indices into the graph's weights. */
export interface Node<O extends Op = Op> {
  readonly id: number;
  /** The name thresholds and reports use: the layer's, with `_1`, `_2`, … where a layer is used again. */
  readonly name: string;
  /** Names of layers fused into this node, which its thresholds answer to as well. */
  readonly aliases: readonly string[];
  readonly op: O;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  readonly weights: Readonly<Record<string, number>>;
}

/** A variable of the model. What it reads changes when that is assigned; the tensor stays the model's. */
export interface VariableWeight {
  readonly name: string;
  readonly shape: Shape;
  read(): Tensor;
}

/** A constant, worked out when it is packed: nothing here keeps its values. */
export interface ConstantWeight {
  readonly name: string;
  readonly shape: Shape;
  values(): Float32Array;
}

/** A slot for a weight. */
export type Weight = VariableWeight | ConstantWeight;

export interface Graph {
  readonly values: readonly Value[];
  readonly nodes: readonly Node[];
  readonly weights: readonly Weight[];
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
}

/** The plane of a value that is known to have one. */
export function planeOf(value: Value): Plane {
  if (value.plane === null) {
    throw new Error(
      `'${value.name}' has no shape before it is computed, so it has no pixels to reason about.`,
    );
  }
  return value.plane;
}

export function isVariable(weight: Weight): weight is VariableWeight {
  return 'read' in weight;
}

/** A weight's values as they are now; of a variable, not to be written to. */
export function readWeight(weight: Weight): Float32Array {
  return isVariable(weight) ? weight.read().dataSync<'float32'>() : weight.values();
}
