/** One game, dense against reuse: episodes of recorded frames, each forwards, backwards and into an update of the weights. */
import {performance} from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {changesBetween, type Changes} from '../../atari/changes';
import {mean} from '../../atari/figures';
import type {Game} from '../../atari/games';
import {affectedMacs} from '../../atari/macs';
import {buildNetwork, type NetworkSize} from '../../atari/network';
import {inputPlane} from '../../atari/preprocess';
import type {Recording} from '../../atari/recording';
import {Region, withReuse, type ReuseModel} from '../../../src';
import {EngineLearner} from '../engine-learner';
import {PlainLearner, trainsConvolutions} from '../plain-learner';
import {ReuseLearner} from '../reuse-learner';
import {checkAgainst, learnFrom} from './check';
import {timeDense} from './dense-time';
import {episodesOf, type Episode, type EpisodeSettings} from './episodes';
import {meanOf, withRatios, type GameFigures, type Measured} from './figures';

export interface CompareSettings extends EpisodeSettings {
  /** Filters of the two convolutions. */
  readonly filters: readonly [number, number];
  /** Frames of an episode that a dense side runs, and that gradients are compared over. */
  readonly sample: {readonly engine: number; readonly plain: number};
}

/** Small, because pixels are not scaled: the policy must stay one that sometimes takes each action. */
const LEARNING_RATE = 1e-6;

/** Frames before any count. */
const WARM_UP = 4;

/** All who take part; plain is null where the backend cannot train convolutions. */
interface Sides {
  readonly size: NetworkSize;
  readonly model: LayersModel;
  readonly reuse: ReuseLearner;
  readonly engine: EngineLearner;
  readonly dense: ReuseModel;
  readonly plain: PlainLearner | null;
  readonly optimizer: tf.Optimizer;
}

/**
 * @param game the name that the figures and the errors bear
 * @param onFrame called after each frame with reuse
 * @throws Mismatch where a gradient with reuse is not a dense one
 */
export function compareGame(
  game: Game,
  recording: Recording,
  settings: CompareSettings,
  onFrame?: () => void,
): GameFigures {
  const size = {
    ...inputPlane(recording.header, settings.downsample),
    filters: settings.filters,
    actions: recording.header.actionCount,
  };
  const sides = makeSides(size);
  try {
    const measured: Measured[] = [];
    let madeUp = 0;
    for (const episode of episodesOf(recording, settings)) {
      if (measured.length === 0) warmUp(sides, episode, settings);
      measured.push(measure(game, sides, episode, settings, onFrame));
      if (episode.isMadeUp) madeUp++;
    }
    return withRatios({name: game, updates: measured.length, madeUp, ...meanOf(measured)});
  } finally {
    disposeSides(sides);
  }
}

function makeSides(size: NetworkSize): Sides {
  const model = buildNetwork(size);
  return {
    size,
    model,
    reuse: new ReuseLearner(model),
    engine: new EngineLearner(model),
    dense: withReuse(model, {policy: 'incremental'}),
    plain: trainsConvolutions() ? new PlainLearner(model) : null,
    optimizer: tf.train.adam(LEARNING_RATE),
  };
}

function disposeSides({model, reuse, engine, dense, plain, optimizer}: Sides): void {
  for (const side of [reuse, engine, dense, plain, optimizer, model]) side?.dispose();
}

/** Also of the optimizer, which makes its state with its first update. */
function warmUp({reuse, dense, plain, optimizer}: Sides, episode: Episode, {sample}: CompareSettings): void {
  const {grads} = learnFrom(reuse, episode, WARM_UP);
  optimizer.applyGradients(grads);
  tf.dispose(grads);
  timeDense(dense, episode, WARM_UP);
  if (plain) tf.dispose(learnFrom(plain, episode, sample.plain).grads);
}

function measure(
  game: Game,
  sides: Sides,
  episode: Episode,
  {sample}: CompareSettings,
  onFrame?: () => void,
): Measured {
  const {reuse, engine, dense, plain, size} = sides;
  const onEngine = checkAgainst(engine, reuse, episode, sample.engine, `${game}, frame by frame`);
  const inTfjs = plain && checkAgainst(plain, reuse, episode, sample.plain, `${game}, tf.variableGrads`);
  // Dense on both sides of reuse, so that neither is the one to run while the machine is slow.
  const before = timeDense(dense, episode, sample.engine);
  const times = timeReuse(reuse, episode, onFrame);
  const after = timeDense(dense, episode, sample.engine);
  const updateMs = timeUpdate(sides, times.grads);
  tf.dispose(times.grads);
  return {
    frames: episode.frames.length,
    ...meanChanges(episode.frames, size),
    forwardMs: times.forwardMs,
    backwardMs: times.backwardMs,
    denseForwardMs: mean([before.forwardMs, after.forwardMs]),
    denseBackwardMs: mean([before.backwardMs, after.backwardMs]),
    updateMs,
    plainMs: inTfjs && inTfjs.ms + updateMs,
    denseMacs: affectedMacs(Region.full(size.height, size.width), size),
    bytes: times.bytes,
    denseBytes: after.bytes,
    difference: Math.max(onEngine.difference, inTfjs?.difference ?? 0),
  };
}

function timeReuse(reuse: ReuseLearner, {frames, lesson}: Episode, onFrame?: () => void) {
  const start = performance.now();
  for (const frame of frames) {
    reuse.act(frame);
    onFrame?.();
  }
  const played = performance.now();
  const {bytes} = reuse;
  const {grads} = reuse.learn(lesson);
  return {grads, bytes, forwardMs: played - start, backwardMs: performance.now() - played};
}

function timeUpdate({model, optimizer}: Sides, grads: tf.NamedTensorMap): number {
  const start = performance.now();
  optimizer.applyGradients(grads);
  model.trainableWeights[0].read().dataSync(); // a backend may compute later what nobody has asked for yet
  return performance.now() - start;
}

/** From each frame of an episode to the next. */
function meanChanges(frames: readonly Float32Array[], size: NetworkSize): Changes {
  const all = frames.slice(1).map((frame, t) => changesBetween(frames[t], frame, size));
  const of = (key: keyof Changes) => mean(all.map((one) => one[key]));
  return {changed: of('changed'), rectangle: of('rectangle'), affectedMacs: of('affectedMacs')};
}
