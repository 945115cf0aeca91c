/** Clips for graph models, and what a model with reuse makes of them beside the model itself. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {withReuse, type ReuseModel, type ReuseOptions} from '../../../src';
import type {Graph} from '../../../src/graph';
import {GraphModelImporter} from '../../../src/importers';
import {numbers} from '../helpers';

type DType = 'float32' | 'int32';

/** Inputs of a model, with every side known. */
export interface InputForm {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** The inputs of a model as it says itself. */
export function inputsOf(model: GraphModel): InputForm[] {
  return model.inputs.map(({name, shape, dtype}) => ({name, shape: shape!, dtype: dtype as DType}));
}

/** Frames that change a little: a pixel or two, a block, sometimes nothing. */
export function clipOf({shape, dtype}: InputForm, count: number, seed = 1): tf.TypedArray[] {
  const size = tf.util.sizeFromShape([...shape]);
  const scale = dtype === 'int32' ? 20 : 2;
  const frame = numbers(size, seed).map((value) => scale * value);
  return Array.from({length: count}, (_, t) => {
    const changes = numbers(8, seed + 97 * t);
    if (t % 4 !== 3) {
      for (let i = 0; i < 1 + (t % 3); i++) {
        const at = Math.floor(((changes[2 * i] + 1) / 2) * size) % size;
        frame[at] = scale * changes[2 * i + 1];
      }
    }
    return dtype === 'int32' ? Int32Array.from(frame) : frame.slice();
  });
}

export function framesOf(model: GraphModel, count: number, seed = 1): tf.NamedTensorMap[] {
  const inputs = inputsOf(model);
  const clips = inputs.map((input, i) => clipOf(input, count, seed + 13 * i));
  return Array.from({length: count}, (_, t) =>
    Object.fromEntries(
      inputs.map(({name, shape, dtype}, i) => [name, tf.tensor(clips[i][t], [...shape], dtype)]),
    ),
  );
}

/** Equal in shape, dtype and values, to a part of the largest magnitude. NaN and infinity have to be where they were. */
export function expectEqual(actual: tf.Tensor, expected: tf.Tensor, what: string, tolerance = 1e-5): void {
  const [form, wanted] = [actual, expected].map(({shape, dtype}) => `${dtype} [${shape.join(', ')}]`);
  if (form !== wanted) throw new Error(`${what}: is ${form}, expected ${wanted}`);
  const worst = distance(actual.dataSync(), expected.dataSync());
  if (!(worst.error <= tolerance * worst.largest)) {
    throw new Error(`${what}: off by ${worst.error} at ${worst.at}, largest magnitude ${worst.largest}`);
  }
}

interface Distance {
  readonly error: number;
  readonly largest: number;
  readonly at: number;
}

// Looking up globals is slow in jest's sandbox, and outputs are large.
const {abs} = Math;
const infinite = Infinity;

/** The largest difference; infinite where one value alone is not finite, or not the same. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): Distance {
  let [error, largest, at] = [0, 0, -1];
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i], expected[i]];
    const magnitude = abs(b);
    if (magnitude > largest && magnitude < infinite) largest = magnitude;
    // NaN alone is not itself.
    if (a === b || (a !== a && b !== b)) continue;
    const difference = abs(a - b);
    if (!(difference <= error)) [error, at] = [difference === difference ? difference : infinite, i];
  }
  return {error, largest, at};
}

export function graphOf(model: GraphModel, outputs: readonly string[] = model.outputNodes): Graph {
  return new GraphModelImporter(model).graph(inputsOf(model), outputs);
}

/** What the plan leaves to the model: the labels of its external nodes. */
export function externals({nodes}: Graph): string[] {
  return nodes.flatMap(({op}) => (op.kind === 'external' ? [op.label] : []));
}

/** Plays a clip through a model with reuse, and expects of every frame what the model itself gives. */
export function expectSameClip(
  model: GraphModel,
  options: ReuseOptions,
  {
    frames = 6,
    outputs = model.outputNodes,
    seed = 1,
  }: {frames?: number; outputs?: string[]; seed?: number} = {},
): void {
  const before = tf.memory().numTensors;
  const reuse = withReuse(model, {policy: 'incremental', ...options});
  try {
    tf.tidy(() => {
      framesOf(model, frames, seed).forEach((frame, t) => {
        const expected = [model.execute(frame, outputs)].flat();
        const actual = [reuse.execute(frame, outputs)].flat();
        expected.forEach((tensor, i) => expectEqual(actual[i], tensor, `frame ${t}, output ${outputs[i]}`));
      });
    });
  } finally {
    reuse.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
}

/** A model's own outputs for a frame, from a plan that has seen nothing. */
export function alone(reuse: ReuseModel, frame: tf.NamedTensorMap, outputs: string[]): tf.Tensor[] {
  reuse.reset();
  return [reuse.execute(frame, outputs)].flat();
}
