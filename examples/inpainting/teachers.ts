/**
 * Three ways to the same gradient of a lesson: with reuse; in plain tfjs; and by the engine of reuse, but with no reuse
 * anywhere, for where tfjs's own backend cannot train convolutions.
 */
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../src';
import {read, sumOf, type Gradients} from '../reinforce/gradients';
import {trainsConvolutions} from '../reinforce/plain-learner';
import {inpaintingLoss, partOf, type Lesson} from './lesson';
import {CHANNELS} from './painting';

export interface Teacher {
  gradients(lesson: Lesson): Gradients;
  dispose(): void;
}

/** All variants are one episode: forwards and backwards, only what a square's change reaches is computed. */
export class ReuseTeacher implements Teacher {
  private readonly reuse: ReuseModel;

  constructor(model: LayersModel) {
    this.reuse = withReuse(model);
  }

  gradients(lesson: Lesson): Gradients {
    return recorded(this.reuse, lesson);
  }

  dispose(): void {
    this.reuse.dispose();
  }
}

/** Each variant is an episode of its own, which starts from an empty cache. */
export class EngineTeacher implements Teacher {
  private readonly reuse: ReuseModel;

  constructor(model: LayersModel) {
    this.reuse = withReuse(model);
  }

  gradients(lesson: Lesson): Gradients {
    return sumOf(this.oneByOne(lesson));
  }

  dispose(): void {
    this.reuse.dispose();
  }

  private *oneByOne(lesson: Lesson): Generator<Gradients> {
    for (const frame of lesson.frames.keys()) {
      this.reuse.cache.clear();
      yield recorded(this.reuse, partOf(lesson, frame, frame + 1));
    }
  }
}

function recorded(reuse: ReuseModel, lesson: Lesson): Gradients {
  const output = new Float32Array(lesson.picture.values.length);
  const episode = reuse.record();
  try {
    lesson.frames.forEach((frame) => reuse.run(frame, output));
    return read(episode.valueAndGrads((outputs) => inpaintingLoss(outputs as tf.Tensor, lesson)));
  } finally {
    episode.dispose();
  }
}

/** All variants are one batch, as tfjs is fastest. */
export class PlainTeacher implements Teacher {
  private readonly variables: tf.Variable[];

  constructor(private readonly model: LayersModel) {
    this.variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  }

  gradients(lesson: Lesson): Gradients {
    const loss = () => inpaintingLoss(this.model.apply(batchOf(lesson)) as tf.Tensor, lesson);
    return read(tf.tidy(() => tf.variableGrads(loss, this.variables)));
  }

  dispose(): void {
    // The model is the caller's.
  }
}

function batchOf({picture, frames}: Lesson): tf.Tensor {
  const size = frames[0].length;
  const values = new Float32Array(frames.length * size);
  frames.forEach((frame, i) => values.set(frame, i * size));
  return tf.tensor(values, [frames.length, picture.height, picture.width, CHANNELS]);
}

/** What the dense side is: plain tfjs, but where it cannot train convolutions (wasm), or takes seconds a frame (cpu). */
export function denseIs(): 'tfjs' | 'engine' {
  return trainsConvolutions() && tf.getBackend() !== 'cpu' ? 'tfjs' : 'engine';
}
