import * as tf from '@tensorflow/tfjs-core';
import {useBackend} from '../../examples/atari/backend';
import {Mismatch} from '../../examples/atari/check';
import {compareGame, type CompareSettings} from '../../examples/atari/compare';
import {openRecording} from '../../examples/atari/recording';
import {ReuseModel} from '../../src';
import {recordingOf, spriteScreens} from './recordings';

const settings: CompareSettings = {
  filters: [4, 6],
  downsample: 4,
  steps: 30,
  engine: 'auto',
  policy: 'incremental',
};
const recording = recordingOf(spriteScreens(40, 84, 64), {height: 84, width: 64});

beforeAll(() => useBackend('cpu'));
afterEach(() => jest.restoreAllMocks());

describe('comparing a game', () => {
  it('reports every figure, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    let frames = 0;
    const figures = compareGame('Pong', recording, settings, () => frames++);
    expect(tf.memory().numTensors).toBe(before);
    expect(frames).toBe(30);
    expect(figures).toMatchObject({name: 'Pong', frames: 26, paths: {incremental: 26}});
    expect(figures.changed).toBeGreaterThan(0);
    expect(figures.rectangle).toBeGreaterThanOrEqual(figures.changed);
    expect(figures.denseMs).toBeGreaterThan(0);
    expect(figures.reuseMs).toBeGreaterThan(0);
    expect(figures.ideal).toBeGreaterThan(1);
    expect(figures.recomputed).toBeGreaterThan(0);
    expect(figures.recomputed).toBeLessThan(1);
    expect(figures.efficiency).toBeCloseTo(figures.speedUp / figures.ideal);
    expect(figures.difference).toBeLessThan(1e-5);
  });

  it('counts no frame that follows a cut of its own making', () => {
    const many = recordingOf(spriteScreens(120, 84, 64), {height: 84, width: 64});
    const figures = compareGame('Pong', many, {...settings, steps: 100});
    expect(figures.frames).toBe(96);
    expect(figures.paths).toEqual({incremental: 96});
  });

  it.each([2, 4] as const)('finds a real game right at D%d', (downsample) => {
    const figures = compareGame('Breakout', openRecording('Breakout'), {...settings, downsample, steps: 20});
    expect(figures.frames).toBe(16);
    expect(figures.changed).toBeLessThan(0.02);
    expect(figures.ideal).toBeGreaterThan(10);
  });

  it('names game and frame where a result is wrong, and gives back what it took', () => {
    const predict = ReuseModel.prototype.predict;
    let calls = 0;
    // One pixel's worth of error in the 5th frame that counts: 16 frames of warm-up come before it.
    jest.spyOn(ReuseModel.prototype, 'predict').mockImplementation(function (this: ReuseModel, x, options) {
      const result = predict.call(this, x, options) as tf.Tensor;
      if (++calls !== 21) return result;
      const wrong = tf.tidy(() => tf.mul(result, 1.0001));
      result.dispose();
      return wrong;
    });
    const before = tf.memory().numTensors;
    expect(() => compareGame('Pong', recording, settings)).toThrow(Mismatch);
    calls = 0;
    expect(() => compareGame('Pong', recording, settings)).toThrow(/^Pong, frame 4: /);
    expect(tf.memory().numTensors).toBe(before);
  });
});
