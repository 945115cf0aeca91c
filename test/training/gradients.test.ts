/**
 * Gradients of recorded frames, over random networks and random clips: every weight's agrees with that of
 * tf.variableGrads of the plain model over the same frames, to 1e-4 of its largest magnitude.
 */
import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse} from '../../src';
import {wasmEngine} from '../../src/engines/wasm/engine';
import {importLayersModel} from '../../src/importers';
import {backends, useBackend, type BackendName} from '../backends';
import {
  applyEdit,
  buildNetwork,
  clip,
  network,
  random,
  type Edit,
  type NetworkSpec,
} from '../properties/networks';
import {sample, scale} from '../scale';

const SAMPLE = sample({short: 2, ci: 12, long: 300});

/** tfjs has no gradients of dilated convolutions. */
const plain = network.map((spec): NetworkSpec => ({
  ...spec,
  layers: spec.layers.map((layer) => ('dilations' in layer ? {...layer, dilations: [1, 1]} : layer)),
}));

function framesOf({input, seed}: NetworkSpec, edits: readonly Edit[]): Float32Array[] {
  // Not a blank frame: where all is alike, rounding decides which of equals is the largest.
  const next = random(seed);
  const frame = Float32Array.from({length: input[0] * input[1] * input[2]}, () => next() * 2 - 1);
  return edits.map((edit) => {
    applyEdit(frame, input, edit);
    return frame.slice();
  });
}

/** A loss that couples frames and knows no symmetry. */
function lossOf(outputs: tf.Tensor, seed: number, factor = 1): tf.Scalar {
  const next = random(seed);
  const weights = tf.tensor(
    Float32Array.from({length: outputs.size}, () => next() - 0.5),
    outputs.shape,
  );
  const each = tf.sum(tf.mul(outputs, weights));
  const mean = tf.mean(outputs, 0);
  return tf.mul(factor, tf.add(each, tf.sum(tf.mul(mean, mean)))) as tf.Scalar;
}

type EngineName = 'wasm' | 'tfjs';
type Gradients = Record<string, Float32Array>;

const read = (grads: tf.NamedTensorMap, factor = 1): Gradients =>
  Object.fromEntries(
    Object.entries(grads).map(([name, tensor]) => [
      name,
      tensor.dataSync<'float32'>().map((value) => value / factor),
    ]),
  );

/**
 * By the plain model, frame by frame: of a batch, tfjs's cpu backend goes back wrongly through nearest upsampling. With a
 * factor that is no power of two, all of it is rounded otherwise.
 */
async function expectedGradients(
  model: LayersModel,
  {input, seed}: NetworkSpec,
  frames: readonly Float32Array[],
  backend: BackendName,
  factor = 1,
): Promise<Gradients> {
  // The wasm backend has no gradients of convolutions.
  await tf.setBackend(backend === 'wasm' ? 'cpu' : backend);
  const grads = tf.tidy(() => {
    const inputs = frames.map((frame) => tf.tensor4d(frame, [1, ...input]));
    const outputs = () => tf.concat(inputs.map((x) => model.apply(x) as tf.Tensor));
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const found = tf.variableGrads(() => lossOf(outputs(), seed, factor), variables).grads;
    return read(found, factor);
  });
  await tf.setBackend(backend);
  return grads;
}

function recordedGradients(
  model: LayersModel,
  {input, seed}: NetworkSpec,
  frames: readonly Float32Array[],
  engine: EngineName,
): Gradients {
  const reuse = withReuse(model, {engine});
  try {
    const episode = reuse.record();
    return tf.tidy(() => {
      frames.forEach((frame) => reuse.predict(tf.tensor4d(frame, [1, ...input])));
      const {value, grads} = episode.valueAndGrads((outputs) => lossOf(outputs as tf.Tensor, seed));
      expect(Number.isFinite(value.dataSync()[0])).toBe(true);
      return read(grads);
    });
  } finally {
    reuse.dispose();
  }
}

const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

const distance = (a: Float32Array, b: Float32Array) => largest(a.map((value, i) => value - b[i]));

