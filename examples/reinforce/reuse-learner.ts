/** The policy with reuse: forwards and backwards, only what changed from frame to frame is computed. */
import type * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withReuse, type ReuseModel} from '../../src';
import {read, type Gradients} from './gradients';
import type {Learner} from './learner';
import {policyLoss, type Lesson} from './loss';

type Episode = ReturnType<ReuseModel['record']>;

export class ReuseLearner implements Learner {
  private readonly reuse: ReuseModel;
  private episode: Episode | null = null;

  constructor(model: LayersModel) {
    this.reuse = withReuse(model);
  }

  get bytes(): number {
    return this.episode?.bytes ?? 0;
  }

  act(frame: Float32Array): Float32Array {
    this.episode ??= this.reuse.record();
    return this.reuse.run(frame);
  }

  learn(lesson: Lesson): Gradients {
    if (!this.episode) throw new Error('There is nothing to learn from: no frame was played.');
    const {episode} = this;
    try {
      return read(episode.valueAndGrads((outputs) => policyLoss(outputs as tf.Tensor, lesson)));
    } finally {
      episode.dispose();
      this.episode = null;
    }
  }

  dispose(): void {
    this.episode?.dispose();
    this.reuse.dispose();
  }
}
