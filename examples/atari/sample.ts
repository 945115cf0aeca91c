/**
 * Which screens of a recording are looked at. A game changes its face over 3,000 screens, so where fewer are asked for,
 * they are stretches of consecutive ones, spread evenly over the recording: always the same ones.
 */
import {preprocessor, type Downsample} from './preprocess';
import type {Recording} from './recording';

/** Screens of a stretch, at most and at least, where there is more than one. */
const LONGEST = 50;
const SHORTEST = 4;

/** As many stretches are taken even where fewer would do: a game may well stand still for one. */
const STRETCHES = 4;

export interface Stretch {
  readonly from: number;
  /** One past the last. */
  readonly to: number;
}

export interface SampledFrame {
  readonly pixels: Float32Array;
  /** Whether a stretch starts here: the frame before it was not the one before it in the game. */
  readonly first: boolean;
}

/** Stretches of `steps` screens together, as long as each other but for one screen; all screens, if there are no more. */
export function stretches(frames: number, steps: number): Stretch[] {
  if (steps >= frames) return [{from: 0, to: frames}];
  const count = Math.max(Math.ceil(steps / LONGEST), Math.min(STRETCHES, Math.floor(steps / SHORTEST)));
  return Array.from({length: count}, (_, i) => {
    const before = Math.floor((i * steps) / count);
    // As much is left out on either side of a stretch, so that a game's still opening counts no more than it should.
    const gaps = Math.floor(((2 * i + 1) * (frames - steps)) / (2 * count));
    const length = Math.floor(((i + 1) * steps) / count) - before;
    return {from: before + gaps, to: before + gaps + length};
  });
}

/** The network's input frames of stretches, which come in order; each frame has an array of its own. */
export function* sampleFrames(
  {header, screens}: Recording,
  downsample: Downsample,
  wanted: readonly Stretch[],
): Generator<SampledFrame, void, undefined> {
  const preprocess = preprocessor(header, downsample);
  const left = [...wanted];
  let at = 0;
  for (const screen of screens()) {
    if (left.length === 0) return;
    if (at >= left[0].from) yield {pixels: preprocess(screen), first: at === left[0].from};
    at++;
    if (at === left[0].to) left.shift();
  }
}
