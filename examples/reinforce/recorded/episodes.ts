/**
 * Episodes out of a recording: stretches of consecutive screens, spread evenly over it, with the actions that were
 * recorded and what they brought. The recorded player chose at random, so that a policy learns from watching; the time
 * that this takes is the same as of learning from its own actions.
 */
import {sampleFrames, type Stretch} from '../../atari/sample';
import type {Downsample} from '../../atari/preprocess';
import type {Recording, RecordingHeader} from '../../atari/recording';
import {normalised, returnsToGo, type Lesson} from '../loss';
import {randomFrom} from '../random';

const DISCOUNT = 0.99;

/** How often a made-up reward comes, where a recording has none. */
const MADE_UP = 0.05;

export interface Episode {
  readonly frames: readonly Float32Array[];
  readonly lesson: Lesson;
  /** Whether the recording brought no reward here, so that seeded ones stand in for it. */
  readonly isMadeUp: boolean;
}

export interface EpisodeSettings {
  readonly downsample: Downsample;
  /** Frames of an episode. */
  readonly steps: number;
  /** Episodes; together they have no more frames than the recording. */
  readonly updates: number;
  readonly seed: number;
}

/** One after another, as they are asked for. */
export function* episodesOf(
  recording: Recording,
  settings: EpisodeSettings,
): Generator<Episode, void, undefined> {
  const places = placesOf(recording.header.frames, settings);
  let frames: Float32Array[] = [];
  let index = 0;
  for (const {pixels} of sampleFrames(recording, settings.downsample, places)) {
    frames.push(pixels);
    if (frames.length < settings.steps) continue;
    yield {frames, ...lessonFor(recording.header, places[index], settings.seed)};
    frames = [];
    index++;
  }
}

function placesOf(frames: number, {steps, updates}: EpisodeSettings): Stretch[] {
  if (steps * updates > frames) {
    throw new Error(`${updates} episodes of ${steps} frames are more than the recording has: ${frames}.`);
  }
  const gap = (frames - steps * updates) / updates;
  return Array.from({length: updates}, (_, i) => {
    const from = Math.floor((i + 0.5) * gap) + i * steps;
    return {from, to: from + steps};
  });
}

function lessonFor(
  {actions, rewards, dones}: RecordingHeader,
  {from, to}: Stretch,
  seed: number,
): Omit<Episode, 'frames'> {
  const recorded = rewards.slice(from, to);
  const isMadeUp = recorded.every((reward) => reward === recorded[0]);
  const random = randomFrom(seed, from);
  const own = isMadeUp ? recorded.map(() => (random() < MADE_UP ? 1 : 0)) : recorded;
  if (isMadeUp) own[own.length >> 1] = 1; // at least one, or there is nothing to learn
  const advantages = normalised(returnsToGo(own, DISCOUNT, dones.slice(from, to)));
  return {lesson: {actions: actions.slice(from, to), advantages, over: to - from}, isMadeUp};
}