/** The weights whose gradient is off by more than 1e-4 of its largest magnitude. */
function disagreements(actual: Gradients, expected: Gradients): string[] {
  const floor = 1e-7 * Math.max(...Object.values(expected).map(largest));
  return Object.entries(expected).flatMap(([name, values]) =>
    distance(values, actual[name]) <= 1e-4 * largest(values) + floor ? [] : [name],
  );
}

/** Where terms all but cancel, the plain model's own float32 says how well the gradient can be known. */
function expectWithinRounding(
  name: string,
  actual: Gradients,
  expected: Gradients,
  others: readonly Gradients[],
): void {
  const off = distance(actual[name], expected[name]);
  const rounding = Math.max(...others.map((other) => distance(other[name], expected[name])));
  if (off <= 4 * rounding) return;
  throw new Error(`${name}: off by ${off} of ${largest(expected[name])}, where rounding makes ${rounding}.`);
}

/**
 * Whether tfjs has gradients, and its own are right. It has none of a layer normalization that lacks its scale or its offset.
 * Its cpu backend divides the gradient of a clipped average by the whole window, and mixes up the sides of a plane that is
 * enlarged bilinearly. TensorFlow's own gradient of an average is another one where the window is larger than the plane; oneDNN's,
 * which long runs do without, is right.
 */
function hasReference({layers}: LayersModel, backend: BackendName): boolean {
  const hasNone = (layer: tfl.layers.Layer) => {
    const {scale, center} = layer.getConfig();
    return layer.getClassName() === 'LayerNormalization' && !(scale && center);
  };
  if (layers.some(hasNone)) return false;
  const clips = (layer: tfl.layers.Layer) =>
    layer.getClassName() === 'AveragePooling2D' && layer.getConfig()['padding'] === 'same';
  const mixesSides = (layer: tfl.layers.Layer) =>
    layer.getClassName() === 'UpSampling2D' && layer.getConfig()['interpolation'] === 'bilinear';
  if (backend !== 'tensorflow') return !layers.some((layer) => clips(layer) || mixesSides(layer));
  return !layers.some((layer) => losesTaps(layer) || (scale === 'long' && clips(layer)));
}

/**
 * On some processors with AVX-512 TensorFlow 2.21 loses taps of the backward pass through a convolution from one channel to
 * one; tfjs's cpu does not.
 */
function losesTaps(layer: tfl.layers.Layer): boolean {
  if (layer.getClassName() !== 'Conv2D') return false;
  const [, , inputs, filters] = layer.weights[0].shape as number[];
  return inputs === 1 && filters === 1;
}

async function check(
  backend: BackendName,
  engine: EngineName,
  spec: NetworkSpec,
  edits: Edit[],
): Promise<void> {
  const model = buildNetwork(spec, backend);
  try {
    // A network of pools and paddings alone has nothing to train.
    fc.pre(model.trainableWeights.length > 0 && hasReference(model, backend));
    fc.pre(
      engine === 'tfjs' ||
        wasmEngine.unsupportedReason(importLayersModel(model, [spec.input]), backend) === null,
    );
    const frames = framesOf(spec, edits);
    const expected = await expectedGradients(model, spec, frames, backend);
    const actual = recordedGradients(model, spec, frames, engine);
    const off = disagreements(actual, expected);
    if (off.length === 0) return;
    const others: Gradients[] = [];
    for (const factor of [3, 5, 7])
      others.push(await expectedGradients(model, spec, frames, backend, factor));
    off.forEach((name) => expectWithinRounding(name, actual, expected, others));
  } finally {
    model.dispose();
  }
}

/** tfjs's wasm backend has no gradients that the portable engine could use. */
const engines = backends.flatMap((backend): [EngineName, BackendName][] =>
  backend === 'wasm'
    ? [['wasm', backend]]
    : [
        ['wasm', backend],
        ['tfjs', backend],
      ],
);

describe.each(engines)('the %s engine beside %s', (engine, backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await useBackend('cpu');
    await useBackend(backend);
  });

  it(`agrees with tf.variableGrads in ${SAMPLE.numRuns} random networks over 20 frames each`, async () => {
    const before = tf.memory().numTensors;
    await fc.assert(
      fc.asyncProperty(plain, clip, (spec, edits) => check(backend, engine, spec, edits)),
      SAMPLE,
    );
    expect(tf.memory().numTensors).toBe(before);
  }, 900_000);
});
