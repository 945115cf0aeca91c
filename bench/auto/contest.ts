/**
 * 'auto' beside 'incremental' frame by frame, and beside the model, which is shown a few of each twenty frames.
 * Each side is a stream that goes on from round to round.
 */
import * as tf from '@tensorflow/tfjs-core';
import {median} from '../../examples/atari/figures';
import {withReuse, type ReuseModel, type ReuseOptions} from '../../src';
import {rotated} from '../turn';
import type {Score} from './results';
import type {Stream} from './streams';

/** Frames that are made at once; of these, as many are shown to the model, which takes the same for each. */
const TURN = 20;
const SHOWN_TO_MODEL = 3;

export interface Length {
  readonly rounds: number;
  /** Frames of a round. */
  readonly frames: number;
}

/** Milliseconds of each side over the frames of a round, and what became of 'auto'. */
export interface Round {
  readonly auto: number;
  readonly incremental: number;
  readonly model: number;
  /** Frames that 'auto' left to the model, counted in turns. */
  readonly left: number;
}

interface Sides {
  readonly auto: ReuseModel;
  readonly incremental: ReuseModel;
}

export type EngineChoice = ReuseOptions['engine'];

/** @param skipped frames at the beginning that do not count */
export function compete(
  stream: Stream,
  {rounds, frames}: Length,
  skipped: number,
  engine: EngineChoice,
): Round[] {
  const sides: Sides = {
    auto: withReuse(stream.model, {engine}),
    incremental: withReuse(stream.model, {engine, policy: 'incremental'}),
  };
  try {
    if (skipped > 0) play(stream, sides, 0, skipped);
    return Array.from({length: rounds}, (_, round) => play(stream, sides, skipped + round * frames, frames));
  } finally {
    sides.auto.dispose();
    sides.incremental.dispose();
  }
}

function play(stream: Stream, {auto, incremental}: Sides, from: number, count: number): Round {
  const round = {auto: 0, incremental: 0, model: 0, left: 0};
  for (let at = 0, turn = 0; at < count; at += TURN, turn++) {
    const frames = Math.min(TURN, count - at);
    const inputs = Array.from({length: frames}, (_, i) =>
      tf.tensor4d(stream.frame(from + at + i), [...stream.shape]),
    );
    const shown = inputs.slice(0, SHOWN_TO_MODEL);
    for (const input of shown) round.model += (milliseconds(stream.model, input) * frames) / shown.length;
    // Frame by frame, so that what slows the machine down slows down both; each is the first every other time.
    inputs.forEach((input, i) => {
      const turns = [
        () => (round.auto += milliseconds(auto, input)),
        () => (round.incremental += milliseconds(incremental, input)),
      ];
      rotated(turns, i + turn).forEach((take) => take());
    });
    // A report costs something: the last frame speaks for the turn.
    if (auto.lastFrame?.path === 'dense') round.left += frames;
    tf.dispose(inputs);
  }
  return round;
}

function milliseconds(model: {predict(x: tf.Tensor): unknown}, input: tf.Tensor): number {
  const start = performance.now();
  const output = model.predict(input) as tf.Tensor;
  output.dataSync();
  const ms = performance.now() - start;
  output.dispose();
  return ms;
}

export function scoreOf({name}: Stream, rounds: readonly Round[], frames: number): Score {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick));
  return {
    name,
    auto: of(({auto}) => auto) / frames,
    incremental: of(({incremental}) => incremental) / frames,
    model: of(({model}) => model) / frames,
    ofBetter: of(({auto, incremental, model}) => Math.min(incremental, model) / auto),
    left: of(({left}) => left) / frames,
  };
}
