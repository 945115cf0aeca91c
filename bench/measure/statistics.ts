/** From a side's times to its figures. Times come as rounds over the same frames. */
import {mean, median} from '../../examples/atari/figures';
import type {Kind} from '../sides/side';

/** Times of counted frames, a list for each round; frame i is the same frame in every round. */
export type Rounds = readonly (readonly number[])[];

/**
 * What a frame takes. Where every frame costs the same, the median of all. Where a frame's cost depends on the frame, the
 * median over rounds of each frame, and the mean of these. Where a frame costs what went before makes it cost, no single
 * frame can be left out: the mean of each round, and the median of these.
 */
export function frameTime(rounds: Rounds, kind: Kind): number {
  if (kind === 'sampled') return median(rounds.flat());
  if (kind === 'adaptive') return median(roundMeans(rounds));
  return mean(rounds[0].map((_, frame) => median(rounds.map((times) => times[frame]))));
}

export function roundMeans(rounds: Rounds): number[] {
  return rounds.map(mean);
}

/** How many times as fast `side` was as `base`, each round by itself, so that what slowed both down does not count. */
export function pairedRatio(base: readonly number[], side: readonly number[]): number {
  return median(base.map((ms, round) => ms / side[round]));
}
