/**
 * What tests of reports share: models of whole numbers, so that all is computed without rounding, and what the plain model says
 * of each layer. Not a test.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {numbers} from '../importers/helpers';

/** Whole numbers from -2 to 2. */
export const wholes = (count: number, seed: number) =>
  numbers(count, seed).map((value) => Math.round(2 * value) + 0);

export interface Subject {
  readonly model: LayersModel;
  /** The layers that reports tell of, by name, in order. */
  readonly told: readonly string[];
  /** A layer that the model computes itself. */
  readonly own: layers.Layer;
  /** Of its input. Of one alone frames can be recorded. */
  readonly shapes: readonly number[][];
}

/** An image through two convolutions, with a layer between that no engine has. */
export function images(shapes = [[9, 8, 2]]): Subject {
  const x = input({shape: shapes.length > 1 ? [null, null, 2] : shapes[0]});
  const conv = {kernelSize: 3, padding: 'same', activation: 'relu'} as const;
  const first = layers.conv2d({...conv, name: 'first', filters: 3, trainable: false}).apply(x);
  const own = layers.permute({dims: [1, 2, 3], name: 'own'});
  const second = layers.conv2d({...conv, name: 'second', filters: 2, strides: 2}).apply(own.apply(first));
  const most = layers.globalMaxPooling2d({name: 'most'}).apply(second) as SymbolicTensor;
  return {model: modelOf({inputs: x, outputs: most}), told: ['first', 'own', 'second', 'most'], own, shapes};
}

/** Windows of three frames, a convolution over each. */
export function windows(): Subject {
  const shape = [3, 6, 7, 2];
  const x = input({shape});
  const conv = layers.conv2d({filters: 2, kernelSize: 3, activation: 'relu', trainable: false});
  const each = layers.timeDistributed({layer: conv, name: 'each'}).apply(x);
  const own = layers.permute({dims: [1, 2, 3, 4], name: 'own'});
  const model = modelOf({inputs: x, outputs: own.apply(each) as SymbolicTensor});
  return {model, told: ['each', 'own'], own, shapes: [shape]};
}

export function setWholes({model}: Subject, seed: number): void {
  tf.tidy(() => {
    model.weights.forEach((weight, i) => {
      const shape = weight.shape as number[];
      weight.write(tf.tensor(wholes(tf.util.sizeFromShape(shape), seed + 3 * i), shape));
    });
  });
}

/** What each told layer gives for a frame, and its plane. */
export interface Activation {
  readonly values: Float32Array;
  readonly plane: readonly [number, number, number];
}

export class Reference {
  private readonly inside: LayersModel;

  constructor(private readonly subject: Subject) {
    const outputs = subject.told.map((name) => subject.model.getLayer(name).output as SymbolicTensor);
    this.inside = modelOf({inputs: subject.model.inputs, outputs});
  }

  activations({values, shape}: Frame): Activation[] {
    const outputs = tf.tidy(() => this.inside.predict(tf.tensor(values, [1, ...shape])));
    return [outputs].flat().map((tensor) => {
      const [, ...own] = tensor.shape;
      const [channels, width] = [own[own.length - 1], own.length > 1 ? own[own.length - 2] : 1];
      const plane = [tensor.size / width / channels, width, channels] as const;
      const activation = {values: tensor.dataSync().slice() as Float32Array, plane};
      tensor.dispose();
      return activation;
    });
  }

  output({values, shape}: Frame): Float32Array {
    return tf.tidy(() =>
      (this.subject.model.predict(tf.tensor(values, [1, ...shape])) as tf.Tensor).dataSync().slice(),
    ) as Float32Array;
  }
}

export interface Frame {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** The pixels in which two activations differ; all where there is none before. */
export function differing(
  {values, plane: [height, width, channels]}: Activation,
  before: Activation | null,
): number[] {
  return Array.from({length: height * width}, (_, pixel) => {
    const from = pixel * channels;
    const own = values.subarray(from, from + channels);
    return before && own.every((value, c) => value === before.values[from + c]) ? 0 : 1;
  });
}
