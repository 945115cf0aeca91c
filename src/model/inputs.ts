/** What callers pass to `predict`, as the model's input tensors; and errors that name what does not fit. */
import * as tf from '@tensorflow/tfjs-core';
import type {ModelInput, Wrapped} from './wrapped';

/** Pixels as browsers hand them out: RGBA bytes. */
export interface Picture {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Values of one or more frames, row-major. */
export type InputArray = Float32Array | Int32Array | Uint8Array | Uint8ClampedArray;
/** What one input of a model may be given as. */
export type ModelInputValue = tf.Tensor | InputArray | Picture;
/** One input, a list of them in the model's order, or a map by input name. */
export type PredictInput = ModelInputValue | ModelInputValue[] | {[name: string]: ModelInputValue};

export interface Inputs {
  /** One tensor for each input of the model, with the batch axis. */
  readonly tensors: tf.Tensor[];
  /** Those of them that were made here, and are ours to dispose. */
  readonly made: tf.Tensor[];
}

const isArray = (x: unknown): x is InputArray =>
  x instanceof Float32Array ||
  x instanceof Int32Array ||
  x instanceof Uint8Array ||
  x instanceof Uint8ClampedArray;

const isPicture = (x: unknown): x is Picture =>
  typeof x === 'object' &&
  x !== null &&
  'data' in x &&
  'width' in x &&
  'height' in x &&
  isArray((x as Picture).data);

const describe = (shape: ModelInput['shape']) =>
  shape ? `[${shape.map((side) => side ?? '?').join(', ')}]` : 'any shape';

function nameOf({name}: ModelInput, wrapped: Wrapped): string {
  return wrapped.inputs.length > 1
    ? `input '${name}' of '${wrapped.name}'`
    : `the input of '${wrapped.name}'`;
}

function listOf(x: PredictInput, wrapped: Wrapped): ModelInputValue[] {
  const count = wrapped.inputs.length;
  if (Array.isArray(x)) {
    if (x.length === count) return x;
    throw new Error(`'${wrapped.name}' has ${count} input(s); predict() was given a list of ${x.length}.`);
  }
  if (x instanceof tf.Tensor || isArray(x) || isPicture(x)) {
    if (count === 1) return [x];
    const names = wrapped.inputs.map(({name}) => `'${name}'`).join(', ');
    throw new Error(
      `'${wrapped.name}' has ${count} inputs (${names}); pass a list of ${count}, or a map by name.`,
    );
  }
  if (typeof x !== 'object' || x === null) {
    throw new Error(
      `predict() takes a tensor, a typed array, an ImageData, a list or a map of these; got ${String(x)}.`,
    );
  }
  const unknown = Object.keys(x).find((name) => wrapped.inputs.every((input) => input.name !== name));
  if (unknown !== undefined) {
    const names = wrapped.inputs.map(({name}) => `'${name}'`).join(', ');
    throw new Error(`'${wrapped.name}' has no input '${unknown}'; it has ${names}.`);
  }
  return wrapped.inputs.map(({name}) => {
    const value = x[name];
    if (value !== undefined) return value;
    throw new Error(`predict() was given no '${name}'; it has ${Object.keys(x).join(', ') || 'nothing'}.`);
  });
}

function checkTensor(tensor: tf.Tensor, input: ModelInput, wrapped: Wrapped): tf.Tensor {
  const what = nameOf(input, wrapped);
  const {shape, dtype} = input;
  if (tensor.isDisposed) throw new Error(`The tensor passed for ${what} is disposed.`);
  if (tensor.dtype !== dtype) {
    throw new Error(
      `Expected dtype ${dtype} for ${what}, got ${tensor.dtype}; convert it with tf.cast(x, '${dtype}').`,
    );
  }
  if (shape === null) return tensor;
  if (tensor.rank !== shape.length) {
    const hint = tensor.rank === shape.length - 1 ? ' Add the batch axis with tf.expandDims(x).' : '';
    throw new Error(
      `Expected rank ${shape.length} (${describe(shape)}) for ${what}, got [${tensor.shape.join(', ')}].${hint}`,
    );
  }
  // A row-wise model takes any number of rows: they are frames.
  const from = wrapped.rowwise ? 1 : 0;
  if (shape.some((side, axis) => axis >= from && side !== null && side !== tensor.shape[axis])) {
    throw new Error(`Expected shape ${describe(shape)} for ${what}, got [${tensor.shape.join(', ')}].`);
  }
  if (tensor.size === 0)
    throw new Error(`Expected at least one frame for ${what}, got [${tensor.shape.join(', ')}].`);
  return tensor;
}

/** The shape of an array: as many frames as its length holds. */
function arrayShape(length: number, input: ModelInput, wrapped: Wrapped): number[] {
  const what = nameOf(input, wrapped);
  const sides = input.shape?.slice(1) ?? [null];
  if (sides.some((side) => side === null)) {
    throw new Error(
      `A typed array does not say its shape, and ${what} takes ${describe(input.shape)}; pass a tensor.`,
    );
  }
  const size = (sides as number[]).reduce((product, side) => product * side, 1);
  const frames = length / size;
  if (Number.isInteger(frames) && frames >= 1) return [frames, ...(sides as number[])];
  throw new Error(`Expected ${size} values a frame (${describe(input.shape)}) for ${what}, got ${length}.`);
}

function ofDType(values: InputArray, {dtype}: ModelInput): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'int32') return values instanceof Int32Array ? values : Int32Array.from(values);
  if (dtype === 'bool') return Uint8Array.from(values);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

