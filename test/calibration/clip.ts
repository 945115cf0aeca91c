/** Camera clips made up: a still background, something that moves, and a sensor's noise. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import {
  layers,
  model as modelOf,
  input,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {numbers, randomize} from '../importers/helpers';

export const HEIGHT = 20;
export const WIDTH = 24;
const CHANNELS = 2;
export const SHAPE = [HEIGHT, WIDTH, CHANNELS] as const;

/** Numbers that are normally distributed, near enough: the sum of twelve that are not. */
export function normals(count: number, seed: number): Float32Array {
  const uniform = numbers(12 * count, seed);
  return Float32Array.from({length: count}, (_, i) =>
    uniform.subarray(12 * i, 12 * (i + 1)).reduce((sum, value) => sum + value / 2, 0),
  );
}

/** Frames of a square that moves to the right, a pixel a frame, and noise of this standard deviation everywhere. */
export function cameraClip(frames: number, noise: number): Float32Array[] {
  const background = numbers(HEIGHT * WIDTH * CHANNELS, 3);
  return Array.from({length: frames}, (_, t) => {
    const added = normals(background.length, 50 + t);
    const frame = background.map((value, i) => value + noise * added[i]);
    for (let y = 4; y < 9; y++) {
      for (let x = 0; x < 5; x++) {
        const at = (y * WIDTH + ((x + t) % WIDTH)) * CHANNELS;
        frame.fill(2, at, at + CHANNELS);
      }
    }
    return frame;
  });
}

/** Every value of every frame is new. */
export function wildClip(frames: number): Float32Array[] {
  return Array.from({length: frames}, (_, t) => numbers(HEIGHT * WIDTH * CHANNELS, 900 + t));
}

const conv = (name: string, filters: number, strides = 1) =>
  layers.conv2d({name, filters, kernelSize: 3, strides, padding: 'same', activation: 'relu'});

/** Convolutions, and a gate from a global pool in their middle, as squeeze-and-excite blocks have it. */
export function cameraModel({gated = false, shape = SHAPE as readonly number[]} = {}): LayersModel {
  const image = input({shape: [...shape], name: 'image'});
  let x = conv('first', 6, 2).apply(image) as SymbolicTensor;
  x = conv('second', 8).apply(x) as SymbolicTensor;
  if (gated) {
    const pooled = layers.globalAveragePooling2d({name: 'squeeze'}).apply(x) as SymbolicTensor;
    const shares = layers
      .dense({name: 'excite', units: 8, activation: 'sigmoid'})
      .apply(pooled) as SymbolicTensor;
    const wide = layers.reshape({name: 'wide', targetShape: [1, 1, 8]}).apply(shares) as SymbolicTensor;
    x = layers.multiply({name: 'gate'}).apply([x, wide]) as SymbolicTensor;
  }
  x = conv('third', 8).apply(x) as SymbolicTensor;
  const last = layers.conv2d({name: 'last', filters: 3, kernelSize: 1}).apply(x) as SymbolicTensor;
  const model = modelOf({inputs: image, outputs: last});
  randomize(model, 5);
  return model;
}

export const tensorOf = (frame: Float32Array) => tf.tensor(frame.slice(), [1, ...SHAPE]);
