/** One combination of the sweep on the current backend: the model beside the same with reuse. No test. */
import * as tf from '@tensorflow/tfjs-core';
import {withReuse, type Prediction, type ReuseOptions} from '../../src';
import {distance} from '../importers/graph/playing';
import {numbers} from '../importers/helpers';
import type {Combination, Tried} from './table';

type Model = Awaited<ReturnType<Tried['load']>>;
export type EngineChoice = ReuseOptions['engine'] & string;
type Predict = (x: tf.Tensor | tf.Tensor[]) => Prediction | Promise<Prediction>;

/** How far a result may be from the model's, as a share of its largest magnitude. */
const TOLERANCE = 1e-5;

/** And as a share of the frame's: a sum whose terms cancel each other is as exact as its terms. */
const CANCELLED = 2e-7;

/** What is wrong with a combination on the current backend; null where nothing is. */
export async function faultOf(
  {tried}: Combination,
  engines: readonly EngineChoice[],
): Promise<string | null> {
  const before = tf.memory().numTensors;
  const model = await loaded(tried);
  if (model === null) return null;
  const frames = framesOf(tried.shapes);
  frames.flat().forEach(settle);
  const plain: Result[] = [];
  for (const frame of frames) plain.push(await resultOf((x) => model.predict(x) as Prediction, frame));
  let fault: string | null = null;
  for (const engine of engines) {
    fault ??= await played(model, frames, plain, engine, tried.rounding ?? 0);
  }
  tf.dispose(frames);
  model.dispose();
  const left = tf.memory().numTensors - before;
  // Where a kernel refuses, tfjs itself loses tensors.
  if (fault === null && left !== 0 && plain.every(({error}) => error === null))
    return `${left} tensors were left`;
  return fault;
}

/** Null where tfjs makes no such model. */
async function loaded(tried: Tried): Promise<Model | null> {
  try {
    return await tried.load();
  } catch {
    return null;
  }
}

interface Result {
  readonly error: string | null;
  readonly tensors: readonly {shape: readonly number[]; dtype: string; values: ArrayLike<number>}[];
}

async function resultOf(predict: Predict, frame: tf.Tensor[]): Promise<Result> {
  try {
    const given = await predict(frame.length === 1 ? frame[0] : frame);
    const outputs =
      given instanceof tf.Tensor ? [given] : Array.isArray(given) ? given : Object.values(given);
    const tensors = [];
    for (const tensor of outputs)
      tensors.push({shape: tensor.shape, dtype: tensor.dtype, values: (await tensor.data()).slice()});
    tf.dispose(outputs.filter((tensor) => !frame.includes(tensor)));
    return {error: null, tensors};
  } catch (error) {
    return {error: (error as Error).message, tensors: []};
  }
}

async function played(
  model: Model,
  frames: readonly tf.Tensor[][],
  plain: readonly Result[],
  engine: EngineChoice,
  rounding: number,
): Promise<string | null> {
  const reuse = withReuse(model, {policy: 'incremental', engine});
  // There the portable engine has to wait for what it reads.
  const waits = engine === 'tfjs' && tf.getBackend() === 'webgpu';
  const predict: Predict = (x) => (waits ? reuse.predictAsync(x) : reuse.predict(x));
  try {
    for (const [t, frame] of frames.entries()) {
      const fault = compared(await resultOf(predict, frame), plain[t], rounding);
      if (fault) return `${engine}, ${t === 0 ? 'from scratch' : 'after an edit'}: ${fault}`;
    }
    return null;
  } finally {
    reuse.dispose();
  }
}

function compared(actual: Result, expected: Result, rounding: number): string | null {
  if (expected.error !== null)
    return actual.error === null ? `no error where the model says '${short(expected.error)}'` : null;
  if (actual.error !== null) return `'${short(actual.error)}'`;
  for (const [i, wanted] of expected.tensors.entries()) {
    const got = actual.tensors[i];
    const [form, other] = [got, wanted].map(({dtype, shape}) => `${dtype} [${shape.join(', ')}]`);
    if (form !== other) return `is ${form}, expected ${other}`;
    const {error, largest, at} = distance(got.values, wanted.values);
    if (!(error <= TOLERANCE * largest + (CANCELLED + rounding) * LARGEST))
      return `off by ${error.toPrecision(3)} at ${at}: ${got.values[at]}, expected ${wanted.values[at]}`;
  }
  return null;
}

const short = (text: string) => text.split('\n')[0].slice(0, 160);

/** A frame, and the same after an edit of its first pixel, its last one, and one in the middle. */
function framesOf(shapes: readonly (readonly number[])[]): tf.Tensor[][] {
  const first = shapes.map((shape, i) => valuesOf(tf.util.sizeFromShape([...shape]), 5 + i));
  const second = first.map((values, i) => edited(values, shapes[i][shapes[i].length - 1]));
  return [first, second].map((frame) => frame.map((values, i) => tf.tensor(values, [...shapes[i]])));
}

/**
 * Brings a frame to the device of tfjs's webgpu backend, where reuse has it. What a model computes from a small tensor that is not there
 * yet is computed on this side, and some ops give something else here: so a model has two results, and this is one of them.
 */
function settle({dataId}: tf.Tensor): void {
  if (tf.getBackend() !== 'webgpu') return;
  (tf.backend() as unknown as {uploadToGPU(dataId: object): void}).uploadToGPU(dataId);
}

/** The largest magnitude in a frame. */
const LARGEST = 20;

/** Negative and positive, small and large, with zeros of both signs and ties among them. */
function valuesOf(size: number, seed: number): Float32Array {
  return numbers(size, seed).map((value, i) => {
    if (i % 7 === 3) return Math.round(2 * value);
    return i % 13 === 5 ? LARGEST * value : 3 * value;
  });
}

function edited(values: Float32Array, channels: number): Float32Array {
  const changed = values.slice();
  const pixels = values.length / channels;
  for (const pixel of new Set([0, pixels >> 1, pixels - 1])) {
    for (let c = 0; c < channels; c++) changed[pixel * channels + c] = 1.5 - changed[pixel * channels + c];
  }
  return changed;
}
