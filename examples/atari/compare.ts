/** One game, with reuse and without: runs all sides over the same frames, checks every result, and sums up what was measured. */
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {Region} from '../../src';
import {changesBetween, type Changes} from './changes';
import {checkClose, checkOutput} from './check';
import {openContest, type ContestSettings} from './contest';
import {mean, median, withSpeedUp, type GameFigures} from './figures';
import type {Game} from './games';
import {affectedMacs} from './macs';
import type {NetworkSize} from './network';
import type {Peer} from './peers/open';
import {inputPlane, type Downsample} from './preprocess';
import type {Recording} from './recording';
import {reference} from './reference';
import {sampleFrames, stretches, type SampledFrame} from './sample';
import type {Timed} from './sides/side';
import {takeTurns, WARM_UP, warmUp, type ReuseTimed, type SampledName, type Turn} from './turns';

export interface CompareSettings extends ContestSettings {
  /** Filters of the two convolutions. */
  readonly filters: readonly [number, number];
  readonly downsample: Downsample;
  /** Screens of the recording to run, the first of each stretch among them. */
  readonly steps: number;
}

/**
 * @param game the name that the figures and the errors bear
 * @param peers shown beside tfjs and reuse
 * @param onFrame called after each frame
 * @throws Mismatch where a result is not the model's own
 */
export async function compareGame(
  game: Game,
  recording: Recording,
  settings: CompareSettings,
  peers: readonly Peer[] = [],
  onFrame?: () => void,
): Promise<GameFigures> {
  const {filters, downsample, steps} = settings;
  const plane = inputPlane(recording.header, downsample);
  const size = {...plane, filters, actions: recording.header.actionCount};
  const contest = openContest(size, settings, peers);
  try {
    const parts = stretches(recording.header.frames, steps);
    const start = {from: parts[0].from, to: parts[0].from + WARM_UP.reuse};
    await warmUp([...sampleFrames(recording, downsample, [start])], size, contest);
    const log = new Log(game, size, contest.model);
    for await (const turn of takeTurns(sampleFrames(recording, downsample, parts), size, contest)) {
      log.take(turn);
      turn.frames.forEach(() => onFrame?.());
    }
    return log.figures();
  } finally {
    contest.dispose();
  }
}

/** What is kept of a frame. */
interface Sample extends Changes {
  readonly recomputed: number;
  readonly path: string;
  readonly denseMs: number;
  readonly reuseMs: number;
}

/** Checks results as they come, and keeps what the figures are made of. */
class Log {
  private readonly samples: Sample[] = [];
  private readonly sampledMs: Partial<Record<SampledName, number[]>> = {};
  private difference = 0;
  private previous: Float32Array | null = null;
  private at = 0;

  constructor(
    private readonly game: Game,
    private readonly size: NetworkSize,
    private readonly model: LayersModel,
  ) {}

  take({frames, dense, reuse, sampled}: Turn): void {
    for (const [name, outputs] of sampled) this.takeSampled(name, outputs, dense);
    frames.forEach((frame, i) => this.takeFrame(frame, dense[i], reuse[i]));
  }

  figures(): GameFigures {
    const {game, size, samples, difference} = this;
    const all = <K extends keyof Sample>(key: K): Sample[K][] => samples.map((sample) => sample[key]);
    const paths: Record<string, number> = {};
    for (const path of all('path')) paths[path] = (paths[path] ?? 0) + 1;
    const {full, ...peers} = this.sampledMs;
    return withSpeedUp({
      name: game,
      frames: samples.length,
      changed: mean(all('changed')),
      rectangle: mean(all('rectangle')),
      recomputed: mean(all('recomputed')),
      denseMs: mean(all('denseMs')),
      reuseMs: mean(all('reuseMs')),
      denseMedianMs: median(all('denseMs')),
      reuseMedianMs: median(all('reuseMs')),
      fullMs: mean(full!),
      peerMs: Object.fromEntries(Object.entries(peers).map(([name, ms]) => [name, mean(ms)])),
      denseMacs: affectedMacs(Region.full(size.height, size.width), size),
      affectedMacs: mean(all('affectedMacs')),
      difference,
      paths,
    });
  }

  private takeSampled(name: SampledName, outputs: readonly Timed[], dense: readonly Timed[]): void {
    // The first frame of a turn finds threads asleep and caches cold.
    const ms = outputs.slice(1).map((output) => output.ms);
    (this.sampledMs[name] ??= []).push(...ms);
    outputs.forEach(({values}, i) =>
      checkClose(values, dense[i].values, `${this.game}, ${name}, frame ${this.at + i}`),
    );
  }

  private takeFrame({pixels, first}: SampledFrame, dense: Timed, reuse: ReuseTimed): void {
    const {game, size, model, previous} = this;
    const exactly = () => reference(model, size, pixels);
    const found = checkOutput(reuse.values, dense.values, exactly, `${game}, frame ${this.at}`);
    this.difference = Math.max(this.difference, found);
    // Of a stretch's first frame everything is new: it is checked, but says nothing about reuse.
    if (!first && previous) this.samples.push(sampleOf(previous, pixels, size, dense, reuse));
    this.previous = pixels;
    this.at++;
  }
}

function sampleOf(
  previous: Float32Array,
  pixels: Float32Array,
  size: NetworkSize,
  dense: Timed,
  {ms, report}: ReuseTimed,
): Sample {
  return {
    ...changesBetween(previous, pixels, size),
    recomputed: report.macs / report.denseMacs,
    path: report.path,
    denseMs: dense.ms,
    reuseMs: ms,
  };
}
