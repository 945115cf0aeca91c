/** Plays games with a policy, one after another, and says what its actions brought. */
import type {Plane} from '../../atari/preprocess';
import type {Learner} from '../learner';
import {normalised, returnsToGo, type Lesson} from '../loss';
import {draw, randomFrom} from '../random';
import {Catch} from './catch';

/** A drop is caught or lost 10 steps after it appears; what happens later is hardly an action's doing. */
const DISCOUNT = 0.95;

export interface PlaySettings {
  readonly plane: Plane;
  /** Games of an update, and steps of a game. */
  readonly games: number;
  readonly steps: number;
  readonly seed: number;
}

export interface Played {
  readonly lesson: Lesson;
  /** Rewards of a game, all together: the mean over games. */
  readonly reward: number;
}

/** The games of an update. The same seed and update make the same games, and the same draws of actions. */
export function play(
  learner: Learner,
  {plane, games, steps, seed}: PlaySettings,
  update: number,
  onFrame?: () => void,
): Played {
  const actions: number[] = [];
  const rewards: number[] = [];
  for (let index = 0; index < games; index++) {
    const game = new Catch(plane, randomFrom(seed, update, index, 1));
    const random = randomFrom(seed, update, index, 2);
    for (let step = 0; step < steps; step++) {
      const action = draw(learner.act(game.frame()), random);
      actions.push(action);
      rewards.push(game.step(action));
      onFrame?.();
    }
  }
  const ends = rewards.map((_, i) => ((i + 1) % steps === 0 ? 1 : 0));
  const advantages = normalised(returnsToGo(rewards, DISCOUNT, ends));
  const reward = rewards.reduce((sum, one) => sum + one, 0) / games;
  return {lesson: {actions, advantages, over: actions.length}, reward};
}
