/** One side's training: its own copy of the network, a way to gradients, an optimizer, and what each update took. */
import {performance} from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Lesson} from './lesson';
import type {Teacher} from './teachers';

export interface Update {
  readonly loss: number;
  readonly ms: number;
}

const LEARNING_RATE = 3e-3;

/** Adam divides by a gradient's usual size; one that is only rounding must not become a step by that. */
const EPSILON = 1e-5;

export class Learner {
  readonly updates: Update[] = [];
  private readonly teacher: Teacher;
  private readonly optimizer: tf.Optimizer = tf.train.adam(LEARNING_RATE, 0.9, 0.999, EPSILON);

  /** @param model becomes the learner's, and is disposed with it */
  constructor(
    readonly model: LayersModel,
    teach: (model: LayersModel) => Teacher,
  ) {
    this.teacher = teach(model);
  }

  /** Timed is what training costs: forwards, backwards, and the update of the weights. */
  learn(lesson: Lesson): void {
    const start = performance.now();
    const {loss, grads} = this.teacher.gradients(lesson);
    this.optimizer.applyGradients(grads);
    tf.dispose(grads);
    this.updates.push({loss, ms: performance.now() - start});
  }

  dispose(): void {
    this.teacher.dispose();
    this.optimizer.dispose();
    this.model.dispose();
  }
}
