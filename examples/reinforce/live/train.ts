/** A policy that learns to play: some games, their gradient, an update of the weights, and again. */
import {performance} from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {buildNetwork} from '../../atari/network';
import {EngineLearner} from '../engine-learner';
import type {Learner} from '../learner';
import {PlainLearner, trainsConvolutions} from '../plain-learner';
import {ReuseLearner} from '../reuse-learner';
import {ACTIONS} from './catch';
import {play, type PlaySettings} from './play';

export interface TrainSettings extends PlaySettings {
  /** Filters of the two convolutions. */
  readonly filters: readonly [number, number];
}

/** What an update is remembered by. */
export interface Update {
  readonly loss: number;
  /** Of a game, the mean of this update's. */
  readonly reward: number;
  readonly ms: number;
  readonly actions: readonly number[];
  /** Held when the games were over. */
  readonly bytes: number;
}

export type Side = 'reuse' | 'dense';

const LEARNING_RATE = 2e-3;

/** Adam divides by a gradient's usual size; one that is only rounding must not become a step by that. */
const EPSILON = 1e-5;

/** Update after update, for as long as they are asked for. Gives everything back when it is left. */
export function* train(
  side: Side,
  settings: TrainSettings,
  onFrame?: () => void,
): Generator<Update, void, undefined> {
  const model = buildPolicy(settings);
  const learner = learnerFor(side, model);
  const optimizer = tf.train.adam(LEARNING_RATE, 0.9, 0.999, EPSILON);
  try {
    for (let update = 0; ; update++) yield updateOnce(learner, optimizer, settings, update, onFrame);
  } finally {
    learner.dispose();
    optimizer.dispose();
    model.dispose();
  }
}

function updateOnce(
  learner: Learner,
  optimizer: tf.Optimizer,
  settings: PlaySettings,
  update: number,
  onFrame?: () => void,
): Update {
  const start = performance.now();
  const {lesson, reward} = play(learner, settings, update, onFrame);
  const {bytes} = learner;
  const {loss, grads} = learner.learn(lesson);
  optimizer.applyGradients(grads);
  tf.dispose(grads);
  return {loss, reward, bytes, actions: lesson.actions, ms: performance.now() - start};
}

/** The paper's network, with the same weights each time. */
export function buildPolicy({plane, filters}: Pick<TrainSettings, 'plane' | 'filters'>): LayersModel {
  const model = buildNetwork({...plane, filters, actions: ACTIONS});
  // The ground is 0 here, and stays 0 without biases, so that the policy sees the sprites and nothing else at first.
  const weights = model.getWeights().map((weight) => (weight.rank === 1 ? tf.zerosLike(weight) : weight));
  model.setWeights(weights);
  tf.dispose(weights.filter(({rank}) => rank === 1));
  return model;
}

/** Dense is plain tfjs; where its backend cannot train convolutions, the engine of reuse without reuse. */
function learnerFor(side: Side, model: LayersModel): Learner {
  if (side === 'reuse') return new ReuseLearner(model);
  return trainsConvolutions() ? new PlainLearner(model) : new EngineLearner(model);
}
