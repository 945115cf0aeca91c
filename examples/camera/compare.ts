/** One clip, dense against reuse: runs both over the same frames, and keeps what was measured and some frames to show. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {agreements, diff, withReuse, type LayerReport, type Region} from '../../src';
import {mean} from '../atari/figures';
import {agreementOf, ofValues} from './agree';
import {summarize, type Figures, type FrameFigures, type LayerFigures} from './figures';
import type {CameraModel, Result} from './models/task';
import type {Picture} from './pictures';
import {gateLevel, reuseOptions, type Settings} from './settings';
import {takeTurns, warmUp, type Turn} from './interleaved';

/** Frames that the report shows. */
const SHOWN = 4;

/** A frame to show: what both sides found, and what changed since the frame before. */
export interface Snapshot {
  readonly frame: number;
  readonly picture: Picture;
  readonly dense: Result;
  readonly reuse: Result;
  readonly changed: Region;
}

export interface Comparison {
  readonly figures: Figures;
  readonly snapshots: readonly Snapshot[];
}

/**
 * @param clip two frames or more, of the task's size
 * @param onFrame called after each frame
 */
export function compare(
  model: GraphModel,
  task: CameraModel,
  clip: readonly Picture[],
  settings: Settings,
  onFrame?: () => void,
): Comparison {
  if (clip.length < 2)
    throw new Error('A clip needs two frames or more: the first is only what the next starts from.');
  const reuse = withReuse(model, reuseOptions(settings, task));
  try {
    const sides = {task, model, reuse};
    warmUp(clip, sides);
    const run = new Run(task, gateLevel(settings, task), shownOf(clip.length));
    for (const turn of takeTurns(clip, sides)) {
      run.add(turn);
      onFrame?.();
    }
    return run.comparison;
  } finally {
    reuse.dispose();
  }
}

/** Spread evenly over the clip, from the middle of the first part on; never its first frame. */
function shownOf(frames: number): Set<number> {
  const count = Math.min(SHOWN, frames - 1);
  return new Set(Array.from({length: count}, (_, i) => 1 + Math.floor(((i + 0.5) * (frames - 1)) / count)));
}

/** What is gathered from frame to frame. */
class Run {
  private readonly frames: FrameFigures[] = [];
  private readonly layers: (readonly LayerReport[])[] = [];
  private readonly snapshots: Snapshot[] = [];
  private readonly agreement: ReturnType<typeof ofValues>;
  private readonly raw = ofValues(agreements.raw());
  private previous: Turn | null = null;
  private at = 0;

  constructor(
    private readonly task: CameraModel,
    private readonly gate: number,
    private readonly shown: ReadonlySet<number>,
  ) {
    this.agreement = ofValues(agreementOf(task));
  }

  get comparison(): Comparison {
    return {figures: summarize(this.frames, layersOf(this.layers)), snapshots: this.snapshots};
  }

  add(turn: Turn): void {
    if (this.previous) this.measure(turn, this.previous);
    this.previous = turn;
    this.at++;
  }

  private measure(turn: Turn, previous: Turn): void {
    const {picture} = turn;
    const {report} = turn.reuse;
    const [dense, reuse] = [turn.dense, turn.reuse].map(({values}) => this.task.decode(values));
    const changed = diff(frameOf(previous.picture), frameOf(picture), this.gate);
    this.frames.push({
      frame: this.at,
      denseMs: turn.dense.ms,
      reuseMs: turn.reuse.ms,
      path: report.path,
      changed: changed.area / (picture.height * picture.width),
      computed: shareOf(report.macs, report.denseMacs),
      affected: shareOf(report.affectedMacs, report.denseMacs),
      distance: 1 - this.raw(turn.reuse.values, turn.dense.values),
      agreement: this.agreement(turn.reuse.values, turn.dense.values),
      steadiness: this.agreement(previous.dense.values, turn.dense.values),
      denseFound: foundIn(dense),
      reuseFound: foundIn(reuse),
    });
    if (report.layers.length > 0) this.layers.push(report.layers);
    if (this.shown.has(this.at)) this.snapshots.push({frame: this.at, picture, dense, reuse, changed});
  }
}

function frameOf({values, height, width}: Picture): {data: Uint8Array; height: number; width: number} {
  return {data: values, height, width};
}

/** A model of which nothing is known as multiply-adds is computed as a whole. */
function shareOf(macs: number, denseMacs: number): number {
  return denseMacs === 0 ? 1 : macs / denseMacs;
}

function foundIn(result: Result): number {
  if (result.kind === 'detections') return result.detections.length;
  if (result.kind === 'poses') return result.poses.length;
  return result.mask.values.filter((value) => value >= 0.5).length;
}

/** Means over frames, of the nodes that have pixels and multiply-adds. */
function layersOf(frames: readonly (readonly LayerReport[])[]): LayerFigures[] {
  const [first] = frames;
  if (!first) return [];
  return first.flatMap(({name, op, pixels, denseMacs}, i) => {
    if (denseMacs === 0 || pixels <= 1) return [];
    const share = (key: 'affected' | 'computed' | 'changed') =>
      mean(frames.map((layers) => layers[i][key])) / pixels;
    return [
      {
        name,
        op,
        affected: share('affected'),
        computed: share('computed'),
        changed: share('changed'),
        denseMacs,
      },
    ];
  });
}
