/**
 * What of a GraphModel is known before any frame: its weights, and what follows from these and from the shapes of its
 * inputs. Such nodes are computed by the model itself, one by one, when somebody asks for their values.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {Weight} from '../../graph';
import {own} from '../own';
import type {TfRef} from './topology';

/** A constant's shape, and its values when they are asked for. */
export interface Constant {
  readonly ref: TfRef;
  readonly shape: readonly number[];
  readonly dtype: string;
  values(): tf.TypedArray;
  /** The model's own tensor, where the constant is a weight that it holds. */
  readonly tensor: tf.Tensor | null;
}

export type ConstantSource = Pick<GraphModel, 'execute' | 'weights'>;

/** What was read of weights: once they are on a device, a backend may have nobody read them without a wait. */
const known = new WeakMap<tf.Tensor, tf.TypedArray>();

/** Weights of each model that could not be read without one. */
const unread = new WeakMap<ConstantSource['weights'], Set<tf.Tensor>>();

/** A constant that a weight of the model holds; null where there is none. */
export function weightOf({weights}: ConstantSource, ref: TfRef): Constant | null {
  const tensor = weights[ref.node]?.[ref.output] as tf.Tensor | undefined;
  if (!tensor) return null;
  return {ref, shape: tensor.shape, dtype: tensor.dtype, values: () => read(weights, tensor), tensor};
}

function read(weights: ConstantSource['weights'], tensor: tf.Tensor): tf.TypedArray {
  const found = known.get(tensor);
  if (found) return found;
  try {
    const values = tensor.dataSync();
    known.set(tensor, values);
    return values;
  } catch (error) {
    const others = unread.get(weights) ?? new Set();
    unread.set(weights, others.add(tensor));
    throw error;
  }
}

/**
 * Reads the weights that could not be read when they were asked for.
 * @returns whether there were any
 */
export async function readLate({weights}: ConstantSource): Promise<boolean> {
  const late = unread.get(weights);
  if (!late) return false;
  unread.delete(weights);
  for (const tensor of late) known.set(tensor, await tensor.data());
  return true;
}

/** A constant whose values are here. */
export function constantOf(
  ref: TfRef,
  shape: readonly number[],
  dtype: string,
  values: tf.TypedArray,
): Constant {
  return {ref, shape, dtype, values: () => values, tensor: null};
}

/** A constant as a tensor to feed to the model; the caller's to dispose. */
export function tensorOf({shape, dtype, values}: Constant): tf.Tensor {
  return tf.tensor(values().slice(), [...shape], dtype as tf.DataType);
}

export const nameOf = ({node, output}: TfRef): string => (output === 0 ? node : `${node}:${output}`);

/**
 * Computes constants from those that they depend on, by the model's own kernels.
 * @param known those that do not follow from weights alone, and have to be fed
 * @throws where the model does, or gives what has not as many values as its shape says
 */
export function fold(model: ConstantSource, refs: readonly TfRef[], known: readonly Constant[]): Constant[] {
  const constants: Constant[] = [];
  tf.tidy(() => {
    const feed = Object.fromEntries(known.map((constant) => [nameOf(constant.ref), tensorOf(constant)]));
    [own(model, 'execute')(feed, refs.map(nameOf))].flat().forEach((tensor, i) => {
      const values = tensor.dataSync().slice();
      if (values.length !== tensor.size) throw new Error(`'${nameOf(refs[i])}' has no value for each place.`);
      constants.push(constantOf(refs[i], tensor.shape, tensor.dtype, values));
    });
  });
  return constants;
}

/**
 * The graph's weight for a constant, its values changed by `change` where that is given.
 * @throws where it is not of float32: tfjs rejects that, or computes in another dtype
 */
export function graphWeight(
  constant: Constant,
  shape: readonly number[] = constant.shape,
  change?: (values: Float32Array) => Float32Array,
): Weight {
  const name = nameOf(constant.ref);
  const {tensor, dtype} = constant;
  if (dtype !== 'float32') throw new Error(`'${name}' is of ${dtype}; expected float32.`);
  if (tensor && !change && tf.util.arraysEqual(tensor.shape, [...shape]))
    return {name, shape, read: () => tensor};
  // What cannot be read must not come out when it is too late to leave the node to the model.
  constant.values();
  return {
    name,
    shape,
    values() {
      const values = Float32Array.from(constant.values());
      return change ? change(values) : values;
    },
  };
}
