/** A model over windows of frames, clips for it, and a player that compares what it gives at every window. Not a test. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel, type ReuseOptions} from '../../../../../src';
import {numbers, randomize} from '../../../../importers/helpers';
import {expectClose} from '../../../../promises/helpers';
import {expectSame} from '../../kernels/harness';

export type Layer = layers.Layer;

export const [STEPS, HEIGHT, WIDTH, CHANNELS] = [4, 10, 12, 2];
export const SHAPE = [STEPS, HEIGHT, WIDTH, CHANNELS];
export const SIZE = HEIGHT * WIDTH * CHANNELS;

/** A convolutional trunk, a model of its own. */
export function trunk(): LayersModel {
  const x = input({shape: [HEIGHT, WIDTH, CHANNELS]});
  const conv = {filters: 4, kernelSize: 3, padding: 'same', activation: 'relu'} as const;
  const first = layers.conv2d({...conv, name: 'first'}).apply(x);
  const second = layers.conv2d({...conv, name: 'second'}).apply(first) as SymbolicTensor;
  const sum = layers.add({}).apply([first as SymbolicTensor, second]);
  const pooled = layers.maxPooling2d({poolSize: 2}).apply(sum);
  const vector = layers.flatten().apply(pooled) as SymbolicTensor;
  return modelOf({inputs: x, outputs: layers.dense({units: 5}).apply(vector) as SymbolicTensor});
}

/** The trunk over each frame of a window, and a head over all of them. */
export function windowed(inner: Layer | LayersModel = trunk(), shape = SHAPE): LayersModel {
  const x = input({shape});
  const each = layers.timeDistributed({layer: inner as Layer, name: 'each'}).apply(x);
  const flat = layers.flatten().apply(each);
  const model = modelOf({
    inputs: x,
    outputs: [each, layers.dense({units: 3}).apply(flat)] as SymbolicTensor[],
  });
  randomize(model);
  return model;
}

/** A block that moves over a still ground, a pixel a frame. */
export function clip(frames: number): Float32Array[] {
  const ground = numbers(SIZE, 3);
  return Array.from({length: frames}, (_, t) => {
    const frame = ground.slice();
    for (const y of [3, 4]) for (const x of [t, t + 1]) frame[(y * WIDTH + (x % WIDTH)) * CHANNELS] = 3;
    return frame;
  });
}

export function windowOf(frames: readonly Float32Array[]): Float32Array {
  const window = new Float32Array(frames.length * SIZE);
  frames.forEach((frame, i) => window.set(frame, i * SIZE));
  return window;
}

export const valuesOf = (outputs: unknown): Float32Array[] =>
  (outputs as tf.Tensor[]).map((tensor) => tensor.dataSync().slice() as Float32Array);

export const show = (model: ReuseModel | LayersModel, window: Float32Array, shape = SHAPE): Float32Array[] =>
  tf.tidy(() => valuesOf(model.predict(tf.tensor(window.slice(), [1, ...shape]))));

/** A model with reuse, which is compared with a fresh one and with the model itself at every window. */
export class Player {
  readonly reuse: ReuseModel;
  private readonly fresh: ReuseModel;

  constructor(
    readonly model = windowed(),
    private readonly shape = SHAPE,
    options: ReuseOptions = {},
  ) {
    this.reuse = withReuse(model, {policy: 'incremental', engine: 'wasm', ...options});
    this.fresh = withReuse(model, {policy: 'incremental', engine: 'wasm'});
  }

  /** Shows a window, and compares it with a fresh model alone. */
  replay(window: Float32Array): void {
    const actual = show(this.reuse, window, this.shape);
    this.fresh.reset();
    show(this.fresh, window, this.shape).forEach((expected, i) => expectSame(actual[i], expected));
  }

  /** Shows a window; returns how many of its steps were computed, of one all of whose pixels were as one. */
  play(window: Float32Array, reuse = this.reuse): number {
    const actual = show(reuse, window, this.shape);
    this.fresh.reset();
    show(this.fresh, window, this.shape).forEach((expected, i) => expectSame(actual[i], expected));
    show(this.model, window, this.shape).forEach((expected, i) => expectClose(actual[i], expected));
    return this.computed(reuse);
  }

  computed(reuse = this.reuse): number {
    const {computed, pixels} = reuse.lastFrame!.layers.find(({name}) => name === 'each')!;
    return (this.shape[0] * computed) / pixels;
  }

  dispose(): void {
    this.reuse.dispose();
    this.fresh.dispose();
    this.model.dispose();
  }
}
