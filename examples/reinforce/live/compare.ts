/** The live game, learnt with reuse and without: both from the same seed, so that they ought to do the same. */
import {mean} from '../../atari/figures';
import {trainsConvolutions} from '../plain-learner';
import {train, type Side, type TrainSettings, type Update} from './train';

export interface LiveSettings extends TrainSettings {
  readonly updates: number;
  /** Of these, how many the dense side does too. */
  readonly denseUpdates: number;
}

export interface Curve {
  readonly updates: readonly Omit<Update, 'actions'>[];
  /** Mean rewards of a game, over the first and the last tenth of the updates. */
  readonly firstReward: number;
  readonly lastReward: number;
  /** Means of an update. */
  readonly ms: number;
  readonly bytes: number;
}

export interface LiveFigures {
  readonly reuse: Curve;
  readonly dense: Curve;
  /** What the dense side is: plain tfjs, or the engine of reuse without reuse. */
  readonly denseIs: 'tfjs' | 'engine';
  /** Updates from the first in which both took the same actions throughout. */
  readonly agreed: number;
  /** The largest difference of losses in those updates, relative to the largest loss of them. */
  readonly difference: number;
}

/** Called as it goes on. */
export interface Watch {
  onFrame?(): void;
  /** @param index counted from 0 */
  onUpdate?(side: Side, index: number, update: Update): void;
}

export function compareLive(settings: LiveSettings, watch: Watch = {}): LiveFigures {
  const {updates, denseUpdates} = settings;
  const reuse = take('reuse', settings, updates, watch);
  const dense = take('dense', settings, Math.min(updates, denseUpdates), watch);
  return {
    reuse: curveOf(reuse),
    dense: curveOf(dense),
    denseIs: trainsConvolutions() ? 'tfjs' : 'engine',
    ...agreement(reuse, dense),
  };
}

function take(side: Side, settings: LiveSettings, count: number, {onFrame, onUpdate}: Watch): Update[] {
  const updates: Update[] = [];
  for (const update of train(side, settings, onFrame)) {
    onUpdate?.(side, updates.length, update);
    updates.push(update);
    if (updates.length === count) break;
  }
  return updates;
}

/** How long both sides are the same run. After another action it is another game, and says nothing about gradients. */
export function agreement(
  reuse: readonly Update[],
  dense: readonly Update[],
): Pick<LiveFigures, 'agreed' | 'difference'> {
  const isSame = (update: Update, i: number) =>
    update.actions.every((action, t) => action === reuse[i].actions[t]);
  const firstOther = dense.findIndex((update, i) => !isSame(update, i));
  const agreed = firstOther < 0 ? dense.length : firstOther;
  const losses = dense.slice(0, agreed).map(({loss}) => loss);
  const largest = Math.max(...losses.map(Math.abs));
  const apart = Math.max(...losses.map((loss, i) => Math.abs(loss - reuse[i].loss)));
  return {agreed, difference: agreed === 0 ? NaN : apart / largest};
}

function curveOf(updates: readonly Update[]): Curve {
  const rewards = updates.map(({reward}) => reward);
  const tenth = tenthOf(updates.length);
  return {
    updates: updates.map(({loss, reward, ms, bytes}) => ({loss, reward, ms, bytes})),
    firstReward: mean(rewards.slice(0, tenth)),
    lastReward: mean(rewards.slice(-tenth)),
    ms: mean(updates.map(({ms}) => ms)),
    bytes: mean(updates.map(({bytes}) => bytes)),
  };
}

export function tenthOf(updates: number): number {
  return Math.max(1, Math.floor(updates / 10));
}
