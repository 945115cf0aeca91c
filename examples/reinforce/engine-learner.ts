/**
 * The policy computed densely by the engine that reuse runs on: each frame from scratch, forwards and, as an episode of its
 * own, backwards. Not the way to do it fast (`recorded/dense-time.ts` times it better), but with no reuse anywhere.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../src';
import {read, sumOf, type Gradients} from './gradients';
import type {Learner} from './learner';
import {partOf, policyLoss, type Lesson} from './loss';

export class EngineLearner implements Learner {
  private readonly reuse: ReuseModel;
  private frames: Float32Array[] = [];

  constructor(model: LayersModel) {
    this.reuse = withReuse(model, {policy: 'incremental'});
  }

  get bytes(): number {
    return this.frames.reduce((sum, {byteLength}) => sum + byteLength, 0);
  }

  act(frame: Float32Array): Float32Array {
    this.frames.push(frame);
    this.reuse.cache.clear();
    return this.reuse.run(frame);
  }

  learn(lesson: Lesson): Gradients {
    const {frames} = this;
    this.frames = [];
    return sumOf(this.oneByOne(frames, lesson));
  }

  dispose(): void {
    this.reuse.dispose();
  }

  private *oneByOne(frames: readonly Float32Array[], lesson: Lesson): Generator<Gradients> {
    for (const [t, frame] of frames.entries()) {
      this.reuse.cache.clear();
      const episode = this.reuse.record();
      try {
        this.reuse.run(frame);
        const own = partOf(lesson, t, t + 1);
        yield read(episode.valueAndGrads((outputs) => policyLoss(outputs as tf.Tensor, own)));
      } finally {
        episode.dispose();
      }
    }
  }
}
