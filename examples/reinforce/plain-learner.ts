/** The policy as plain tfjs trains it: one frame at a time to act, then `tf.variableGrads` over batches of the frames. */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {read, sumOf, type Gradients} from './gradients';
import type {Learner} from './learner';
import {partOf, policyLoss, type Lesson} from './loss';

/** What a batch's activations may take: tfjs holds them several times over while it goes back. */
const BATCH_BYTES = 2 ** 26;

/** Kernels without which no convolution trains. */
const NEEDED = ['Conv2DBackpropFilter', 'Conv2DBackpropInput'];

/** Whether the backend in use has gradients of convolutions. */
export function trainsConvolutions(): boolean {
  return NEEDED.every((kernel) => tf.getKernel(kernel, tf.getBackend()) !== undefined);
}

export class PlainLearner implements Learner {
  private frames: Float32Array[] = [];
  private readonly most: number;
  private readonly shape: readonly number[];
  private readonly variables: tf.Variable[];

  constructor(private readonly model: LayersModel) {
    this.shape = (model.inputs[0].shape as number[]).slice(1);
    this.variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    this.most = Math.max(1, Math.floor(BATCH_BYTES / bytesOfActivations(model)));
  }

  get bytes(): number {
    return this.frames.reduce((sum, {byteLength}) => sum + byteLength, 0);
  }

  act(frame: Float32Array): Float32Array {
    this.frames.push(frame);
    return tf.tidy(() => {
      const result = this.model.predict(this.stack([frame])) as tf.Tensor;
      return result.dataSync().slice() as Float32Array;
    });
  }

  learn(lesson: Lesson): Gradients {
    const {frames} = this;
    this.frames = [];
    return sumOf(this.batches(frames, lesson));
  }

  dispose(): void {
    this.frames = [];
  }

  private *batches(frames: readonly Float32Array[], lesson: Lesson): Generator<Gradients> {
    for (let from = 0; from < frames.length; from += this.most) {
      const to = Math.min(from + this.most, frames.length);
      const outputs = () => this.model.apply(this.stack(frames.slice(from, to))) as tf.Tensor;
      const loss = () => policyLoss(outputs(), partOf(lesson, from, to));
      yield read(tf.tidy(() => tf.variableGrads(loss, this.variables)));
    }
  }

  private stack(frames: readonly Float32Array[]): tf.Tensor {
    const size = frames[0].length;
    const values = new Float32Array(frames.length * size);
    frames.forEach((frame, i) => values.set(frame, i * size));
    return tf.tensor(values, [frames.length, ...this.shape]);
  }
}

function bytesOfActivations(model: LayersModel): number {
  const sizes = model.layers.map(({outputShape}) =>
    (outputShape as number[]).slice(1).reduce((size, length) => size * length, 1),
  );
  return 4 * sizes.reduce((sum, size) => sum + size, 0);
}
