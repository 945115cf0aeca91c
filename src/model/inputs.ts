/**
 * What callers pass to `predict`, checked, with errors that name what does not fit. Typed arrays and pictures stay what
 * they are: frames.ts makes tensors of them, where somebody needs tensors.
 */
import * as tf from '@tensorflow/tfjs-core';
import {isTensor, type FrameArray, type FrameValue, type ImageSource} from '../engines';
import type {DType} from '../graph';
import {ImageFrame, imageSize, type Size} from './image';
import {answersTo, type ModelInput, type Wrapped} from './wrapped';

/** Pixels as browsers hand them out: RGBA bytes. */
export interface Picture {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Values of one or more frames, row-major. */
export type InputArray = Float32Array | Int32Array | Uint8Array | Uint8ClampedArray;
/** What one input of a model may be given as. */
export type ModelInputValue = tf.Tensor | InputArray | Picture | ImageSource;
/** One input, a list of them in the model's order, or a map by input name. */
export type PredictInput = ModelInputValue | ModelInputValue[] | {[name: string]: ModelInputValue};

/** One batch: frames that follow each other, or one. */
export interface Inputs {
  /** One value for each input of the model: a tensor, or the values of all frames. */
  readonly values: readonly FrameValue[];
  /** Their shapes, with the batch axis. */
  readonly shapes: readonly (readonly number[])[];
  /** Frames in the batch; 1 where the batch axis is the model's own affair. */
  readonly rows: number;
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
  if (x instanceof tf.Tensor || isArray(x) || isPicture(x) || imageSize(x) !== null) {
    if (count === 1) return [x as ModelInputValue];
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
  const unknown = Object.keys(x).find((name) => !wrapped.inputs.some((input) => answersTo(input, name)));
  if (unknown !== undefined) {
    const names = wrapped.inputs.map(({name}) => `'${name}'`).join(', ');
    throw new Error(`'${wrapped.name}' has no input '${unknown}'; it has ${names}.`);
  }
  const named = x as {[name: string]: ModelInputValue};
  return wrapped.inputs.map((input) => {
    const given = Object.keys(x).find((name) => answersTo(input, name) && named[name] !== undefined);
    if (given !== undefined) return named[given];
    throw new Error(
      `predict() was given no '${input.name}'; it has ${Object.keys(x).join(', ') || 'nothing'}.`,
    );
  });
}

function checkTensor(tensor: tf.Tensor, input: ModelInput, wrapped: Wrapped): void {
  const what = nameOf(input, wrapped);
  if (tensor.isDisposed) throw new Error(`The tensor passed for ${what} is disposed.`);
  if (tensor.dtype === input.dtype) return;
  throw new Error(
    `Expected dtype ${input.dtype} for ${what}, got ${tensor.dtype}; convert it with tf.cast(x, '${input.dtype}').`,
  );
}

function checkShape(given: readonly number[], input: ModelInput, wrapped: Wrapped): void {
  const {shape} = input;
  if (shape === null) return;
  const what = nameOf(input, wrapped);
  if (given.length !== shape.length) {
    const hint = given.length === shape.length - 1 ? ' Add the batch axis with tf.expandDims(x).' : '';
    throw new Error(
      `Expected rank ${shape.length} (${describe(shape)}) for ${what}, got [${given.join(', ')}].${hint}`,
    );
  }
  // A row-wise model takes any number of rows: they are frames.
  const from = wrapped.rowwise ? 1 : 0;
  if (shape.some((side, axis) => axis >= from && side !== null && side !== given[axis])) {
    throw new Error(`Expected shape ${describe(shape)} for ${what}, got [${given.join(', ')}].`);
  }
  if (given.includes(0))
    throw new Error(`Expected at least one frame for ${what}, got [${given.join(', ')}].`);
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

/** Whole numbers where the input takes them; what a float32 input is read from may be of any type. */
function ofDType(data: InputArray, dtype: DType): InputArray {
  if (dtype === 'bool') return new Uint8Array(data);
  return dtype === 'int32' && data instanceof Float32Array ? new Int32Array(data) : data;
}

/** The shape of a picture's first channels, as `tf.browser.fromPixels` takes them. */
function pictureShape({width, height}: Size, given: number, input: ModelInput, wrapped: Wrapped): number[] {
  const what = nameOf(input, wrapped);
  const shape = input.shape ?? [1, height, width, 3];
  const channels = shape[3] ?? 3;
  const fits = shape.length === 4 && (shape[1] ?? height) === height && (shape[2] ?? width) === width;
  if (fits && Number.isInteger(given) && channels <= given) return [1, height, width, channels];
  throw new Error(
    `Expected ${describe(shape)} for ${what}, got a picture of ${height} × ${width} pixels with ${given} channels.`,
  );
}

function shapeOf(value: ModelInputValue, input: ModelInput, wrapped: Wrapped): readonly number[] {
  if (value instanceof tf.Tensor) {
    checkTensor(value, input, wrapped);
    return value.shape;
  }
  if (isPicture(value))
    return pictureShape(value, value.data.length / (value.width * value.height), input, wrapped);
  if (isArray(value)) return arrayShape(value.length, input, wrapped);
  const size = imageSize(value);
  if (size) return pictureShape(size, 4, input, wrapped);
  throw new Error(
    `${nameOf(input, wrapped)} must be a tensor, a typed array, an ImageData or an image; got ${typeof value}.`,
  );
}

function valuesOf(
  value: InputArray | Picture | ImageSource,
  shape: readonly number[],
  dtype: DType,
): FrameArray {
  if (isArray(value)) return {data: ofDType(value, dtype), stride: shape[shape.length - 1]};
  if (!isPicture(value)) return new ImageFrame(value, imageSize(value)!, shape[3], dtype);
  const {data, width, height} = value;
  return {data: ofDType(data, dtype), stride: data.length / (width * height)};
}

/** Checks everything before anything is changed. */
export function readInputs(x: PredictInput, wrapped: Wrapped): Inputs {
  const given = listOf(x, wrapped);
  const shapes = given.map((value, i) => {
    const shape = shapeOf(value, wrapped.inputs[i], wrapped);
    checkShape(shape, wrapped.inputs[i], wrapped);
    return shape;
  });
  const values = given.map((value, i) =>
    value instanceof tf.Tensor ? value : valuesOf(value, shapes[i], wrapped.inputs[i].dtype),
  );
  return {values, shapes, rows: rowsOf(shapes, wrapped)};
}

/** The same values in tensors and arrays of our own, which outlive scopes and whatever the caller does with theirs. */
export function ownCopy({values, ...rest}: Inputs): Inputs {
  const copies = values.map((value) => {
    if (isTensor(value)) return tf.keep(tf.clone(value));
    return value instanceof ImageFrame ? value.copy() : {data: value.data.slice(), stride: value.stride};
  });
  return {values: copies, ...rest};
}

function rowsOf(shapes: Inputs['shapes'], wrapped: Wrapped): number {
  if (!wrapped.rowwise) return 1;
  const rows = shapes.map(([count]) => count);
  if (rows.every((count) => count === rows[0])) return rows[0];
  throw new Error(`All inputs of '${wrapped.name}' need the same number of frames; got ${rows.join(', ')}.`);
}
