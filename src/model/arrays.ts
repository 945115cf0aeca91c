/** Typed arrays as inputs: those that engines read where they are, and all others as one of these. */
import * as tf from '@tensorflow/tfjs-core';
import type {FrameArray} from '../engines';
import type {DType} from '../graph';

/** A Float16Array, on hosts that have it. */
export interface HalfArray extends ArrayLike<number> {
  readonly [Symbol.toStringTag]: 'Float16Array';
  readonly buffer: ArrayBufferLike;
}

/** Values of one or more frames, row-major. 32-bit floats and integers and bytes are read where they are; others are converted. */
export type InputArray =
  | Float32Array
  | Float64Array
  | HalfArray
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

type Read = FrameArray['data'];

/** By name: an array may come from another window, or be a class of its own, as Node's Buffer is. */
const READ = new Map<string, new (buffer: ArrayBufferLike, at: number, length: number) => Read>([
  ['Float32Array', Float32Array],
  ['Int32Array', Int32Array],
  ['Uint8Array', Uint8Array],
  ['Uint8ClampedArray', Uint8ClampedArray],
]);

const CONVERTED = new Set(
  ['Float64', 'Float16', 'Uint32', 'Int16', 'Uint16', 'Int8'].map((name) => `${name}Array`),
);

/** Typed arrays of numbers; those of BigInt are none, for no tensor takes their values. */
export function isInputArray(x: unknown): x is InputArray {
  if (x instanceof Float32Array || x instanceof Uint8Array) return true;
  if (!ArrayBuffer.isView(x)) return false;
  const name = (x as InputArray)[Symbol.toStringTag];
  return READ.has(name) || CONVERTED.has(name);
}

/** The values as an engine reads them for an input: as `tf.tensor` would take them, and copied only where that differs. */
export function readableAs(data: InputArray, dtype: DType): Read {
  // Through floats, for bytes would be taken as they are.
  if (dtype === 'bool') return tf.util.toTypedArray(new Float32Array(data), 'bool') as Read;
  const inPlace = readInPlace(data);
  if (dtype === 'int32') return inPlace && !isFloats(inPlace) ? inPlace : new Int32Array(data);
  return inPlace ?? new Float32Array(data);
}

/** Null for what has to be converted. */
function readInPlace(data: InputArray): Read | null {
  if (data.constructor === Float32Array) return data;
  const Plain = READ.get(data[Symbol.toStringTag]);
  if (!Plain) return null;
  // A Buffer's own methods share memory where an array's copy it.
  if (data.constructor === Plain) return data as Read;
  const {buffer, byteOffset, length} = data as Read;
  return new Plain(buffer, byteOffset, length);
}

const isFloats = (data: Read): boolean => data[Symbol.toStringTag] === 'Float32Array';

/** Whether writing to one may change the other. */
export function mayOverlap(a: Read, b: Read): boolean {
  // Two views of one shared memory need not have the same object for it.
  if (isShared(a.buffer) && isShared(b.buffer)) return true;
  const [startA, startB] = [a.byteOffset, b.byteOffset];
  return a.buffer === b.buffer && startA < startB + b.byteLength && startB < startA + a.byteLength;
}

const isShared = (buffer: ArrayBufferLike): boolean =>
  Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]';
