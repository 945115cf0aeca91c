import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // brings the gradients of tfjs's ops
import {distance, sumOf, type Gradients} from '../../examples/reinforce/gradients';
import {normalised, partOf, policyLoss, returnsToGo, type Lesson} from '../../examples/reinforce/loss';
import {episodesOf} from '../../examples/reinforce/recorded/episodes';
import {useBackend} from '../backends';
import {recordingOf} from './recordings';

beforeAll(() => useBackend('cpu'));

describe('returns', () => {
  it('are discounted sums of what comes', () => {
    expect([...returnsToGo([1, 0, 4], 0.5)]).toEqual([2, 2, 4]);
  });

  it('do not go past the end of a game', () => {
    expect([...returnsToGo([0, 1, 0, 8], 0.5, [0, 1, 0, 0])]).toEqual([0.5, 1, 4, 8]);
  });

  it('are normalised to mean 0 and deviation 1', () => {
    expect([...normalised(Float32Array.of(1, 3))]).toEqual([-1, 1]);
    expect([...normalised(Float32Array.of(2, 2, 2))]).toEqual([0, 0, 0]);
  });
});

describe('the loss of a policy', () => {
  const lesson: Lesson = {actions: [1, 0, 1], advantages: Float32Array.of(1, -2, 0.5), over: 3};
  const rows = [
    [0.25, 0.75],
    [0.5, 0.5],
    [0.9, 0.1],
  ];
  const lossOf = (part: number[][], own: Lesson) =>
    tf.tidy(() => policyLoss(tf.tensor2d(part), own).dataSync()[0]);

  it('is the mean of − advantage · log probability of the action', () => {
    const expected = -(Math.log(0.75) - 2 * Math.log(0.5) + 0.5 * Math.log(0.1)) / 3;
    expect(lossOf(rows, lesson)).toBeCloseTo(expected, 5);
  });

  it('is the sum of those of its parts', () => {
    const parts =
      lossOf(rows.slice(0, 1), partOf(lesson, 0, 1)) + lossOf(rows.slice(1), partOf(lesson, 1, 3));
    expect(parts).toBeCloseTo(lossOf(rows, lesson), 6);
  });

  it('makes a good action likelier, and stays finite where it has no probability', () => {
    const good: Lesson = {actions: [0], advantages: Float32Array.of(1), over: 1};
    const slope = tf.tidy(() =>
      tf
        .grad((x) => policyLoss(tf.softmax(x), good))(tf.tensor2d([[0, 0]]))
        .dataSync(),
    );
    expect(slope[0]).toBeLessThan(0);
    expect(slope[1]).toBeGreaterThan(0);
    expect(lossOf([[0, 1]], good)).toBeLessThan(20);
  });
});

describe('gradients', () => {
  const of = (loss: number, ...values: number[]): Gradients => ({loss, grads: {w: tf.tensor1d(values)}});

  it('are added up, and the parts given back', () => {
    const before = tf.memory().numTensors;
    const {loss, grads} = sumOf([of(1, 1, 2), of(2, 3, 4), of(3, 0, 1)]);
    expect(loss).toBe(6);
    expect([...grads['w'].dataSync()]).toEqual([4, 7]);
    expect(tf.memory().numTensors).toBe(before + 1);
    tf.dispose(grads);
  });

  it('are apart relative to the length of the other', () => {
    expect(distance(of(0, 3, 4), of(0, 3, 4))).toBe(0);
    expect(distance(of(0, 3, 4.5), of(0, 3, 4))).toBeCloseTo(0.1);
    expect(distance(of(0, NaN, 4), of(0, 3, 4))).toBeNaN();
  });
});

describe('episodes of a recording', () => {
  const screens = Array.from({length: 40}, (_, t) => Uint8Array.of(t));
  const recording = recordingOf(screens, {height: 1, width: 1});
  const settings = {downsample: 2, steps: 10, updates: 2, seed: 3} as const;
  const firstPixels = (frames: readonly Float32Array[]) => frames.map(([pixel]) => 255 - pixel);

  it('are consecutive screens spread over it, with their actions', () => {
    const episodes = [...episodesOf(recording, settings)];
    expect(episodes.map(({frames}) => firstPixels(frames)[0])).toEqual([5, 25]);
    expect(firstPixels(episodes[1].frames)).toEqual([25, 26, 27, 28, 29, 30, 31, 32, 33, 34]);
    expect(episodes[0].lesson.actions).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((i) => i % 3));
    expect(episodes[0].lesson.over).toBe(10);
  });

  it('say where a reward is made up, the same for the same seed', () => {
    // The only reward of this recording is at screen 2.
    const [whole] = episodesOf(recording, {...settings, steps: 40, updates: 1});
    expect(whole.isMadeUp).toBe(false);
    const [first, second] = episodesOf(recording, settings);
    expect([first.isMadeUp, second.isMadeUp]).toEqual([true, true]);
    expect(Math.max(...first.lesson.advantages)).toBeGreaterThan(0);
    const [again] = episodesOf(recording, settings);
    expect(again.lesson).toEqual(first.lesson);
  });

  it('may not be longer than it, all together', () => {
    expect(() => [...episodesOf(recording, {...settings, updates: 5})]).toThrow(
      'more than the recording has: 40',
    );
  });
});
