/** What the turns add up to: the figures that the page shows. */
import type {Turn} from './comparison';

export interface Figures {
  /** Frames that count: all but the first, which reuse computes in full and which has the model compiled. */
  readonly frames: number;
  /** Mean milliseconds of the last frames. */
  readonly denseMs: number;
  readonly reuseMs: number;
  /** Share of a dense frame's multiply-adds that were not done, over all frames. */
  readonly macsSaved: number;
  /** The largest so far, the first frame's as well. */
  readonly difference: number;
}

/** Times that are kept, and drawn. */
const KEPT = 120;

/** Those of them that the means are of. */
const RECENT = 30;

export class Tally {
  private turns = 0;
  private macs = 0;
  private denseMacs = 0;
  private difference = 0;
  /** Milliseconds of the last frames. */
  readonly dense: number[] = [];
  readonly reuse: number[] = [];

  add({dense, reuse, report, difference}: Turn): void {
    this.difference = Math.max(this.difference, difference);
    if (this.turns++ === 0) return;
    this.macs += report.macs;
    this.denseMacs += report.denseMacs;
    push(this.dense, dense.ms);
    push(this.reuse, reuse.ms);
  }

  get figures(): Figures {
    const {turns, macs, denseMacs, difference, dense, reuse} = this;
    const macsSaved = denseMacs === 0 ? 0 : 1 - macs / denseMacs;
    return {
      frames: Math.max(0, turns - 1),
      denseMs: recent(dense),
      reuseMs: recent(reuse),
      macsSaved,
      difference,
    };
  }
}

function push(times: number[], ms: number): void {
  times.push(ms);
  if (times.length > KEPT) times.shift();
}

function recent(times: readonly number[]): number {
  const last = times.slice(-RECENT);
  return last.reduce((sum, ms) => sum + ms, 0) / last.length;
}
