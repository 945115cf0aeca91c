/** A batch in the form that somebody reads it in: tensors for the model itself, and single frames for an engine. */
import * as tf from '@tensorflow/tfjs-core';
import {isTensor, type Frame, type FrameArray, type FrameValue, type Program} from '../engines';
import {planeOfShape, sizeOf, type DType} from '../graph';
import {frameOf} from '../stream';
import type {Inputs} from './inputs';
import type {ModelInput, Wrapped} from './wrapped';

const ARRAYS = {float32: Float32Array, int32: Int32Array, bool: Uint8Array};

/** Always a copy: tfjs's backends hold on to an array that becomes a tensor, and may hand it out again as an output. */
function packed({data, stride}: FrameArray, shape: readonly number[], dtype: DType) {
  const {channels} = planeOfShape(shape);
  if (stride === channels) return new ARRAYS[dtype](data);
  const values = new ARRAYS[dtype](sizeOf(shape));
  for (let at = 0, from = 0; at < values.length; from += stride) {
    for (let k = 0; k < channels; k++) values[at++] = data[from + k];
  }
  return values;
}

/** The inputs as the wrapped model takes them; `made` gets those tensors that were made here. */
export function tensorsOf({values, shapes}: Inputs, {inputs}: Wrapped, made: tf.Tensor[] = []): tf.Tensor[] {
  return values.map((value, i) => {
    if (isTensor(value)) return value;
    const {dtype} = inputs[i];
    const tensor = tf.tensor(packed(value, shapes[i], dtype), [...shapes[i]], dtype);
    made.push(tensor);
    return tensor;
  });
}

/** Whether a tensor has to be cast, as the model itself would do it: floats are had from any numbers by reading them. */
export const needsCast = (tensor: tf.Tensor, {dtype}: ModelInput): boolean =>
  dtype !== 'float32' && tensor.dtype !== dtype;

/** Tensors in the types that the model takes; `made` gets what was cast here. */
function castInputs(inputs: Inputs, wrapped: Wrapped, made: tf.Tensor[] = []): Inputs {
  const isOther = (value: FrameValue, i: number) => isTensor(value) && needsCast(value, wrapped.inputs[i]);
  if (!inputs.values.some(isOther)) return inputs;
  const values = inputs.values.map((value, i) => {
    if (!isOther(value, i)) return value;
    const cast = tf.cast(value as tf.Tensor, wrapped.inputs[i].dtype);
    made.push(cast);
    return cast;
  });
  return {...inputs, values};
}

/** The batch as a program reads it, ready to be cut into frames. */
export function batchFor(program: Program, given: Inputs, wrapped: Wrapped, made?: tf.Tensor[]): Inputs {
  const inputs = castInputs(given, wrapped, made);
  if (program.reads === 'tensors') return {...inputs, values: tensorsOf(inputs, wrapped, made)};
  if (program.reads === 'both' || inputs.rows === 1) return inputs;
  const read = (tensor: tf.Tensor) => arrayOf(tensor, tensor.dataSync());
  return {
    ...inputs,
    values: inputs.values.map((value) => (isTensor(value) ? read(value) : value)),
  };
}

/** The same without blocking. */
export async function batchForAsync(
  program: Program,
  given: Inputs,
  wrapped: Wrapped,
  made: tf.Tensor[],
): Promise<Inputs> {
  if (program.reads !== 'values' || given.rows === 1) return batchFor(program, given, wrapped, made);
  const inputs = castInputs(given, wrapped, made);
  const values = inputs.values.map(async (value) =>
    isTensor(value) ? arrayOf(value, await value.data()) : value,
  );
  return {...inputs, values: await Promise.all(values)};
}

function arrayOf({shape}: tf.Tensor, data: tf.TypedArray): FrameArray {
  return {data, stride: planeOfShape(shape).channels};
}

/** One frame of a batch; the batch itself where it is one frame. */
export function frameAt(batch: Inputs, row: number, made: tf.Tensor[] = []): Inputs {
  if (batch.rows === 1) return batch;
  const values = batch.values.map((value) => cut(value, row, batch.rows, made));
  return {values, shapes: batch.shapes.map(([, ...rest]) => [1, ...rest]), rows: 1};
}

function cut(value: FrameValue, row: number, rows: number, made: tf.Tensor[]): FrameValue {
  if (isTensor(value)) {
    const [slice] = frameOf([value], row, rows);
    made.push(slice);
    return slice;
  }
  const length = value.data.length / rows;
  return {data: value.data.subarray(row * length, (row + 1) * length), stride: value.stride};
}

/**
 * A frame as the program's plan has its inputs: channels last, in the plan's dtype. A program that reads values does so
 * itself; `made` gets the tensors that were made here.
 */
export function asPlanned(program: Program, frame: Frame, made: tf.Tensor[] = []): Frame {
  if (program.reads !== 'tensors') return frame;
  const {values, inputs} = program.graph;
  return frame.map((value, i) => {
    const {layout, dtype} = values[inputs[i]];
    if (!isTensor(value) || (!layout && value.dtype === dtype)) return value;
    const planned = tf.tidy(() => {
      const last = layout === 'channelsFirst' ? tf.transpose(value, [0, 2, 3, 1]) : value.clone();
      return tf.cast(last, dtype);
    });
    made.push(planned);
    return planned;
  });
}

/** Disposes the tensors of a batch that are our own. */
export function disposeValues(frame: Frame): void {
  frame.forEach((value) => isTensor(value) && value.dispose());
}
