/** Whether the gradient with reuse is the one that a dense side has, over the first frames of an episode. */
import {performance} from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import {Mismatch} from '../../atari/check';
import {distance, type Gradients} from '../gradients';
import type {Learner} from '../learner';
import {partOf} from '../loss';
import type {Episode} from './episodes';

/** How far a gradient may be off, of its length. */
const TOLERANCE = 1e-3;

export interface Checked {
  /** What the dense side would take for the whole episode. */
  readonly ms: number;
  /** How far the gradient with reuse is from its own, of its length. */
  readonly difference: number;
}

/**
 * @param where names the dense side in the error
 * @throws Mismatch
 */
export function checkAgainst(
  dense: Learner,
  reuse: Learner,
  episode: Episode,
  sample: number,
  where: string,
): Checked {
  const count = Math.min(sample, episode.frames.length);
  const start = performance.now();
  const expected = learnFrom(dense, episode, count);
  // A backend may compute later what nobody has asked for yet.
  Object.values(expected.grads).forEach((gradient) => gradient.dataSync());
  const ms = ((performance.now() - start) * episode.frames.length) / count;
  const found = learnFrom(reuse, episode, count);
  const difference = distance(found, expected);
  tf.dispose([found.grads, expected.grads]);
  // Written so that a NaN, which is within no bound, fails.
  if (difference <= TOLERANCE) return {ms, difference};
  throw new Mismatch(
    `${where}: the gradient with reuse is off by ${difference.toExponential(2)} of its length. Allowed are ${TOLERANCE}.`,
  );
}

/** The gradients over the first frames alone. */
export function learnFrom(learner: Learner, {frames, lesson}: Episode, count: number): Gradients {
  frames.slice(0, count).forEach((frame) => learner.act(frame));
  return learner.learn(partOf(lesson, 0, Math.min(count, frames.length)));
}
