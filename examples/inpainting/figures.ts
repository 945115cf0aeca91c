/** What is reported of a run, and how it follows from what was measured. Plain data, as it goes to JSON. */
import {mean, median} from '../atari/figures';
import type {Update} from './learner';

/** One side's training. */
export interface Side {
  readonly updates: readonly Update[];
  /** Median time of the updates that both sides made, without the first where there are more. */
  readonly ms: number;
  /** Mean losses over the first and the last tenth of the updates. */
  readonly firstLoss: number;
  readonly lastLoss: number;
}

export interface Figures {
  readonly reuse: Side;
  readonly dense: Side;
  /** What the dense side is: plain tfjs, or the engine of reuse without reuse. */
  readonly denseIs: 'tfjs' | 'engine';
  /** Times of an update, dense over reuse. */
  readonly speedUp: number;
  /** Multiply-adds of a lesson's forward pass with reuse, a share of those without. */
  readonly recomputed: number;
  /** The largest difference of losses in updates that both made, relative to the largest of these losses. */
  readonly lossDifference: number;
  /** Of the gradients before the first update, relative to their length. */
  readonly gradientDifference: number;
}

export function compared(
  reuse: readonly Update[],
  dense: readonly Update[],
): Pick<Figures, 'reuse' | 'dense' | 'speedUp' | 'lossDifference'> {
  const sides = {reuse: sideOf(reuse, dense.length), dense: sideOf(dense, dense.length)};
  const largest = Math.max(...dense.map(({loss}) => loss));
  const apart = Math.max(...dense.map(({loss}, i) => Math.abs(loss - reuse[i].loss)));
  return {...sides, speedUp: sides.dense.ms / sides.reuse.ms, lossDifference: apart / largest};
}

function sideOf(updates: readonly Update[], both: number): Side {
  const tenth = Math.max(1, Math.floor(updates.length / 10));
  const lossOf = (part: readonly Update[]) => mean(part.map(({loss}) => loss));
  return {
    updates,
    // The first update compiles and takes memory: it says little about the next.
    ms: median(updates.slice(both > 1 ? 1 : 0, both).map(({ms}) => ms)),
    firstLoss: lossOf(updates.slice(0, tenth)),
    lastLoss: lossOf(updates.slice(-tenth)),
  };
}
