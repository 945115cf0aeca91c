/** The frames of a game that are run: stretches of consecutive ones, and what changes from each to the next. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {mean} from '../examples/atari/figures';
import type {Game} from '../examples/atari/games';
import {affectedMacs} from '../examples/atari/macs';
import type {NetworkSize} from '../examples/atari/network';
import {inputPlane} from '../examples/atari/preprocess';
import {parseShipped, type Recording} from '../examples/atari/recording';
import {sampleFrames, stretches} from '../examples/atari/sample';
import {diff, Region} from '../src';
import type {Network} from './networks';
import type {GameResult} from './results';

/** Consecutive frames; the first has nothing before it and does not count. */
export type Frames = readonly Float32Array[];

/** npm runs scripts at the repository's root; a bundled module does not know where its source lay. */
export const ROOT = process.cwd();

export function readRecording(game: Game): Recording {
  const path = join(ROOT, `examples/atari/recordings/${game}.rec.br`);
  try {
    return parseShipped(readFileSync(path));
  } catch (error) {
    throw new Error(`${path} is no recording: ${(error as Error).message}`, {cause: error});
  }
}

export function sizeOf({header}: Recording, {downsample, filters}: Network): NetworkSize {
  return {...inputPlane(header, downsample), filters, actions: header.actionCount};
}

/** `count` frames of the recording, in stretches spread evenly over it. */
export function readStretches(recording: Recording, {downsample}: Network, count: number): Frames[] {
  const all: Float32Array[][] = [];
  for (const {pixels, first} of sampleFrames(
    recording,
    downsample,
    stretches(recording.header.frames, count),
  )) {
    if (first) all.push([]);
    all.at(-1)!.push(pixels);
  }
  return all;
}

/** What reuse has to do at the least. */
export function workOf(
  all: readonly Frames[],
  size: NetworkSize,
): Pick<GameResult, 'frames' | 'changed' | 'denseMacs' | 'affectedMacs'> {
  const {height, width} = size;
  const plane = (data: Float32Array) => ({data, height, width});
  const regions = all.flatMap((frames) =>
    frames.slice(1).map((frame, i) => diff(plane(frames[i]), plane(frame))),
  );
  return {
    frames: regions.length,
    changed: mean(regions.map(({area}) => area / (height * width))),
    denseMacs: affectedMacs(Region.full(height, width), size),
    affectedMacs: mean(regions.map((region) => affectedMacs(region, size))),
  };
}
