/** One game, dense against reuse: runs both over the same frames, checks every result, and sums up what was measured. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {Region, withReuse, type ReuseModel, type ReuseOptions} from '../../src';
import {changesBetween, type Changes} from './changes';
import {checkOutput} from './check';
import {mean, median, withRatios, type GameFigures} from './figures';
import type {Game} from './games';
import {affectedMacs} from './macs';
import {buildNetwork, type NetworkSize} from './network';
import {inputPlane, type Downsample} from './preprocess';
import type {Recording} from './recording';
import {reference} from './reference';
import {sampleFrames, stretches} from './sample';
import {takeTurns, WARM_UP, warmUp, type Turn} from './turns';

export interface CompareSettings extends Pick<ReuseOptions, 'engine' | 'policy'> {
  /** Filters of the two convolutions. */
  readonly filters: readonly [number, number];
  readonly downsample: Downsample;
  /** Screens of the recording to run, the first of each stretch among them. */
  readonly steps: number;
}

/**
 * @param game the name that the figures and the errors bear
 * @param onFrame called after each frame
 * @throws Mismatch where a result with reuse is not the model's own
 */
export function compareGame(
  game: Game,
  recording: Recording,
  settings: CompareSettings,
  onFrame?: () => void,
): GameFigures {
  const plane = inputPlane(recording.header, settings.downsample);
  const size = {...plane, filters: settings.filters, actions: recording.header.actionCount};
  const model = buildNetwork(size);
  try {
    const reuse = withReuse(model, {engine: settings.engine, policy: settings.policy});
    try {
      return run({game, recording, settings, size, model, reuse}, onFrame);
    } finally {
      reuse.dispose();
    }
  } finally {
    model.dispose();
  }
}

interface Comparison {
  readonly game: Game;
  readonly recording: Recording;
  readonly settings: CompareSettings;
  readonly size: NetworkSize;
  readonly model: LayersModel;
  readonly reuse: ReuseModel<LayersModel>;
}

function run({game, recording, settings, size, model, reuse}: Comparison, onFrame?: () => void): GameFigures {
  const {downsample, steps} = settings;
  const parts = stretches(recording.header.frames, steps);
  const start = {from: parts[0].from, to: parts[0].from + WARM_UP.reuse};
  warmUp([...sampleFrames(recording, downsample, [start])], size, model, reuse);

  const samples: Sample[] = [];
  let difference = 0;
  let previous: Float32Array | null = null;
  let at = 0;
  for (const turn of takeTurns(sampleFrames(recording, downsample, parts), size, model, reuse)) {
    const {pixels, first} = turn.frame;
    const exactly = () => reference(model, size, pixels);
    const found = checkOutput(turn.reuse.values, turn.dense.values, exactly, `${game}, frame ${at}`);
    difference = Math.max(difference, found);
    // Of a stretch's first frame everything is new: it is checked, but says nothing about reuse.
    if (!first && previous) samples.push(sampleOf(previous, turn, size));
    previous = pixels;
    at++;
    onFrame?.();
  }
  return summarize(game, samples, size, difference);
}

/** What is kept of a frame. */
interface Sample extends Changes {
  readonly recomputed: number;
  readonly path: string;
  readonly denseMs: number;
  readonly reuseMs: number;
}

function sampleOf(previous: Float32Array, {frame, dense, reuse}: Turn, size: NetworkSize): Sample {
  return {
    ...changesBetween(previous, frame.pixels, size),
    recomputed: reuse.report.macs / reuse.report.denseMacs,
    path: reuse.report.path,
    denseMs: dense.ms,
    reuseMs: reuse.ms,
  };
}

function summarize(
  game: Game,
  samples: readonly Sample[],
  size: NetworkSize,
  difference: number,
): GameFigures {
  const all = <K extends keyof Sample>(key: K): Sample[K][] => samples.map((sample) => sample[key]);
  const paths: Record<string, number> = {};
  for (const path of all('path')) paths[path] = (paths[path] ?? 0) + 1;
  return withRatios({
    name: game,
    frames: samples.length,
    changed: mean(all('changed')),
    rectangle: mean(all('rectangle')),
    recomputed: mean(all('recomputed')),
    denseMs: mean(all('denseMs')),
    reuseMs: mean(all('reuseMs')),
    denseMedianMs: median(all('denseMs')),
    reuseMedianMs: median(all('reuseMs')),
    denseMacs: affectedMacs(Region.full(size.height, size.width), size),
    affectedMacs: mean(all('affectedMacs')),
    difference,
    paths,
  });
}
