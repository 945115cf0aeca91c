/**
 * What callers pass to `predict`, checked, with errors that name what does not fit. Typed arrays and pictures stay what
 * they are: frames.ts makes tensors of them, where somebody needs tensors.
 */
import * as tf from '@tensorflow/tfjs-core';
import {isTensor, type FrameArray, type FrameValue, type ImageSource} from '../engines';
import {isPlainObject, shown} from '../checks';
import type {DType} from '../graph';
import {isInputArray, readableAs, type InputArray} from './arrays';
import {ImageFrame, imageSize, type Size} from './image';
import {answersTo, type ModelInput, type Wrapped} from './wrapped';

/** Pixels as browsers hand them out, RGBA bytes, or of any other type and number of channels. */
export interface Picture {
  readonly data: InputArray;
  readonly width: number;
  readonly height: number;
}

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

const isPicture = (x: unknown): x is Picture =>
  typeof x === 'object' &&
  x !== null &&
  'data' in x &&
  'width' in x &&
  'height' in x &&
  isInputArray((x as Picture).data);

const EXPECTED = 'a tensor, a typed array of numbers, an ImageData or an image';

const describe = (shape: ModelInput['shape']) =>
  shape ? `[${shape.map((side) => side ?? '?').join(', ')}]` : 'any shape';

function nameOf({name}: ModelInput, wrapped: Wrapped): string {
  return wrapped.inputs.length > 1
    ? `input '${name}' of '${wrapped.name}'`
    : `the input of '${wrapped.name}'`;
}

function listOf(x: PredictInput, wrapped: Wrapped): ModelInputValue[] {
  const count = wrapped.inputs.length;
  if (Array.isArray(x)) return checkedList(x, wrapped);
  if (x instanceof tf.Tensor || isInputArray(x) || isPicture(x) || imageSize(x) !== null) {
    if (count === 1) return [x as ModelInputValue];
    throw new Error(
      `'${wrapped.name}' has ${count} inputs (${namesOf(wrapped)}); pass a list of ${count}, or a map by name.`,
    );
  }
  return namedValues(x as {readonly [name: string]: ModelInputValue}, wrapped);
}

function checkedList(x: ModelInputValue[], {name, inputs}: Wrapped): ModelInputValue[] {
  if (typeof x[0] === 'number' || Array.isArray(x[0])) {
    throw new Error(
      `'${name}' was given a plain array of ${typeof x[0] === 'number' ? 'numbers' : 'arrays'}; pass tf.tensor(x) with the ` +
        'batch axis, or a typed array.',
    );
  }
  if (x.length === inputs.length) return Array.from(x);
  throw new Error(`'${name}' has ${inputs.length} input(s), and was given a list of ${x.length}.`);
}

function namedValues(x: {readonly [name: string]: ModelInputValue}, wrapped: Wrapped): ModelInputValue[] {
  const keys = typeof x === 'object' && x !== null ? Object.keys(x) : [];
  const isKnown = (key: string) => wrapped.inputs.some((input) => answersTo(input, key));
  if (!isPlainObject(x) && !keys.some(isKnown)) {
    throw new Error(
      `'${wrapped.name}' takes ${EXPECTED}, a list or a map of these; got ${shown(x)}.${hintFor(x)}`,
    );
  }
  const unknown = keys.find((key) => !isKnown(key));
  if (unknown !== undefined)
    throw new Error(`'${wrapped.name}' has no input '${unknown}'; it has ${namesOf(wrapped)}.${hintFor(x)}`);
  const came = keys.filter((key) => x[key] !== undefined);
  return wrapped.inputs.map((input) => {
    const [given, twice] = came.filter((key) => answersTo(input, key));
    if (twice !== undefined)
      throw new Error(`'${wrapped.name}' was given '${input.name}' twice, as '${given}' and as '${twice}'.`);
    if (given !== undefined) return x[given];
    throw new Error(
      `'${wrapped.name}' was given no '${input.name}'; what came: ${came.join(', ') || 'nothing'}.`,
    );
  });
}

const namesOf = ({inputs}: Wrapped): string => inputs.map(({name}) => `'${name}'`).join(', ');

/** What to do with things that look much like an input. */
function hintFor(x: unknown): string {
  const {data, toTensor} = (x ?? {}) as {data?: unknown; toTensor?: unknown};
  if (typeof toTensor === 'function') return ' Pass its toTensor().';
  if (x instanceof ArrayBuffer) return ' Pass a typed array over it.';
  if (/^Big(Int|Uint)64Array$/.test(String(Object(x)[Symbol.toStringTag])))
    return ' Convert it with Float32Array.from(x, Number).';
  return data !== undefined
    ? ' A picture is {data, width, height}; its data must be a typed array of numbers.'
    : '';
}

function checkTensor(tensor: tf.Tensor, input: ModelInput, wrapped: Wrapped): void {
  const what = nameOf(input, wrapped);
  if (tensor.isDisposed) throw new Error(`The tensor passed for ${what} is disposed.`);
  if (tensor.dtype === input.dtype) return;
  const isNumeric = tensor.dtype === 'float32' || tensor.dtype === 'int32' || tensor.dtype === 'bool';
  if (isNumeric && wrapped.castsInputs) return;
  const hint = isNumeric ? `; convert it with tf.cast(x, '${input.dtype}')` : '';
  throw new Error(`Expected dtype ${input.dtype} for ${what}, got ${tensor.dtype}${hint}.`);
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
  // A batch of none is refused by tfjs itself, in a loop over its rows; of what else has no values the model may make something.
  if (wrapped.rowwise && given[0] === 0)
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

/**
 * The shape of a picture's first channels, as `tf.browser.fromPixels` takes them.
 * @param count values of all its pixels
 */
function pictureShape({width, height}: Size, count: number, input: ModelInput, wrapped: Wrapped): number[] {
  const what = nameOf(input, wrapped);
  const shape = input.shape ?? [1, height, width, 3];
  const channels = shape[3] ?? 3;
  const fits = shape.length === 4 && (shape[1] ?? height) === height && (shape[2] ?? width) === width;
  const given = count / (width * height);
  const isWhole = [width, height, given].every((side) => Number.isInteger(side) && side > 0);
  if (fits && isWhole && channels <= given) return [1, height, width, channels];
  const held = Number.isInteger(given)
    ? `${given} channels`
    : `${count} values, which is no whole number of channels`;
  throw new Error(
    `Expected ${describe(shape)} for ${what}, got a picture of ${shown(height)} × ${shown(width)} pixels with ${held}.`,
  );
}

function shapeOf(value: ModelInputValue, input: ModelInput, wrapped: Wrapped): readonly number[] {
  if (value instanceof tf.Tensor) {
    checkTensor(value, input, wrapped);
    return value.shape;
  }
  if (isPicture(value)) return pictureShape(value, value.data.length, input, wrapped);
  if (isInputArray(value)) return arrayShape(value.length, input, wrapped);
  const size = imageSize(value);
  if (size) return pictureShape(size, 4 * size.width * size.height, input, wrapped);
  throw new Error(`${nameOf(input, wrapped)} must be ${EXPECTED}; got ${shown(value)}.${hintFor(value)}`);
}

function valuesOf(
  value: InputArray | Picture | ImageSource,
  shape: readonly number[],
  dtype: DType,
): FrameArray {
  if (isInputArray(value)) return {data: readableAs(value, dtype), stride: shape[shape.length - 1]};
  if (!isPicture(value)) return new ImageFrame(value, imageSize(value)!, shape[3], dtype);
  const {data, width, height} = value;
  return {data: readableAs(data, dtype), stride: data.length / (width * height)};
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
