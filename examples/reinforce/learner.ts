/** Who plays and learns: a policy that acts frame by frame, and has the gradient of those frames afterwards. */
import type {Gradients} from './gradients';
import type {Lesson} from './loss';

export interface Learner {
  /** The probabilities of the actions for the next frame. */
  act(frame: Float32Array): Float32Array;
  /** The gradients over the frames since the last time; the caller disposes them. */
  learn(lesson: Lesson): Gradients;
  /** Bytes held for the frames since the last time. */
  readonly bytes: number;
  dispose(): void;
}
