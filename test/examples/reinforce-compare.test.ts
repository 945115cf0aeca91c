import * as tf from '@tensorflow/tfjs-core';
import {ready} from '../../src';
import {Mismatch} from '../../examples/atari/check';
import {EngineLearner} from '../../examples/reinforce/engine-learner';
import {distance} from '../../examples/reinforce/gradients';
import type {Learner} from '../../examples/reinforce/learner';
import {agreement, compareLive} from '../../examples/reinforce/live/compare';
import {play} from '../../examples/reinforce/live/play';
import {buildPolicy, train, type Side, type Update} from '../../examples/reinforce/live/train';
import {PlainLearner, trainsConvolutions} from '../../examples/reinforce/plain-learner';
import {compareGame} from '../../examples/reinforce/recorded/compare';
import {ReuseLearner} from '../../examples/reinforce/reuse-learner';
import {backends, useBackend} from '../backends';
import {atScale} from '../scale';
import {recordingOf, spriteScreens} from './recordings';

const live = {plane: {height: 14, width: 12}, games: 2, steps: 15, seed: 1, filters: [2, 3]} as const;
const recorded = {
  filters: [2, 3],
  downsample: 4,
  steps: 10,
  updates: 2,
  seed: 1,
  sample: {engine: 6, plain: 3},
} as const;
const UPDATES = atScale({short: 8, ci: 20, long: 20});
const recording = recordingOf(spriteScreens(40, 84, 64), {height: 84, width: 64});

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    await ready();
  });

  it('all learners act the same and have the same gradient', () => {
    const model = buildPolicy(live);
    const dense: Learner[] = [new EngineLearner(model)];
    if (trainsConvolutions()) dense.push(new PlainLearner(model));
    const reuse = new ReuseLearner(model);
    const played = play(reuse, live, 0);
    expect(reuse.bytes).toBeGreaterThan(0);
    const found = reuse.learn(played.lesson);
    for (const learner of dense) {
      expect(play(learner, live, 0)).toEqual(played);
      const expected = learner.learn(played.lesson);
      expect(distance(found, expected)).toBeLessThan(1e-5);
      expect(found.loss).toBeCloseTo(expected.loss, 5);
      tf.dispose(expected.grads);
      learner.dispose();
    }
    reuse.dispose();
    model.dispose();
    tf.dispose(found.grads);
  });

  it(`a run of ${UPDATES} updates is the same with reuse and without, and leaves no tensor behind`, () => {
    const before = tf.memory().numTensors;
    let frames = 0;
    const seen: Side[] = [];
    const figures = compareLive(
      {...live, updates: UPDATES + 1, denseUpdates: UPDATES},
      {onFrame: () => frames++, onUpdate: (side) => seen.push(side)},
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(frames).toBe((2 * UPDATES + 1) * 2 * 15);
    expect(seen.filter((side) => side === 'dense')).toHaveLength(UPDATES);
    expect(figures).toMatchObject({agreed: UPDATES, denseIs: backend === 'wasm' ? 'engine' : 'tfjs'});
    expect(figures.difference).toBeLessThan(1e-3);
    const {reuse, dense} = figures;
    expect(reuse.updates).toHaveLength(UPDATES + 1);
    expect(dense.updates.map(({reward}) => reward)).toEqual(
      reuse.updates.slice(0, UPDATES).map(({reward}) => reward),
    );
    expect(reuse.bytes).toBeGreaterThan(0);
  });

  it('a recorded game has every figure', () => {
    const before = tf.memory().numTensors;
    let frames = 0;
    const figures = compareGame('Pong', recording, recorded, () => frames++);
    expect(tf.memory().numTensors).toBe(before);
    expect(frames).toBe(20);
    expect(figures).toMatchObject({name: 'Pong', frames: 10, updates: 2, madeUp: 2});
    expect(figures.reuseMs).toBeCloseTo(figures.forwardMs + figures.backwardMs + figures.updateMs);
    expect(figures.denseForwardMs).toBeGreaterThan(0);
    expect(figures.denseBackwardMs).toBeGreaterThan(0);
    expect(figures.changed).toBeGreaterThan(0);
    expect(figures.changed).toBeLessThan(figures.rectangle);
    expect(figures.ideal).toBeGreaterThan(1);
    expect(figures.speedUp).toBeCloseTo(figures.denseMs / figures.reuseMs);
    expect(figures.plainMs === null).toBe(!trainsConvolutions());
    expect(figures.bytes).toBeLessThan(figures.denseBytes);
    expect(figures.difference).toBeLessThan(1e-4);
  });
});

describe('whatever the backend', () => {
  beforeAll(() => useBackend('wasm'));

  it('a gradient that is wrong is named with its game', () => {
    const learn = ReuseLearner.prototype.learn;
    jest.spyOn(ReuseLearner.prototype, 'learn').mockImplementation(function (this: ReuseLearner, lesson) {
      const {loss, grads} = learn.call(this, lesson);
      const wrong = Object.entries(grads).map(([name, tensor]) => [name, tf.mul(tensor, 1.01)]);
      tf.dispose(grads);
      return {loss, grads: Object.fromEntries(wrong) as tf.NamedTensorMap};
    });
    expect(() => compareGame('Pong', recording, recorded)).toThrow(Mismatch);
    expect(() => compareGame('Pong', recording, recorded)).toThrow(/^Pong, frame by frame: /);
    jest.restoreAllMocks();
  });

  it('the policy gets better at the game', () => {
    const rewards: number[] = [];
    for (const {reward} of train('reuse', {...live, games: 16, steps: 20, filters: [4, 6]})) {
      rewards.push(reward);
      if (rewards.length === 60) break;
    }
    const mean = (part: number[]) => part.reduce((sum, reward) => sum + reward, 0) / part.length;
    expect(mean(rewards.slice(-10))).toBeGreaterThan(mean(rewards.slice(0, 10)) + 0.3);
  });

  it('losses are compared for as long as the actions agree', () => {
    const update = (loss: number, ...actions: number[]): Update => ({
      loss,
      actions,
      reward: 0,
      ms: 1,
      bytes: 1,
    });
    const reuse = [update(0.5, 1, 2), update(-2.02, 0, 1), update(9, 1, 1)];
    const dense = [update(0.5, 1, 2), update(-2, 0, 1), update(1, 1, 2)];
    const {agreed, difference} = agreement(reuse, dense);
    expect(agreed).toBe(2);
    expect(difference).toBeCloseTo(0.01);
    expect(agreement(reuse, [update(0.5, 0, 0)])).toEqual({agreed: 0, difference: NaN});
  });
});