/** A picture's first channels, as `tf.browser.fromPixels` takes them. */
function fromPicture({data, width, height}: Picture, input: ModelInput, wrapped: Wrapped): tf.Tensor {
  const what = nameOf(input, wrapped);
  const shape = input.shape ?? [1, height, width, 3];
  const channels = shape[3] ?? 3;
  const given = data.length / (width * height);
  const fits = shape.length === 4 && (shape[1] ?? height) === height && (shape[2] ?? width) === width;
  if (!fits || !Number.isInteger(given) || channels > given) {
    throw new Error(
      `Expected ${describe(shape)} for ${what}, got a picture of ${height} × ${width} pixels with ${given} channels.`,
    );
  }
  const values = new Float32Array(width * height * channels);
  for (let pixel = 0, at = 0; pixel < width * height; pixel++) {
    for (let k = 0; k < channels; k++) values[at++] = data[pixel * given + k];
  }
  return tf.tensor(ofDType(values, input), [1, height, width, channels], input.dtype);
}

/**
 * Checks everything before anything is changed.
 * @param own makes every tensor one of ours, which outlives scopes and whatever the caller does with theirs
 */
export function readInputs(x: PredictInput, wrapped: Wrapped, own = false): Inputs {
  const made: tf.Tensor[] = [];
  const keep = (tensor: tf.Tensor) => {
    made.push(own ? tf.keep(tensor) : tensor);
    return tensor;
  };
  const arrayOf = (values: InputArray, input: ModelInput) => {
    const array = ofDType(values, input);
    return own && array === values ? array.slice() : array;
  };
  try {
    const tensors = listOf(x, wrapped).map((value, i) => {
      const input = wrapped.inputs[i];
      if (value instanceof tf.Tensor) {
        const checked = checkTensor(value, input, wrapped);
        return own ? keep(tf.clone(checked)) : checked;
      }
      if (isPicture(value)) return checkTensor(keep(fromPicture(value, input, wrapped)), input, wrapped);
      if (isArray(value)) {
        const shape = arrayShape(value.length, input, wrapped);
        return checkTensor(keep(tf.tensor(arrayOf(value, input), shape, input.dtype)), input, wrapped);
      }
      throw new Error(
        `${nameOf(input, wrapped)} must be a tensor, a typed array or an ImageData; got ${typeof value}.`,
      );
    });
    checkRows(tensors, wrapped);
    return {tensors, made};
  } catch (error) {
    made.forEach((tensor) => tensor.dispose());
    throw error;
  }
}

function checkRows(tensors: readonly tf.Tensor[], wrapped: Wrapped): void {
  if (!wrapped.rowwise) return;
  const rows = tensors.map(({shape}) => shape[0]);
  if (rows.every((count) => count === rows[0])) return;
  throw new Error(`All inputs of '${wrapped.name}' need the same number of frames; got ${rows.join(', ')}.`);
}
